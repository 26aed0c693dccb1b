"""Every state, every action: allowed exactly where the tables below have a state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from scheduler.domain.holds import HoldState
from scheduler.domain.lifecycle import APPOINTMENT, HOLD, SERIES, SESSION, next_state, refuse_late_arrival
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus, SeriesState, SessionState
from tests.domain.courses import iso, on

Allowed = dict[str, dict[str, str]]

SERIES_MAY: Allowed = {
    "draft": {"activate": "active", "revoke": "revoked", "enter_in_error": "entered_in_error"},
    "active": {"complete": "completed", "revoke": "revoked", "enter_in_error": "entered_in_error"},
    "completed": {"correct": "active", "enter_in_error": "entered_in_error"},
    "revoked": {"enter_in_error": "entered_in_error"},
    "entered_in_error": {},
}
SESSION_MAY: Allowed = {
    "due": {"satisfy": "satisfied", "omit": "omitted"},
    "satisfied": {"correct": "due"},
    "omitted": {"correct": "due"},
}
APPOINTMENT_MAY: Allowed = {
    "booked": {
        "arrive": "arrived",
        "performed": "fulfilled",
        "no_show": "noshow",
        "cancel": "cancelled",
        "enter_in_error": "entered_in_error",
    },
    "arrived": {
        "check_in": "checked_in",
        "performed": "fulfilled",
        "no_show": "noshow",
        "cancel": "cancelled",
        "enter_in_error": "entered_in_error",
    },
    "checked_in": {
        "performed": "fulfilled",
        "cancel": "cancelled",
        "enter_in_error": "entered_in_error",
    },
    "fulfilled": {"correct": "entered_in_error", "enter_in_error": "entered_in_error"},
    "noshow": {
        "arrive": "arrived",
        "performed": "fulfilled",
        "enter_in_error": "entered_in_error",
    },
    "cancelled": {"enter_in_error": "entered_in_error"},
    "entered_in_error": {},
}
HOLD_MAY: Allowed = {
    "proposed": {
        "confirm": "active",
        "dismiss": "dismissed",
        "extend": "proposed",
        "enter_in_error": "entered_in_error",
    },
    "active": {"lift": "lifted", "extend": "active", "enter_in_error": "entered_in_error"},
    "dismissed": {"enter_in_error": "entered_in_error"},
    "lifted": {"enter_in_error": "entered_in_error"},
    "entered_in_error": {},
}
MACHINES: tuple[tuple[str, Mapping[Any, Any], type[StrEnum], Allowed], ...] = (
    ("series", SERIES, SeriesState, SERIES_MAY),
    ("session", SESSION, SessionState, SESSION_MAY),
    ("appointment", APPOINTMENT, AppointmentStatus, APPOINTMENT_MAY),
    ("hold", HOLD, HoldState, HOLD_MAY),
)
ACTIONS = sorted({action for *_, allowed in MACHINES for may in allowed.values() for action in may})
EVERY_PAIR = [
    pytest.param(table, states(state), action, allowed[state].get(action), id=f"{name}-{state}-{action}")
    for name, table, states, allowed in MACHINES
    for state in allowed
    for action in ACTIONS
]


@pytest.mark.parametrize(("table", "state", "action", "after"), EVERY_PAIR)
def test_an_action_leads_where_the_table_says_or_is_refused(
    table: Mapping[tuple[StrEnum, str], StrEnum], state: StrEnum, action: str, after: str | None
) -> None:
    if after is not None:
        assert next_state(table, state, action) == after
        return
    with pytest.raises(RuleBroken) as refusal:
        next_state(table, state, action)
    assert (refusal.value.code, refusal.value.facts) == ("wrong_state", {"state": state.value, "action": action})


@pytest.mark.parametrize(("name", "table", "states", "allowed"), MACHINES)
def test_the_tables_have_every_state_and_nothing_more(
    name: str, table: Mapping[tuple[StrEnum, str], StrEnum], states: type[StrEnum], allowed: Allowed
) -> None:
    assert set(allowed) == {state.value for state in states}
    assert {(state.value, action) for state, action in table} == {(s, a) for s, may in allowed.items() for a in may}


def test_a_refusal_says_what_is_possible_instead() -> None:
    with pytest.raises(RuleBroken) as refusal:
        next_state(APPOINTMENT, AppointmentStatus.CHECKED_IN, "no_show")
    assert refusal.value.detail == "“no show” is not possible while it is checked_in."
    assert refusal.value.remedy == "Possible now: cancel, enter_in_error, performed."


def test_what_was_entered_in_error_stays_so() -> None:
    with pytest.raises(RuleBroken) as refusal:
        next_state(SERIES, SeriesState.ENTERED_IN_ERROR, "enter_in_error")
    assert refusal.value.remedy == "Nothing more can be done with it."


def test_a_no_show_may_arrive_on_the_day_itself_only() -> None:
    refuse_late_arrival(AppointmentStatus.NOSHOW, on(5), on(5))
    with pytest.raises(RuleBroken) as refusal:
        refuse_late_arrival(AppointmentStatus.NOSHOW, on(5), on(6))
    assert refusal.value.code == "arrived_too_late"
    assert refusal.value.detail == f"The appointment was on {iso(5)}; a no-show can still arrive that day only."
    assert refusal.value.remedy == "Book a new appointment."
    assert refusal.value.facts == {"date": iso(5)}


def test_the_day_of_any_other_appointment_does_not_matter_here() -> None:
    refuse_late_arrival(AppointmentStatus.BOOKED, on(5), on(6))
