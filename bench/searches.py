"""Searches in the core alone: a year of six practitioners, six rooms and four devices, made up from a seed.

The masks are ready, as a process keeps them. Every line is the median of interleaved rounds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from bench.rounds import Bar, at_most, medians
from scheduler.domain.availability import Diary, FreeStarts, Supply, free_starts
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.clinic_days import clinic_date, instant_of, wall_time
from scheduler.domain.day_grid import DayGrid, day_grid, mask_of
from scheduler.domain.planning import Plan, best_plans
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.replanning import best_changes
from scheduler.domain.series import Booking
from scheduler.domain.slots import Slot, Stretch
from scheduler.domain.wishes import Preference, Wishes

ZONE, FIRST_DAY, DAYS = "Europe/Berlin", date(2026, 11, 24), 400
OPENS = time(9)
MILLISECONDS = 1000
NEEDLING = (
    Phase("numbing", 30, frozenset({ResourceKind.ROOM}), True),
    Phase("treatment", 45, frozenset(ResourceKind), True),
    Phase("clean-up", 15, frozenset({ResourceKind.ROOM, ResourceKind.DEVICE}), False),
)
TUESDAYS_AFTER_FOUR = (Preference(1, time(16), time(0)),)
AWAY = ((date(2027, 2, 10), date(2027, 2, 24)),)


def bars() -> Iterator[Bar]:
    """Free starts, plans of six sessions with different wishes, and a replan of the plan that is best."""
    grid = day_grid(ZONE, FIRST_DAY, DAYS)
    supply, chain = _supply(grid), _chain(grid)
    starts = dict.fromkeys(range(1, 7), free_starts(grid, NEEDLING, supply))
    asked = {
        "no wishes": Wishes(),
        "Tuesdays after four, away in February": Wishes(prefer=TUESDAYS_AFTER_FOUR, avoid=AWAY),
        "one practitioner for all": Wishes(same_practitioner=True),
    }
    booked = _booked(chain, best_plans(chain, starts, Wishes(), grid)[0])
    dragged = {2: _later(booked.steps[1], 9, grid)}
    spent = medians(
        {
            "free starts of a year": lambda: free_starts(grid, NEEDLING, supply),
            **{f"five plans, {name}": _planning(chain, starts, wishes, grid) for name, wishes in asked.items()},
            "five change sets, session 2 dragged by nine days": lambda: best_changes(
                booked, starts, Wishes(), grid, requested=dragged
            ),
            "five change sets, session 3 must move": lambda: best_changes(
                booked, starts, Wishes(), grid, must_move={3: "A hold."}
            ),
        },
        times=20,
    )
    for name, took in spent.items():
        yield at_most(name, took * MILLISECONDS, 6 if "one practitioner" in name else 2, "ms")


def _planning(
    chain: Chain, starts: Mapping[int, FreeStarts], wishes: Wishes, grid: DayGrid
) -> Callable[[], tuple[Plan, ...]]:
    return lambda: best_plans(chain, starts, wishes, grid)


def _chain(grid: DayGrid) -> Chain:
    """Six sessions four to six weeks apart, the first within half a year."""
    first, last = grid.day(1), grid.day(grid.days - 1)
    opening = Step(1, first, first + timedelta(182), None)
    return Chain(None, (opening, *(Step(n, first, last, Gap(28, 35, 42)) for n in range(2, 7))))


def _supply(grid: DayGrid) -> Supply:
    random = Random(7)
    people, rooms, devices = (
        {UUID(int=kind * 100 + n): _diary(random, grid, taken) for n in range(count)}
        for kind, count, taken in ((1, 6, 0.6), (2, 6, 0.4), (3, 4, 0.4))
    )
    return Supply(people, rooms, devices)


def _diary(random: Random, grid: DayGrid, taken: float) -> Diary:
    """Nine hours on weekdays, one in ten off, and a claim of three quarters in so many of the hours."""
    working, busy = [], []
    for on in map(grid.day, range(grid.days)):
        if on.weekday() < 5 and random.random() > 0.1:
            opens = instant_of(on, OPENS, grid.zone)
            working.append(_stretch(opens, 9 * 60))
            quarters = [(hour, random.randrange(4)) for hour in range(9) if random.random() < taken]
            busy += [_stretch(opens + timedelta(hours=hour, minutes=15 * quarter), 45) for hour, quarter in quarters]
    return Diary(mask_of(grid, working, outwards=False), mask_of(grid, busy, outwards=True))


def _stretch(starts_at: datetime, minutes: int) -> Stretch:
    return Stretch(UUID(int=0), starts_at, starts_at + timedelta(minutes=minutes))


def _booked(chain: Chain, plan: Plan) -> Chain:
    bookings = [Booking(UUID(int=one.number), one.on, one.slot) for one in plan.placements]
    steps = [
        replace(step, booked=booking, anchor=booking.on, anchor_slot=booking.slot)
        for step, booking in zip(chain.steps, bookings, strict=True)
    ]
    return replace(chain, steps=tuple(steps))


def _later(step: Step, days: int, grid: DayGrid) -> Slot:
    """The slot of a booked step so many days later, by the wall clock."""
    if step.booked is None:
        raise ValueError("only a booked session can be dragged")
    slot = step.booked.slot
    on = clinic_date(slot.starts_at, grid.zone) + timedelta(days)
    return replace(slot, starts_at=instant_of(on, wall_time(slot.starts_at, grid.zone).time(), grid.zone))
