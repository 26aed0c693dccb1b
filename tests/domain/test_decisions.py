"""How many sessions a series may have."""

import pytest

from scheduler.domain.decisions import session_count_conflict
from scheduler.domain.refusals import Conflict
from tests.domain.courses import protocol


@pytest.mark.parametrize("sessions", [3, 4, 6])
def test_three_to_six_sessions_are_accepted(sessions: int) -> None:
    assert session_count_conflict(protocol(), sessions) is None


@pytest.mark.parametrize(("sessions", "code"), [(2, "too_few_sessions"), (7, "too_many_sessions")])
def test_two_and_seven_sessions_are_refused(sessions: int, code: str) -> None:
    assert session_count_conflict(protocol(), sessions) == Conflict(
        code,
        f"Needling takes 3 to 6 sessions, not {sessions}.",
        {"sessions": sessions, "min_sessions": 3, "max_sessions": 6},
        "Choose 3 to 6 sessions.",
    )


def test_the_bounds_are_the_protocols() -> None:
    assert session_count_conflict(protocol(sessions=(6, 8)), 8) is None
    assert session_count_conflict(protocol(sessions=(6, 8)), 5) is not None
