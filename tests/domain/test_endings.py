"""How sessions and series end: omitted, and complete when nothing is due any more."""

import pytest

from scheduler.domain.changes import SeriesStateChanged, SessionChanged
from scheduler.domain.endings import completion, omission
from scheduler.domain.hold_effects import HoldChoice, hold_effects
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import SeriesState, SessionState
from tests.domain.courses import around, booked, course, due, hold, omitted, on, performed
from tests.domain.test_hold_effects import noon

COMPLETED = SeriesStateChanged(SeriesState.ACTIVE, SeriesState.COMPLETED)


def test_a_due_session_can_be_omitted_while_the_minimum_remains() -> None:
    assert omission(course(performed(0), due(), due(), due()), 3) == SessionChanged(
        3, SessionState.DUE, SessionState.OMITTED
    )


def test_an_omission_below_the_minimum_is_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        omission(course(performed(0), due(), due()), 2)
    assert refusal.value.code == "too_few_sessions"


def test_what_has_taken_place_cannot_be_omitted() -> None:
    with pytest.raises(RuleBroken) as refusal:
        omission(course(performed(0), due(), due(), due()), 1)
    assert refusal.value.code == "wrong_state"


def test_a_series_in_which_nothing_is_due_is_complete() -> None:
    assert completion(course(performed(0), performed(35), performed(70), omitted())) == (COMPLETED,)


def test_a_series_in_which_something_is_due_is_not() -> None:
    assert completion(course(performed(0), performed(35), performed(70), due())) == ()


@pytest.mark.parametrize("state", [state for state in SeriesState if state is not SeriesState.ACTIVE])
def test_only_a_running_series_is_completed(state: SeriesState) -> None:
    assert completion(course(performed(0), performed(35), performed(70), state=state)) == ()


def test_omitting_the_last_due_session_for_a_hold_completes_the_series() -> None:
    series = course(performed(0), performed(35), performed(70), booked(105))
    given = hold(100, 110)
    changes = hold_effects(series, around(90, given), given, HoldChoice.OMIT, noon(90))
    assert changes[1:] == (SessionChanged(4, SessionState.DUE, SessionState.OMITTED), COMPLETED)
    assert on(105) == changes[0].on  # type: ignore[union-attr]


def test_deferring_the_last_due_session_leaves_the_series_running() -> None:
    series = course(performed(0), performed(35), performed(70), booked(105))
    given = hold(100, 110)
    changes = hold_effects(series, around(90, given), given, HoldChoice.DEFER, noon(90))
    assert COMPLETED not in changes
