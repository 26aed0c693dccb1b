"""Decisions: what a practitioner chooses when a window has lapsed, and how many sessions a series may have."""

from datetime import date, timedelta
from uuid import UUID

from scheduler.domain.blocked import first_free
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Protocol
from scheduler.domain.refusals import Conflict, RuleBroken
from scheduler.domain.series import Series, Session, SessionState, Surroundings
from scheduler.domain.spacing import Window, blocked_ranges, windows

SEARCH_DAYS = 730
"""How far ahead a decision to continue looks for its first free day."""


def continued_window(series: Series, around: Surroundings, number: int) -> tuple[date, date]:
    """The window that *continue* stores: from the first free day on, as long as the protocol's window is.

    The search begins today, but never before the lapsed window would have opened: a closure can lapse a window that
    is still to come. Raises ``RuleBroken`` (``session_not_due``, ``no_window``, ``not_lapsed``) when there is nothing
    to decide, and (``no_free_day``) when holds, closures and other procedures leave no day within two years.
    """
    first = max(around.today, lapsed_window(series, around, number).earliest.on)
    horizon = first + timedelta(SEARCH_DAYS)
    opens = first_free(blocked_ranges(series, around, first, horizon), first, horizon)
    if opens is None:
        raise RuleBroken(
            "No day within two years is free of holds and closures.",
            code="no_free_day",
            remedy="Lift the hold first, or end the series.",
        )
    rule = series.protocol.spacing_before(number)
    return opens, opens + timedelta(rule.max_days - rule.min_days)


def lapsed_session(series: Series, around: Surroundings) -> int:
    """The session that waits for a decision: the first without an appointment whose window has lapsed.

    Raises ``RuleBroken`` (``not_lapsed``) when none does.
    """
    found = windows(series, around)
    waiting = (s.number for s in series.sessions if s.open and s.booking is None)
    first = next((number for number in waiting if (window := found[number]) and window.lapsed), None)
    if first is None:
        raise RuleBroken("No window of this series has lapsed.", code="not_lapsed", remedy="Book its next session.")
    return first


def lapsed_window(series: Series, around: Surroundings, number: int) -> Window:
    """The window of a due session that has lapsed. Raises ``RuleBroken`` as ``continued_window`` does."""
    if not series.session(number).open:
        raise RuleBroken(
            Phrase("Session %(number)s is not due.", number=number), code="session_not_due", session=number
        )
    window = windows(series, around)[number]
    if window is None:
        detail = Phrase("Session %(number)s has no window, because an earlier session has no date.", number=number)
        raise RuleBroken(detail, code="no_window", remedy="Decide on the earlier session first.", session=number)
    if window.recommended is not None:
        remedy = Phrase("Book it: %(day)s is free.", day=window.recommended)
        raise RuleBroken(
            Phrase("The window of session %(number)s has not lapsed.", number=number),
            code="not_lapsed",
            remedy=remedy,
            session=number,
        )
    return window


def restarted(series: Series, protocol: Protocol, series_id: UUID, start_on: date) -> Series:
    """The new series that *restart* makes: as many sessions as before, where the protocol's current version allows it.

    Nothing of the old course counts in it. The old series is revoked beside it.
    """
    count = min(max(len(series.sessions), protocol.min_sessions), protocol.max_sessions)
    return Series(
        id=series_id,
        patient_id=series.patient_id,
        clinic_id=series.clinic_id,
        zone=series.zone,
        protocol=protocol,
        sites=series.sites,
        sessions=tuple(Session(number) for number in range(1, count + 1)),
        start_on=start_on,
        addons=series.addons,
    )


def session_count_conflict(protocol: Protocol, sessions: int) -> Conflict | None:
    """Why a series under this protocol cannot have so many sessions, or ``None``."""
    if protocol.min_sessions <= sessions <= protocol.max_sessions:
        return None
    code = "too_few_sessions" if sessions < protocol.min_sessions else "too_many_sessions"
    facts = {"sessions": sessions, "min_sessions": protocol.min_sessions, "max_sessions": protocol.max_sessions}
    bounds = Phrase("%(least)s to %(most)s", least=protocol.min_sessions, most=protocol.max_sessions)
    return Conflict(
        code,
        Phrase(
            "%(protocol)s takes %(bounds)s sessions, not %(sessions)s.",
            protocol=protocol.name,
            bounds=bounds,
            sessions=sessions,
        ),
        facts,
        Phrase("Choose %(bounds)s sessions.", bounds=bounds),
    )


def refuse_omission(series: Series, number: int) -> None:
    """Raise ``RuleBroken`` (``too_few_sessions``) when omitting this session leaves fewer than the minimum."""
    remaining = sum(s.state is not SessionState.OMITTED and s.number != number for s in series.sessions)
    conflict = session_count_conflict(series.protocol, remaining)
    if conflict is not None and conflict.code == "too_few_sessions":
        remedy = "Continue, restart or end the series instead."
        raise RuleBroken(conflict.detail, code=conflict.code, conflicts=[conflict], remedy=remedy, **conflict.facts)


def combination_conflict(first: Protocol, second: Protocol) -> Conflict | None:
    """Why two courses on overlapping sites cannot run at the same time, or ``None``.

    Where they overlap in time, a session of one lies between two of the other. It keeps its own distance from the one
    before, and the one after keeps its own from it, so that longest gap must hold both distances.
    """
    needed = first.spacing.after_other_min_days + second.spacing.after_other_min_days
    longest = max((*_gaps(first), *_gaps(second)), default=needed)
    if needed <= longest:
        return None
    return Conflict(
        "impossible_combination",
        Phrase(
            "%(first)s and %(second)s cannot run at the same time on overlapping sites: a session of one between two "
            "of the other needs a gap of %(needed)s days, the longest allowed is %(longest)s.",
            first=first.name,
            second=second.name,
            needed=needed,
            longest=longest,
        ),
        {"needed_days": needed, "longest_days": longest},
        "Start the second series when the first has ended.",
    )


def _gaps(protocol: Protocol) -> tuple[int, ...]:
    return tuple(protocol.spacing_before(number).max_days for number in range(2, protocol.max_sessions + 1))
