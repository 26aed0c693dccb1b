"""Dating: whether sessions may take the dates that somebody wants to give them, and what is at risk where they stand.

Every path that sets a date comes through here: reception, practitioner, patient, API and replanning.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from scheduler.domain.blocked import BlockedBy, blocking, first_free
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import Override, Series, Session, Surroundings
from scheduler.domain.spacing import ReferenceKind, Window, stands, windows


def date_conflicts(
    proposed: Series, around: Surroundings, numbers: Collection[int], override_reasons: Mapping[int, str] | None = None
) -> tuple[Conflict, ...]:
    """Everything that speaks against the dates of the sessions ``numbers`` in a series as it would be.

    ``proposed`` already carries the wanted bookings. A session after a changed one keeps its date, so its window is
    checked as well. ``override_reasons`` are a practitioner's reasons for dates outside the window, by session.
    """
    found = windows(proposed, around)
    reasons = override_reasons or {}
    own = [
        c
        for n in sorted(numbers)
        for c in _own_conflicts(proposed, around, proposed.session(n), found[n], reasons.get(n))
    ]
    followers = sorted({s.number for n in numbers if (s := _next_dated(proposed, n)) and s.number not in numbers})
    return (*own, *(c for n in followers for c in _follower_conflicts(proposed, proposed.session(n), found[n])))


def _own_conflicts(
    series: Series, around: Surroundings, session: Session, window: Window | None, reason: str | None
) -> Iterator[Conflict]:
    on = session.booking.on if session.booking else None
    if on is None:
        return
    if on < around.today:
        yield Conflict(
            "in_the_past", f"{on.isoformat()} has passed.", _facts(session, on), "Choose today or a later date."
        )
    if window is None:
        yield _no_window(session, on)
        return
    yield from _blocked_conflicts(session, on, window, around)
    yield from _gap_conflicts(series, session, on, window, reason)


def _no_window(session: Session, on: date) -> Conflict:
    detail = f"Session {session.number} has no window yet, because the session before it has no date."
    return Conflict("no_window", detail, _facts(session, on), "Decide on the earlier session or give it a date first.")


def _blocked_conflicts(session: Session, on: date, window: Window, around: Surroundings) -> Iterator[Conflict]:
    for blocked in blocking(window.blocked, on):
        free = first_free(window.blocked, max(on, around.today, window.earliest.on), window.latest.on)
        until = None if blocked.last == date.max else blocked.last.isoformat()
        facts = _facts(session, on) | {"blocked_from": blocked.first.isoformat(), "blocked_to": until}
        if blocked.by is BlockedBy.HOLD:
            facts["hold"] = str(blocked.source_id)
        remedy = (
            f"The next free day in the window is {free.isoformat()}." if free else "No later day in the window is free."
        )
        yield Conflict(blocked.by, blocked.detail, facts, remedy)


def _gap_conflicts(
    series: Series, session: Session, on: date, window: Window, reason: str | None
) -> Iterator[Conflict]:
    standing = session.booking.override if session.booking else None
    if window.earliest.on <= on <= window.latest.on or (standing and stands(standing, on, window, series)):
        return
    floor = series.protocol.spacing_before(session.number).absolute_min_days
    if window.reference_kind is not ReferenceKind.START and reason is not None:
        if (on - window.reference).days < floor:
            gap = (on - window.reference).days
            detail = (
                f"Session {session.number} would be {gap} days after the one before; nobody may go below {floor}."
            )
            yield Conflict(
                "below_absolute_minimum",
                detail,
                _gap_facts(session, on, window) | {"absolute_min_days": floor},
                _within(window),
            )
        return
    yield _outside(session, on, window, "")


def _outside(session: Session, on: date, window: Window, prefix: str) -> Conflict:
    short = on < window.earliest.on
    if window.reference_kind is ReferenceKind.START:
        code = "before_requested_start" if short else "too_long_after_start"
        return Conflict(
            prefix + code,
            f"Session {session.number} on {on.isoformat()}: {_edge(window, short)}",
            _gap_facts(session, on, window),
            _within(window),
        )
    gap = (on - window.reference).days
    where = f"Session {session.number} on {on.isoformat()} would be {gap} days after {window.reference.isoformat()}."
    detail = f"{where} {_edge(window, short)}"
    return Conflict(
        prefix + ("gap_too_short" if short else "gap_too_long"),
        detail,
        _gap_facts(session, on, window),
        _within(window),
    )


def _edge(window: Window, short: bool) -> str:
    return window.earliest.reason if short else window.latest.reason


def _follower_conflicts(series: Series, session: Session, window: Window | None) -> Iterator[Conflict]:
    on = session.dated
    if on is None or window is None:
        return
    standing = session.booking.override if session.booking else None
    if window.earliest.on <= on <= window.latest.on or (standing and stands(standing, on, window, series)):
        return
    yield _outside(session, on, window, "successor_")


def _next_dated(series: Series, number: int) -> Session | None:
    later = (s for s in series.sessions[number:] if s.dated is not None)
    return next(later, None)


def _facts(session: Session, on: date) -> dict[str, object]:
    return {"session": session.number, "date": on.isoformat()}


def _gap_facts(session: Session, on: date, window: Window) -> dict[str, object]:
    span = {"earliest": window.earliest.on.isoformat(), "latest": window.latest.on.isoformat()}
    return _facts(session, on) | {
        "gap_days": (on - window.reference).days,
        "reference": window.reference.isoformat(),
        "window": span,
    }


def _within(window: Window) -> str:
    return f"Any free day from {window.earliest.on.isoformat()} to {window.latest.on.isoformat()} would do."


def risks(series: Series, around: Surroundings) -> dict[int, str | None]:
    """For each session with a live appointment from today on: why it is at risk, or ``None`` where all is well.

    At risk is what stands outside its window without an override that still covers it, stands too near another
    procedure, or has no window because an earlier session has no date.
    """
    found = windows(series, around)
    booked = (s for s in series.sessions if s.open and s.booking and s.booking.on >= around.today)
    return {session.number: _risk(series, session, found[session.number]) for session in booked}


def _risk(series: Series, session: Session, window: Window | None) -> str | None:
    if window is None:
        return "The session before it has no date."
    outside = next(_follower_conflicts(series, session, window), None)
    if outside is not None:
        return outside.detail
    near = (
        b.detail for b in blocking(window.blocked, session.dated or window.aim) if b.by is BlockedBy.OTHER_PROCEDURE
    )
    return next(near, None)


def override_for(window: Window, on: date, reason: str) -> Override | None:
    """The override to store with a date: ``None`` where the date lies in its window and needs none."""
    inside = window.earliest.on <= on <= window.latest.on
    return None if inside else Override(on, window.reference, reason)
