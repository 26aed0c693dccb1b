from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from scheduler.domain.availability import Diary
from scheduler.domain.day_grid import DayGrid, day_grid
from scheduler.domain.protocol import ResourceKind
from scheduler.storage.busy_time import LONGEST_CLAIM, Overlay, load_overlay
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime, patient_busy
from scheduler.storage.rows import ClinicRow, ResourceRow
from tests.support.queries import counted
from tests.support.rows import BERLIN, NOW, Ground

GRID = day_grid(BERLIN, date(2026, 3, 2), 10)
TEN = datetime(2026, 3, 2, 9, tzinfo=UTC)  # ten o'clock in Berlin


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def ground(database: Database) -> Iterator[Ground]:
    with database.read() as tx:
        yield Ground(tx)


def ask(
    free_time: FreeTime,
    ground: Ground,
    *ids: UUID,
    grid: DayGrid = GRID,
    now: datetime = NOW,
    ignoring: Collection[UUID] = (),
) -> dict[UUID, Diary]:
    overlay = load_overlay(ground.tx, ground.clinic_id, now, ignoring)
    return free_time.diaries(ground.tx, ground.clinic_id, ids, grid, overlay)


def free_hours(diary: Diary, day: int = 0, grid: DayGrid = GRID) -> list[str]:
    """The free stretches of a day as the clinic's clock shows them."""
    free = [grid.instant(day, cell) for cell in range(grid.cells(day)) if diary.free >> day * 336 + cell & 1]
    told: list[str] = []
    for at in free:
        if at - timedelta(minutes=5) not in free:
            told.append(f"{at + timedelta(hours=1):%H:%M}-")
        if at + timedelta(minutes=5) not in free:
            told[-1] += f"{at + timedelta(hours=1, minutes=5):%H:%M}"
    return told


def moved_on(ground: Ground, resource_id: UUID, column: str) -> None:
    after = {column: getattr(ResourceRow, column) + 1}
    ground.tx.execute(update(ResourceRow).where(ResourceRow.id == resource_id).values(after))


def test_a_diary_has_working_time_without_claims(ground: Ground) -> None:
    ada = ground.resource()
    ground.appointment(ground.patient(), TEN, 45, practitioner_id=ada)
    assert free_hours(ask(FreeTime(), ground, ada)[ada]) == ["09:00-10:00", "10:45-18:00"]


def test_a_claim_that_began_the_day_before_counts(ground: Ground) -> None:
    ada = ground.resource()
    night = datetime(2026, 3, 1, 22, tzinfo=UTC)
    ground.appointment(ground.patient(), night, int(LONGEST_CLAIM.total_seconds()) // 60 - 30, practitioner_id=ada)
    assert free_hours(ask(FreeTime(), ground, ada)[ada]) == ["10:30-18:00"]


def test_a_mask_stays_until_its_revision_moves_on(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    ask(free_time, ground, ada)
    ground.appointment(ground.patient(), TEN, 45, practitioner_id=ada)
    assert free_hours(ask(free_time, ground, ada)[ada]) == ["09:00-18:00"]
    moved_on(ground, ada, "busy_revision")
    assert free_hours(ask(free_time, ground, ada)[ada]) == ["09:00-10:00", "10:45-18:00"]


def test_an_absence_shows_once_the_resource_has_moved_on(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    ask(free_time, ground, ada)
    ground.absence(ada, TEN, TEN + timedelta(hours=2))
    moved_on(ground, ada, "revision")
    assert free_hours(ask(free_time, ground, ada)[ada]) == ["09:00-10:00", "12:00-18:00"]


def test_a_closure_shows_once_the_clinic_has_moved_on(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    ask(free_time, ground, ada)
    ground.closure(date(2026, 3, 2), date(2026, 3, 2))
    ground.tx.execute(update(ClinicRow).values(revision=ClinicRow.revision + 1))
    assert free_hours(ask(free_time, ground, ada)[ada]) == []


def test_a_keep_counts_until_it_runs_out_though_nothing_is_written(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    keep = ground.keep(ground.patient(), NOW + timedelta(minutes=10))
    ground.claim(ada, TEN, 60, keep_id=keep)
    during, after = NOW + timedelta(minutes=9), NOW + timedelta(minutes=10)
    assert free_hours(ask(free_time, ground, ada, now=during)[ada]) == ["09:00-10:00", "11:00-18:00"]
    assert free_hours(ask(free_time, ground, ada, now=after)[ada]) == ["09:00-18:00"]


def test_a_keep_at_another_clinic_counts(ground: Ground) -> None:
    ada = ground.resource()
    keep = ground.keep(ground.patient(), NOW + timedelta(minutes=10), clinic_id=ground.clinic())
    ground.claim(ada, TEN, 60, keep_id=keep)
    assert free_hours(ask(FreeTime(), ground, ada)[ada]) == ["09:00-10:00", "11:00-18:00"]


def test_what_is_ignored_is_free_again(ground: Ground) -> None:
    ada, patient = ground.resource(), ground.patient()
    appointment = ground.appointment(patient, TEN, 45, practitioner_id=ada)
    ground.appointment(patient, TEN + timedelta(hours=2), 60, practitioner_id=ada)
    keep = ground.keep(patient, NOW + timedelta(minutes=10))
    ground.claim(ada, TEN + timedelta(hours=4), 60, keep_id=keep)
    found = ask(FreeTime(), ground, ada, ignoring=[appointment, keep])[ada]
    assert free_hours(found) == ["09:00-12:00", "13:00-18:00"]


def test_a_cell_that_a_neighbour_has_too_is_not_given_back(ground: Ground) -> None:
    ada = ground.resource()
    appointment = ground.appointment(ground.patient(), TEN, 42, practitioner_id=ada)
    ground.appointment(ground.patient(), TEN + timedelta(minutes=42), 18, practitioner_id=ada)
    found = ask(FreeTime(), ground, ada, ignoring=[appointment])[ada]
    assert free_hours(found) == ["09:00-10:40", "11:00-18:00"]


def test_a_later_horizon_is_cut_from_the_same_masks(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    ground.appointment(ground.patient(), TEN + timedelta(days=3), 60, practitioner_id=ada)
    ask(free_time, ground, ada)
    later = day_grid(BERLIN, date(2026, 3, 4), 4)
    with counted(ground.tx.get_bind().engine) as sent:
        found = ask(free_time, ground, ada, grid=later)[ada]
    assert len(sent) == 2
    assert free_hours(found, 1, later) == ["09:00-10:00", "11:00-18:00"]
    assert found == ask(FreeTime(), ground, ada, grid=later)[ada]


def test_a_horizon_beyond_the_masks_is_read_and_the_first_one_stays(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    ground.appointment(ground.patient(), TEN + timedelta(days=310), 60, practitioner_id=ada)
    ask(free_time, ground, ada)
    later = day_grid(BERLIN, date(2027, 1, 6), 4)
    assert free_hours(ask(free_time, ground, ada, grid=later)[ada], 0, later) == ["09:00-10:00", "11:00-18:00"]
    with counted(ground.tx.get_bind().engine) as sent:
        ask(free_time, ground, ada)
    assert len(sent) == 2


def test_masks_do_not_grow_beyond_two_years(ground: Ground) -> None:
    free_time, ada = FreeTime(), ground.resource()
    ask(free_time, ground, ada)
    ask(free_time, ground, ada, grid=day_grid(BERLIN, date(2029, 1, 1), 4))
    with counted(ground.tx.get_bind().engine) as sent:
        ask(free_time, ground, ada)
    assert len(sent) == 10


def test_an_unknown_resource_is_left_out(ground: Ground) -> None:
    assert ask(FreeTime(), ground, uuid4()) == {}


def test_a_resource_of_another_organisation_is_left_out(ground: Ground) -> None:
    stranger = Ground(ground.tx).resource()
    assert ask(FreeTime(), ground, stranger) == {}


def test_a_practitioner_of_two_clinics_has_hours_at_each_and_one_set_of_claims(ground: Ground) -> None:
    free_time, ada, elsewhere = FreeTime(), ground.resource(), ground.clinic(opens=8)
    ground.weekly(ada, 0, 9, 12)
    ground.weekly(ada, 0, 13, 18, clinic_id=elsewhere)
    ground.appointment(ground.patient(), TEN + timedelta(hours=4), 60, practitioner_id=ada, clinic_id=elsewhere)
    there = free_time.diaries(ground.tx, elsewhere, [ada], GRID, Overlay({}, {}))[ada]
    assert free_hours(ask(free_time, ground, ada)[ada]) == ["09:00-12:00"]
    assert free_hours(there) == ["13:00-14:00", "15:00-18:00"]


def test_a_writer_keeps_no_masks_for_others(database: Database) -> None:
    free_time = FreeTime()
    with database.read() as tx:
        made = Ground(tx)
        ada = made.resource()
        tx.commit()

    def write_and_fail(tx: object) -> None:
        made.tx = tx  # type: ignore[assignment]
        made.appointment(made.patient(), TEN, 45, practitioner_id=ada)
        moved_on(made, ada, "busy_revision")
        assert free_hours(ask(free_time, made, ada)[ada]) == ["09:00-10:00", "10:45-18:00"]
        raise KeyError

    with pytest.raises(KeyError):
        database.write(write_and_fail)
    with database.read() as tx:
        made.tx = tx
        moved_on(made, ada, "busy_revision")
        assert free_hours(ask(free_time, made, ada)[ada]) == ["09:00-18:00"]


def test_the_least_used_resource_is_forgotten(ground: Ground) -> None:
    free_time = FreeTime(most_resources=2)
    ada, bo, cy = (ground.resource(name=name) for name in ("Ada", "Bo", "Cy"))
    for one in (ada, bo, ada, cy):
        ask(free_time, ground, one)
    with counted(ground.tx.get_bind().engine) as sent:
        ask(free_time, ground, ada, cy)
    assert len(sent) == 2
    with counted(ground.tx.get_bind().engine) as sent:
        ask(free_time, ground, bo)
    assert len(sent) == 10


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_resources(ground: Ground, how_many: int) -> None:
    free_time = FreeTime()
    ids = [ground.resource(name=f"Ada {n}") for n in range(how_many)]
    for ada in ids:
        ground.appointment(ground.patient(), TEN, 45, practitioner_id=ada)
    with counted(ground.tx.get_bind().engine) as cold:
        ask(free_time, ground, *ids, ignoring=[uuid4()])
    with counted(ground.tx.get_bind().engine) as warm:
        ask(free_time, ground, *ids, ignoring=[uuid4()])
    assert (len(cold), len(warm)) == (11, 3)


def test_a_patient_is_busy_wherever_the_claims_are(ground: Ground) -> None:
    patient = ground.patient()
    first, second = (ground.appointment(patient, TEN + timedelta(hours=n)) for n in (0, 2))
    ground.claim(patient, TEN, 60, appointment_id=first)
    ground.claim(patient, TEN + timedelta(hours=2), 60, appointment_id=second)
    keep = ground.keep(patient, NOW + timedelta(minutes=10), clinic_id=ground.clinic())
    ground.claim(patient, TEN + timedelta(hours=4), 60, keep_id=keep)
    hour, start = (1 << 12) - 1, 10 * 12

    def busy(now: datetime = NOW, ignoring: tuple[UUID, ...] = ()) -> int:
        overlay = load_overlay(ground.tx, ground.clinic_id, now, ignoring)
        return patient_busy(ground.tx, patient, GRID, overlay) >> start

    assert busy() == hour | hour << 24 | hour << 48
    assert busy(ignoring=(first, keep)) == hour << 24
    assert busy(now=NOW + timedelta(hours=1)) == hour | hour << 24


def test_masks_equal_those_of_a_fresh_process_whatever_happened(ground: Ground) -> None:
    dice, free_time = Random(7), FreeTime()
    ids = [ground.resource(ResourceKind.ROOM, f"Room {n}") for n in range(3)]
    for step in range(40):
        one = dice.choice(ids)
        at = TEN + timedelta(days=step // 4, hours=2 * (step % 4))
        if step % 3:
            ground.appointment(ground.patient(), at, dice.randrange(5, 115), room_id=one)
            moved_on(ground, one, "busy_revision")
        else:
            ground.absence(one, at, at + timedelta(minutes=dice.randrange(5, 300)))
            moved_on(ground, one, "revision")
        grid = day_grid(BERLIN, date(2026, 3, 1) + timedelta(days=dice.randrange(5)), dice.randrange(2, 200))
        assert ask(free_time, ground, *ids, grid=grid) == ask(FreeTime(), ground, *ids, grid=grid)


def test_threads_share_one_set_of_masks(database: Database) -> None:
    free_time = FreeTime(most_resources=3)
    with database.read() as tx:
        made = Ground(tx)
        ids = [made.resource(name=f"Ada {n}") for n in range(5)]
        made.appointment(made.patient(), TEN, 45, practitioner_id=ids[0])
        expected = ask(FreeTime(), made, *ids)
        tx.commit()

    def again(_: int) -> bool:
        with database.read() as tx:
            return free_time.diaries(tx, made.clinic_id, ids, GRID, Overlay({}, {})) == expected

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(again, range(40)))
