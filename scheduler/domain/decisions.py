"""Decisions: what a practitioner chooses when a window has lapsed, and how many sessions a series may have."""

from datetime import date, timedelta

from scheduler.domain.blocked import first_free
from scheduler.domain.protocol import Protocol
from scheduler.domain.refusals import Conflict, RuleBroken
from scheduler.domain.series import Series, SessionState, Surroundings
from scheduler.domain.spacing import blocked_ranges

SEARCH_DAYS = 730
"""How far ahead a decision to continue looks for its first free day."""


def continued_window(series: Series, around: Surroundings, number: int) -> tuple[date, date]:
    """The window that *continue* stores: from the first free day on, as long as the protocol's window is.

    Raises ``RuleBroken`` (``no_free_day``) when holds, closures and other procedures leave none within two years.
    """
    horizon = around.today + timedelta(SEARCH_DAYS)
    opens = first_free(blocked_ranges(series, around, around.today, horizon), around.today, horizon)
    if opens is None:
        raise RuleBroken(
            "No day within two years is free of holds and closures.",
            code="no_free_day",
            remedy="Lift the hold first, or end the series.",
        )
    rule = series.protocol.spacing_before(number)
    return opens, opens + timedelta(rule.max_days - rule.min_days)


def session_count_conflict(protocol: Protocol, sessions: int) -> Conflict | None:
    """Why a series under this protocol cannot have so many sessions, or ``None``."""
    if protocol.min_sessions <= sessions <= protocol.max_sessions:
        return None
    code = "too_few_sessions" if sessions < protocol.min_sessions else "too_many_sessions"
    facts = {"sessions": sessions, "min_sessions": protocol.min_sessions, "max_sessions": protocol.max_sessions}
    bounds = f"{protocol.min_sessions} to {protocol.max_sessions}"
    return Conflict(
        code, f"{protocol.name} takes {bounds} sessions, not {sessions}.", facts, f"Choose {bounds} sessions."
    )


def refuse_omission(series: Series, number: int) -> None:
    """Raise ``RuleBroken`` (``too_few_sessions``) when omitting this session leaves fewer than the minimum."""
    remaining = sum(s.state is not SessionState.OMITTED and s.number != number for s in series.sessions)
    conflict = session_count_conflict(series.protocol, remaining)
    if conflict is not None and conflict.code == "too_few_sessions":
        remedy = "Continue, restart or end the series instead."
        raise RuleBroken(conflict.detail, code=conflict.code, conflicts=[conflict], remedy=remedy, **conflict.facts)
