from dataclasses import replace
from datetime import time
from uuid import UUID

from scheduler.domain.availability import FreeStarts, free_starts
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.day_grid import day_grid
from scheduler.domain.planning import best_plans
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slot_choice import ChosenStart, slots_for, used_resources
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes
from tests.domain.plain_clinic import ANA, BEATRIZ, LASER, NEEDLING, PEN, ROOM_1, ROOM_2, PlainClinic, hours
from tests.domain.planning_cases import FIRST_DAY, ZONE, booking, instant, on

GRID = day_grid(ZONE, FIRST_DAY, 90)
NINE, NOON = time(9), time(12)
STEPS = (Step(1, on(0), on(90), None), Step(2, on(0), on(90), Gap(28, 35, 42)))


def starts(free: dict[UUID, list[int]]) -> FreeStarts:
    """Rooms 1 and 2 and two devices, each free at nine on some days."""

    def at_nine(days: list[int]) -> bytes:
        return sum(1 << day * 336 + 108 for day in days).to_bytes(90 * 42, "little")

    rooms = {one: at_nine(free.get(one, [])) for one in (ROOM_1, ROOM_2)}
    return FreeStarts({}, rooms, {one: at_nine(free.get(one, [])) for one in (LASER, PEN)})


def chosen(free: dict[UUID, list[int]], *days: int, liked: tuple[UUID, ...] = ()) -> list[list[UUID]]:
    offered = starts(free)
    slots = slots_for(GRID, [ChosenStart(offered, day, 108, ANA) for day in days], liked)
    assert [slot.starts_at for slot in slots] == [instant(on(day), NINE) for day in days]
    return [[slot.resources[kind] for kind in (ResourceKind.ROOM, ResourceKind.DEVICE)] for slot in slots]


def test_rooms_and_devices_that_are_free_most_often_come_first() -> None:
    free = {ROOM_1: [0, 1], ROOM_2: [0, 1, 2], LASER: [0, 1, 2], PEN: [0, 1]}
    assert chosen(free, 0, 1, 2) == [[ROOM_2, LASER]] * 3


def test_of_rooms_as_free_the_first_in_the_offer_is_taken() -> None:
    free = {ROOM_1: [0], ROOM_2: [0], LASER: [0], PEN: [0]}
    assert chosen(free, 0) == [[ROOM_1, LASER]]


def test_a_liked_room_comes_before_one_that_is_free_more_often() -> None:
    free = {ROOM_1: [0, 1], ROOM_2: [0], LASER: [0, 1], PEN: [0, 1]}
    assert chosen(free, 0, 1, liked=(ROOM_2, PEN)) == [[ROOM_2, PEN], [ROOM_1, PEN]]


def test_a_start_on_the_day_the_clock_changes_is_looked_up_at_its_cell() -> None:
    sunday = 9
    rooms = {one: _an_hour_earlier(mask) for one, mask in starts({ROOM_2: [sunday]}).rooms.items()}
    shifted = FreeStarts({}, rooms, {})
    (slot,) = slots_for(GRID, [ChosenStart(shifted, sunday, 108, None)], ())
    assert slot == Slot(instant(on(sunday), NINE), {ResourceKind.ROOM: ROOM_2})


def _an_hour_earlier(mask: bytes) -> bytes:
    return (int.from_bytes(mask, "little") >> 12).to_bytes(len(mask), "little")


def test_the_resources_of_a_chain_are_those_of_its_bookings_each_once() -> None:
    one, other = booking(0, who=ANA), booking(35, who=BEATRIZ)
    in_room = replace(one.slot, resources={ResourceKind.PRACTITIONER: ANA, ResourceKind.ROOM: ROOM_2})
    steps = [replace(STEPS[0], booked=replace(one, slot=in_room)), replace(STEPS[1], booked=other), STEPS[1]]
    assert used_resources([*steps, steps[0]]) == [ANA, ROOM_2, BEATRIZ]


def test_a_series_stays_in_one_room_where_it_can() -> None:
    """Room 1 comes first in the offer, but only room 2 is free both times."""
    dates = [on(0), on(35)]
    open_hours = hours(ZONE, dates, NINE, time(10, 30))
    everybody = (ANA, ROOM_1, ROOM_2, UUID(int=21))
    clinic = PlainClinic(ZONE, dict.fromkeys(everybody, open_hours), {ROOM_1: open_hours[1:]}, rooms=(ROOM_1, ROOM_2))
    starts = free_starts(GRID, NEEDLING, clinic.supply(GRID))
    (plan,) = best_plans(Chain(None, STEPS), {1: starts, 2: starts}, Wishes(), GRID)
    assert [one.slot.resources[ResourceKind.ROOM] for one in plan.placements] == [ROOM_2, ROOM_2]


def test_the_room_of_what_is_booked_comes_first() -> None:
    first, second = STEPS
    known = booking(0)
    known = replace(known, slot=replace(known.slot, resources={ResourceKind.ROOM: ROOM_2}))
    everybody = (ANA, ROOM_1, ROOM_2, UUID(int=21))
    clinic = PlainClinic(ZONE, dict.fromkeys(everybody, hours(ZONE, [on(35)], NINE, NOON)), rooms=(ROOM_1, ROOM_2))
    starts = free_starts(GRID, NEEDLING, clinic.supply(GRID))
    chain = Chain(None, (replace(first, fixed_on=on(0), booked=known), second))
    (plan,) = best_plans(chain, {2: starts}, Wishes(), GRID)
    assert plan.placements[0].slot.resources[ResourceKind.ROOM] == ROOM_2
