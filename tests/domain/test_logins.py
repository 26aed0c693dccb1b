"""Log-ins: what is asked after the password, and how long they last."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.access import Role
from scheduler.domain.logins import Demand, Proof, Stage, ends_at, is_alive, stage_after_password

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DESK, MANAGER = {Role.RECEPTION}, {Role.RECEPTION, Role.MANAGER}
NONE, SHOWN, NOT_TODAY = Proof(False, False), Proof(True, True), Proof(True, False)


@pytest.mark.parametrize(
    ("roles", "proof", "demand", "stage"),
    [
        (DESK, NONE, Demand.MANAGERS, Stage.OPEN),
        (MANAGER, NONE, Demand.MANAGERS, Stage.ENROLMENT),
        (MANAGER, NONE, Demand.NOBODY, Stage.OPEN),
        (DESK, NONE, Demand.EVERYBODY, Stage.ENROLMENT),
        (DESK, NOT_TODAY, Demand.NOBODY, Stage.CODE),
        (MANAGER, NOT_TODAY, Demand.MANAGERS, Stage.CODE),
        (MANAGER, SHOWN, Demand.EVERYBODY, Stage.OPEN),
    ],
)
def test_who_has_a_second_factor_is_asked_and_who_must_have_one_sets_it_up(
    roles: set[Role], proof: Proof, demand: Demand, stage: Stage
) -> None:
    assert stage_after_password(roles, proof, demand) is stage


def test_a_log_in_ends_after_an_hour_without_use() -> None:
    end = ends_at(Stage.OPEN, NOW)
    assert is_alive(NOW, end, NOW + timedelta(minutes=59, seconds=59))
    assert not is_alive(NOW, end, NOW + timedelta(hours=1))


def test_a_log_in_ends_after_twelve_hours_however_it_is_used() -> None:
    end = ends_at(Stage.OPEN, NOW)
    assert is_alive(end, end, end - timedelta(seconds=1))
    assert not is_alive(end, end, end)


@pytest.mark.parametrize("stage", [Stage.CODE, Stage.ENROLMENT])
def test_one_that_waits_for_its_second_factor_ends_after_ten_minutes(stage: Stage) -> None:
    assert ends_at(stage, NOW) == NOW + timedelta(minutes=10)
