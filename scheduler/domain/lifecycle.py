"""Lifecycle: every state machine is one table ``(state, action) -> state``; anything else is refused.

Undoing is no action of these tables: it takes a deed back by its inverse, whatever the deed was.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from scheduler.domain.holds import HoldState
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus, SeriesState, SessionState

S = TypeVar("S", bound=StrEnum)
Table = Mapping[tuple[S, str], S]


def _into(states: type[S], error: S) -> Table[S]:
    """Whatever it is, it may turn out to be an error; once."""
    return {(state, "enter_in_error"): error for state in states if state is not error}


SERIES: Table[SeriesState] = {
    (SeriesState.DRAFT, "activate"): SeriesState.ACTIVE,
    (SeriesState.ACTIVE, "complete"): SeriesState.COMPLETED,
    (SeriesState.DRAFT, "revoke"): SeriesState.REVOKED,
    (SeriesState.ACTIVE, "revoke"): SeriesState.REVOKED,
    (SeriesState.COMPLETED, "correct"): SeriesState.ACTIVE,
    **_into(SeriesState, SeriesState.ENTERED_IN_ERROR),
}

SESSION: Table[SessionState] = {
    (SessionState.DUE, "satisfy"): SessionState.SATISFIED,
    (SessionState.DUE, "omit"): SessionState.OMITTED,
    (SessionState.SATISFIED, "correct"): SessionState.DUE,
    (SessionState.OMITTED, "correct"): SessionState.DUE,
}

_A = AppointmentStatus
APPOINTMENT: Table[AppointmentStatus] = {
    (_A.BOOKED, "arrive"): _A.ARRIVED,
    (_A.ARRIVED, "check_in"): _A.CHECKED_IN,
    (_A.CHECKED_IN, "performed"): _A.FULFILLED,
    (_A.ARRIVED, "performed"): _A.FULFILLED,
    (_A.BOOKED, "performed"): _A.FULFILLED,
    (_A.NOSHOW, "performed"): _A.FULFILLED,
    (_A.BOOKED, "no_show"): _A.NOSHOW,
    (_A.ARRIVED, "no_show"): _A.NOSHOW,
    (_A.NOSHOW, "arrive"): _A.ARRIVED,
    (_A.BOOKED, "cancel"): _A.CANCELLED,
    (_A.ARRIVED, "cancel"): _A.CANCELLED,
    (_A.CHECKED_IN, "cancel"): _A.CANCELLED,
    (_A.FULFILLED, "correct"): _A.ENTERED_IN_ERROR,
    **_into(AppointmentStatus, AppointmentStatus.ENTERED_IN_ERROR),
}
"""A fact can always be recorded: *performed* leads from every open state, and from a no-show that was wrong."""

HOLD: Table[HoldState] = {
    (HoldState.PROPOSED, "confirm"): HoldState.ACTIVE,
    (HoldState.PROPOSED, "dismiss"): HoldState.DISMISSED,
    (HoldState.ACTIVE, "extend"): HoldState.ACTIVE,
    (HoldState.PROPOSED, "extend"): HoldState.PROPOSED,
    (HoldState.ACTIVE, "lift"): HoldState.LIFTED,
    **_into(HoldState, HoldState.ENTERED_IN_ERROR),
}


def next_state(table: Table[S], state: S, action: str) -> S:
    """The state after an action. Raises ``RuleBroken`` (``wrong_state``) when the table has no such step."""
    try:
        return table[state, action]
    except KeyError:
        allowed = sorted(name for known, name in table if known == state)
        remedy = (
            Phrase("Possible now: %(allowed)s.", allowed=allowed) if allowed else "Nothing more can be done with it."
        )
        word = action.replace("_", " ")
        raise RuleBroken(
            Phrase("“%(word)s” is not possible while it is %(state)s.", word=word, state=state.value),
            code="wrong_state",
            remedy=remedy,
            state=state.value,
            action=action,
        ) from None


def refuse_late_arrival(status: AppointmentStatus, on: date, today: date) -> None:
    """Raise ``RuleBroken`` (``arrived_too_late``) for a no-show of another day: only on the day itself is it undone."""
    if status is AppointmentStatus.NOSHOW and on != today:
        raise RuleBroken(
            Phrase("The appointment was on %(day)s; a no-show can still arrive that day only.", day=on),
            code="arrived_too_late",
            remedy="Book a new appointment.",
            date=on.isoformat(),
        )
