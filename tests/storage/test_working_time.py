from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.protocol import ResourceKind
from scheduler.storage.database import Database
from scheduler.storage.working_time import working_stretches
from tests.support.queries import counted
from tests.support.rows import BERLIN, Ground

MONDAY = date(2026, 3, 2)
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    database = Database(database_url)
    with database.read() as tx:
        yield Ground(tx)
    database.dispose()


def walls(ground: Ground, resource_id: UUID, clinic_id: UUID | None = None, last: date = WEDNESDAY) -> list[str]:
    found = working_stretches(ground.tx, clinic_id or ground.clinic_id, [resource_id], MONDAY, last)[resource_id]
    zone = ZoneInfo(BERLIN)
    return [f"{start.astimezone(zone):%d %H:%M}-{end.astimezone(zone):%H:%M}" for start, end in found]


def test_a_room_follows_the_opening_hours(ground: Ground) -> None:
    room = ground.resource(ResourceKind.ROOM, "Room 1")
    assert walls(ground, room) == ["02 09:00-18:00", "03 09:00-18:00", "04 09:00-18:00"]


def test_a_resource_that_is_no_longer_in_use_does_not_work(ground: Ground) -> None:
    assert walls(ground, ground.resource(active=False)) == []


def test_hours_closures_single_days_and_absences_meet(ground: Ground) -> None:
    ada = ground.resource()
    for weekday in range(3):
        ground.weekly(ada, weekday, 8, 14)
    ground.closure(date(2026, 2, 20), MONDAY)
    ground.single_day(ada, WEDNESDAY, 12, 16)
    ground.absence(ada, datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC))
    assert walls(ground, ada) == ["03 09:00-10:00", "03 11:00-14:00", "04 12:00-16:00"]


def test_a_closure_of_the_last_date_counts(ground: Ground) -> None:
    ground.closure(WEDNESDAY, date(2026, 4, 1))
    assert walls(ground, ground.resource()) == ["02 09:00-18:00", "03 09:00-18:00"]


def test_a_closure_outside_the_dates_does_not_count(ground: Ground) -> None:
    ground.closure(date(2026, 2, 1), date(2026, 3, 1))
    ground.closure(date(2026, 3, 5), date(2026, 3, 9))
    assert len(walls(ground, ground.resource())) == 3


def test_hours_count_on_the_dates_for_which_they_are_valid(ground: Ground) -> None:
    ada = ground.resource()
    ground.weekly(ada, 0, 9, 12, valid_until=MONDAY)
    ground.weekly(ada, 0, 13, 15, valid_from=MONDAY + timedelta(days=1))
    assert walls(ground, ada, last=MONDAY + timedelta(days=7)) == ["02 09:00-12:00", "09 13:00-15:00"]


def test_the_usual_week_goes_on_beyond_the_published_roster(ground: Ground) -> None:
    ada = ground.resource(roster_until=MONDAY)
    ground.weekly(ada, 0, 9, 12, valid_until=MONDAY)
    assert walls(ground, ada, last=MONDAY + timedelta(days=7)) == ["02 09:00-12:00", "09 09:00-12:00"]


def test_a_practitioner_works_in_two_clinics_at_the_hours_of_each(ground: Ground) -> None:
    elsewhere = ground.clinic(opens=7, closes=20)
    ada = ground.resource()
    ground.weekly(ada, 0, 9, 18)
    ground.weekly(ada, 1, 8, 19, clinic_id=elsewhere)
    assert walls(ground, ada) == ["02 09:00-18:00"]
    assert walls(ground, ada, elsewhere) == ["03 08:00-19:00"]


def test_a_single_day_at_one_clinic_replaces_the_week_at_the_other(ground: Ground) -> None:
    elsewhere = ground.clinic()
    ada = ground.resource()
    ground.weekly(ada, 0, 9, 12)
    ground.single_day(ada, MONDAY, 14, 16, clinic_id=elsewhere)
    assert walls(ground, ada) == []
    assert walls(ground, ada, elsewhere) == ["02 14:00-16:00"]


def test_a_day_off_is_a_single_day_without_hours(ground: Ground) -> None:
    ada = ground.resource()
    ground.single_day(ada, MONDAY, None, None)
    assert walls(ground, ada) == ["03 09:00-18:00", "04 09:00-18:00"]


def test_opening_times_keep_to_the_wall_clock_over_a_clock_change(ground: Ground) -> None:
    room = ground.resource(ResourceKind.ROOM, "Room 1")
    found = working_stretches(ground.tx, ground.clinic_id, [room], date(2026, 3, 28), date(2026, 3, 29))[room]
    assert [start.hour for start, _ in found] == [8, 7]


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_number_of_queries_does_not_grow_with_resources(ground: Ground, how_many: int) -> None:
    ids = [ground.resource(name=f"Ada {n}") for n in range(how_many)]
    for ada in ids:
        ground.weekly(ada, 0, 9, 12)
        ground.single_day(ada, WEDNESDAY, 9, 12)
        ground.absence(ada, datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC))
        ground.closure(MONDAY, MONDAY)
    with counted(ground.tx.get_bind().engine) as sent:
        working_stretches(ground.tx, ground.clinic_id, ids, MONDAY, WEDNESDAY)
    assert len(sent) == 7
