from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from scheduler.domain.availability import free_starts
from scheduler.domain.day_grid import STRIDE, day_grid, days_with_any
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import QualificationRow
from scheduler.storage.supply import Staffing, load_staffing
from tests.support.queries import counted
from tests.support.rows import BERLIN, NOW, Ground

GRID = day_grid(BERLIN, date(2026, 3, 2), 4)
TEN = datetime(2026, 3, 2, 9, tzinfo=UTC)  # ten o'clock in Berlin
EVERYTHING = frozenset(ResourceKind)


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    database = Database(database_url)
    with database.read() as tx:
        yield Ground(tx)
    database.dispose()


def staffing(ground: Ground, *, code: str | None = "glow", device: str | None = "laser", **more: UUID) -> Staffing:
    wanted = {"clinic_id": ground.clinic_id, "patient_id": ground.patient()} | more
    return load_staffing(ground.tx, FreeTime(), qualification=code, device_type=device, grid=GRID, now=NOW, **wanted)


def qualify(ground: Ground, ada: UUID, until: date | None = None, renewal_expected: bool = False) -> None:
    kept = {"protocol_code": "glow", "valid_until": until, "renewal_expected": renewal_expected}
    ground.add(QualificationRow(organisation_id=ground.organisation_id, resource_id=ada, **kept))


def days_worked(found: Staffing, ada: UUID) -> int:
    return days_with_any(GRID, found.supply.practitioners[ada].working)


def test_only_the_qualified_and_devices_of_the_type_are_offered(ground: Ground) -> None:
    ada, bo = (ground.resource(name=name) for name in ("Ada", "Bo"))
    qualify(ground, ada)
    room = ground.resource(ResourceKind.ROOM, "Room 1")
    laser = ground.resource(ResourceKind.DEVICE, "Laser 1", type="laser")
    ground.resource(ResourceKind.DEVICE, "Lamp", type="lamp")
    found = staffing(ground)
    offered = (found.supply.practitioners, found.supply.rooms, found.supply.devices)
    assert [list(kind) for kind in offered] == [[ada], [room], [laser]]
    assert list(found.unqualified) == [bo]


def test_without_a_qualification_everybody_may_and_without_a_type_no_device_is_offered(ground: Ground) -> None:
    ada, bo = (ground.resource(name=name) for name in ("Ada", "Bo"))
    ground.resource(ResourceKind.DEVICE, "Laser 1", type="laser")
    found = staffing(ground, code=None, device=None)
    assert (list(found.supply.practitioners), found.supply.devices, found.unqualified) == ([ada, bo], {}, {})


def test_a_qualification_that_ends_leaves_the_later_days_out(ground: Ground) -> None:
    ada = ground.resource()
    qualify(ground, ada, until=date(2026, 3, 3))
    found = staffing(ground)
    assert days_worked(found, ada) == 0b0011
    assert days_with_any(GRID, found.unqualified[ada].working) == 0b1111


def test_a_qualification_that_has_ended_leaves_every_day_out(ground: Ground) -> None:
    ada = ground.resource()
    qualify(ground, ada, until=date(2026, 2, 20))
    assert days_worked(staffing(ground), ada) == 0


@pytest.mark.parametrize(("until", "renewal"), [(date(2026, 3, 3), True), (date(2026, 3, 5), False), (None, False)])
def test_a_qualification_that_is_to_be_renewed_or_lasts_leaves_nothing_out(
    ground: Ground, until: date | None, renewal: bool
) -> None:
    ada = ground.resource()
    qualify(ground, ada, until, renewal)
    found = staffing(ground)
    assert (days_worked(found, ada), found.unqualified) == (0b1111, {})


def test_resources_are_offered_by_name_and_only_while_in_use(ground: Ground) -> None:
    second, first = (ground.resource(ResourceKind.ROOM, name) for name in ("Room 2", "Room 1"))
    ground.resource(ResourceKind.ROOM, "Room 0", active=False)
    assert list(staffing(ground).supply.rooms) == [first, second]


def test_who_comes_from_another_clinic_is_offered_where_she_works(ground: Ground) -> None:
    elsewhere = ground.clinic()
    ada, bo, cy = (ground.resource(name=name) for name in ("Ada", "Bo", "Cy"))
    for weekday in range(2):
        ground.weekly(ada, weekday, 9, 12, clinic_id=elsewhere)
    ground.single_day(bo, date(2026, 3, 4), 9, 12, clinic_id=elsewhere)
    found = staffing(ground, code=None, clinic_id=elsewhere)
    assert {one: days_worked(found, one) for one in found.supply.practitioners} == {ada: 0b0011, bo: 0b0100}
    assert cy in staffing(ground, code=None).supply.practitioners


def test_nobody_of_another_organisation_is_offered(ground: Ground) -> None:
    ada = ground.resource()
    Ground(ground.tx).resource()
    assert list(staffing(ground, code=None).supply.practitioners) == [ada]


def test_the_masks_answer_where_an_appointment_can_start(ground: Ground) -> None:
    ada, room = ground.resource(), ground.resource(ResourceKind.ROOM, "Room 1")
    patient = ground.patient()
    ground.appointment(ground.patient(), TEN, 60, practitioner_id=ada)
    visit = ground.appointment(patient, TEN + timedelta(hours=2), 60)
    ground.claim(patient, TEN + timedelta(hours=2), 60, appointment_id=visit)
    supply = staffing(ground, code=None, patient_id=patient).supply
    phases = (Phase("treatment", 60, frozenset({ResourceKind.PRACTITIONER, ResourceKind.ROOM}), True),)
    starts = free_starts(GRID, phases, supply).by_practitioner[ada]
    hours = [n / 4 for n in range(96) if starts >> n * 3 & 1]
    assert hours == [9, 11, *(13 + n / 4 for n in range(17))]
    assert starts < 1 << 4 * STRIDE
    assert list(supply.rooms) == [room]


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_resources(ground: Ground, how_many: int) -> None:
    free_time, patient = FreeTime(), ground.patient()
    for n in range(how_many):
        qualify(ground, ground.resource(name=f"Ada {n}"))
        ground.resource(ResourceKind.ROOM, f"Room {n}")
        appointment = ground.appointment(patient, TEN + timedelta(days=n))

    def ask() -> int:
        with counted(ground.tx.get_bind().engine) as sent:
            load_staffing(
                ground.tx,
                free_time,
                clinic_id=ground.clinic_id,
                patient_id=patient,
                qualification="glow",
                device_type="laser",
                grid=GRID,
                now=NOW,
                ignoring=[appointment],
            )
        return len(sent)

    assert (ask(), ask()) == (13, 5)
