"""A session that will not take place, and a series that has nothing left to do."""

import pytest

from scheduler.domain.changes import SeriesStateChanged, SessionChanged
from scheduler.domain.endings import completion, omission
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import SeriesState, SessionState
from tests.domain.courses import course, due, omitted, performed


def test_an_omission_changes_a_due_session() -> None:
    series = course(performed(0), due(), due(), due())
    assert omission(series, 3) == SessionChanged(3, SessionState.DUE, SessionState.OMITTED)


@pytest.mark.parametrize("number", [1, 2])
def test_only_a_due_session_is_omitted(number: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        omission(course(performed(0), omitted(), due(), due(), due()), number)
    assert refusal.value.code == "wrong_state"


def test_an_omission_leaves_the_minimum() -> None:
    with pytest.raises(RuleBroken) as refusal:
        omission(course(performed(0), due(), due()), 3)
    assert refusal.value.code == "too_few_sessions"


def test_a_series_in_which_nothing_is_due_is_complete() -> None:
    done = course(performed(0), omitted(), performed(70), performed(105))
    assert completion(done) == (SeriesStateChanged(SeriesState.ACTIVE, SeriesState.COMPLETED),)
    assert completion(course(performed(0), performed(35), due())) == ()


@pytest.mark.parametrize("state", sorted(set(SeriesState) - {SeriesState.ACTIVE}))
def test_only_a_running_series_completes(state: SeriesState) -> None:
    assert completion(course(performed(0), performed(35), performed(70), state=state)) == ()
