"""Appointments that meet an absence or a closure are tasks while both are there."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import AbsenceRow, AppointmentRow, ClosureRow
from tests.support.rows import NOW, Ground

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
NOON = NOW + DAY + 3 * HOUR


def clashes(ground: Ground, **more: UUID) -> list[Task]:
    return list(list_tasks(ground.context(Role.RECEPTION), kinds=[TaskKind.CLASH], **more).items)  # type: ignore[arg-type]


def clashing(ground: Ground) -> list[UUID]:
    return [task.id for task in clashes(ground)]


@pytest.fixture
def ada(ground: Ground) -> UUID:
    return ground.resource(name="Ada")


@pytest.fixture
def visit(ground: Ground, ada: UUID) -> UUID:
    """Tomorrow from noon to one, with Ada."""
    return ground.appointment(ground.patient("Zoë", "+49 30 1"), NOON, practitioner_id=ada)


def test_a_clash_names_patient_phone_and_who_is_away(ground: Ground, ada: UUID, visit: UUID) -> None:
    ground.absence(ada, NOON, NOON + HOUR)
    (found,) = clashes(ground)
    row = ground.tx.get_one(AppointmentRow, visit)
    told = {"clinic_id": ground.clinic_id, "series_id": row.series_id, "session": 1, "appointment_id": visit}
    assert found == Task(
        TaskKind.CLASH, visit, row.patient_id, "Zoë", "+49 30 1", on=NOON.date(), note="Ada is away.", **told
    )


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        (-HOUR, 0 * HOUR, False),
        (-HOUR, SECOND, True),
        (HOUR - SECOND, 2 * HOUR, True),
        (HOUR, 2 * HOUR, False),
        (10 * SECOND, 20 * SECOND, True),
        (-30 * DAY, 30 * DAY, True),
        (-12 * HOUR, -HOUR, False),
    ],
)
def test_one_second_in_common_is_a_clash_and_back_to_back_is_none(
    ground: Ground, ada: UUID, visit: UUID, starts: timedelta, ends: timedelta, clash: bool
) -> None:
    ground.absence(ada, NOON + starts, NOON + ends)
    assert clashing(ground) == ([visit] if clash else [])


def test_the_longest_visit_clashes_with_its_last_second(ground: Ground, ada: UUID) -> None:
    long = ground.appointment(ground.patient(), NOON, minutes=12 * 60, practitioner_id=ada)
    ground.absence(ada, NOON + 12 * HOUR - SECOND, NOON + 12 * HOUR)
    assert clashing(ground) == [long]


def test_a_clash_goes_with_the_absence(ground: Ground, ada: UUID, visit: UUID) -> None:
    absence = ground.absence(ada, NOON, NOON + HOUR)
    assert clashing(ground) == [visit]
    ground.tx.delete(ground.tx.get_one(AbsenceRow, absence))
    ground.tx.flush()
    assert clashing(ground) == []


def test_a_clash_goes_with_the_appointment(ground: Ground, ada: UUID, visit: UUID) -> None:
    ground.absence(ada, NOON, NOON + HOUR)
    row = ground.tx.get_one(AppointmentRow, visit)
    row.status, row.cancel_reason = AppointmentStatus.CANCELLED, "patient"  # type: ignore[assignment]
    ground.tx.flush()
    assert clashing(ground) == []


def test_what_is_over_clashes_no_more(ground: Ground, ada: UUID) -> None:
    ground.appointment(ground.patient(), NOW - 2 * HOUR, practitioner_id=ada)
    ground.appointment(ground.patient(), NOW - HOUR, practitioner_id=ada)
    running = ground.appointment(ground.patient(), NOW, practitioner_id=ada)
    ground.absence(ada, NOW - DAY, NOW + DAY)
    assert clashing(ground) == [running]


def test_a_room_or_device_may_be_away_too_and_one_appointment_is_one_task(ground: Ground, ada: UUID) -> None:
    room = ground.resource(ResourceKind.ROOM, "Blue room")
    visit = ground.appointment(ground.patient(), NOON, practitioner_id=ada, room_id=room)
    for resource in (ada, room, room):
        ground.absence(resource, NOON, NOON + HOUR)
    (found,) = clashes(ground)
    assert (found.id, found.note) == (visit, "Ada is away.")


def test_a_closure_clashes_with_the_visits_of_its_dates(ground: Ground, visit: UUID) -> None:
    ground.appointment(ground.patient(), NOON + DAY)
    closure = ground.closure(NOON.date(), NOON.date())
    (found,) = clashes(ground)
    assert (found.id, found.note) == (visit, "The clinic is closed that day.")
    ground.tx.delete(ground.tx.get_one(ClosureRow, closure))
    ground.tx.flush()
    assert clashing(ground) == []


def test_the_next_clash_comes_first_and_pages_follow(ground: Ground, ada: UUID) -> None:
    made = [ground.appointment(ground.patient(), NOON + days * DAY, practitioner_id=ada) for days in (2, 0, 1)]
    ground.absence(ada, NOW, NOW + 9 * DAY)
    read, after = [], None
    for _ in range(3):
        page = list_tasks(ground.context(Role.RECEPTION), kinds=[TaskKind.CLASH], limit=1, after=after)
        read += [task.id for task in page.items]
        after = None if page.last is None else int(page.last)
    assert (read, after) == ([made[1], made[2], made[0]], None)


def test_another_clinic_or_organisation_has_no_part_in_it(ground: Ground, ada: UUID, visit: UUID) -> None:
    ground.absence(ada, NOON, NOON + HOUR)
    assert clashes(ground, clinic_id=ground.clinic()) == []
    assert clashes(Ground(ground.tx)) == []
