"""The free slots that are closest to a wanted start, one for each day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.day_grid import STRIDE, DayGrid
from scheduler.domain.near_slots import near_slots
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Slot

ADA, BEA, ROOM, OTHER_ROOM = (UUID(int=number) for number in range(4))
GRID = DayGrid("UTC", date(2026, 3, 2), 3)


def mask(*hours: tuple[int, int]) -> int:
    """Starts at full hours, each given with the index of its day."""
    return sum(1 << index * STRIDE + hour * 12 for index, hour in hours)


def free(people: Mapping[UUID | None, int], rooms: Mapping[UUID, int]) -> FreeStarts:
    return FreeStarts(people, GRID.as_bytes(rooms), {})


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, 2 + day, hour, tzinfo=UTC)


def wanted(day: int, hour: int, who: UUID = ADA, room: UUID = ROOM) -> Slot:
    return Slot(at(day, hour), {ResourceKind.PRACTITIONER: who, ResourceKind.ROOM: room})


ALWAYS = mask(*((day, hour) for day in range(3) for hour in range(24)))


def test_each_day_gives_its_closest_start_and_the_closest_day_comes_first() -> None:
    starts = free({ADA: mask((0, 9), (0, 17), (1, 8), (2, 23))}, {ROOM: ALWAYS})
    found = near_slots(GRID, starts, wanted(1, 10))
    assert found == [wanted(1, 8), wanted(0, 17), wanted(2, 23)]


def test_at_one_start_the_wanted_people_and_rooms_come_first_else_others() -> None:
    starts = free({BEA: mask((0, 9), (1, 9)), ADA: mask((0, 9))}, {OTHER_ROOM: ALWAYS, ROOM: mask((0, 9))})
    found = near_slots(GRID, starts, wanted(0, 9))
    assert found == [wanted(0, 9), wanted(1, 9, BEA, OTHER_ROOM)]


def test_a_closer_start_with_others_comes_before_a_later_one_with_the_wanted() -> None:
    starts = free({BEA: mask((0, 9)), ADA: mask((0, 12))}, {ROOM: ALWAYS})
    assert near_slots(GRID, starts, wanted(0, 10)) == [wanted(0, 9, BEA)]


def test_what_is_left_out_is_not_found_with_anybody() -> None:
    starts = free({ADA: mask((0, 9)), BEA: mask((0, 9), (0, 10))}, {ROOM: ALWAYS})
    assert near_slots(GRID, starts, wanted(0, 9), [wanted(0, 9)]) == [wanted(0, 10, BEA)]


def test_who_needs_nobody_gets_nobody() -> None:
    starts = free({None: mask((2, 0))}, {})
    assert near_slots(GRID, starts, wanted(0, 9)) == [Slot(at(2, 0), {})]


def test_nothing_free_is_nothing_near() -> None:
    assert near_slots(GRID, free({}, {}), wanted(0, 9)) == []
