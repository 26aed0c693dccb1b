"""Random planning questions, small enough to be answered by trying everything, and short ways to write them down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.domain.availability import FreeStarts
from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.day_grid import STRIDE, DayGrid, day_grid
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus, Booking, Override
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Preference, Wishes

ZONE = "Europe/Berlin"
FIRST_DAY = date(2026, 3, 20)  # a Friday; the clock changes on the 29th
PEOPLE = (UUID(int=1), UUID(int=2), UUID(int=3))

Offer = tuple[date, time, UUID]


@dataclass(frozen=True)
class Case:
    """A question: offered starts by session number stand for everything that is free."""

    chain: Chain
    offers: Mapping[int, frozenset[Offer]]
    wishes: Wishes
    grid: DayGrid
    requested: Mapping[int, Slot] = field(default_factory=dict)
    must_move: Mapping[int, str] = field(default_factory=dict)

    def starts(self) -> dict[int, FreeStarts]:
        """Sessions with the same offers share one value, as they do in earnest."""
        made = {offers: free_starts_of(self.grid, offers) for offers in set(self.offers.values())}
        return {number: made[offers] for number, offers in self.offers.items()}


def on(day: int) -> date:
    return FIRST_DAY + timedelta(day)


def number_of(day: date) -> int:
    return (day - FIRST_DAY).days


def instant(day: date, at: time, zone: str = ZONE) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def slot(day: int, at: time, who: UUID = PEOPLE[0]) -> Slot:
    return Slot(instant(on(day), at), {ResourceKind.PRACTITIONER: who})


def booking(
    day: int,
    at: time = time(9),
    who: UUID = PEOPLE[0],
    status: AppointmentStatus = AppointmentStatus.BOOKED,
) -> Booking:
    return Booking(UUID(int=1000 + day), on(day), slot(day, at, who), status)


def free_starts_of(grid: DayGrid, offers: Iterable[Offer]) -> FreeStarts:
    """Free starts at exactly these places; every practitioner of the clinic is on offer, with or without any."""
    masks: dict[UUID | None, int] = dict.fromkeys(PEOPLE, 0)
    for day, at, who in offers:
        index = grid.index(day)
        masks[who] |= 1 << index * STRIDE + grid.cell_at(index, (at.hour * 60 + at.minute) // 5)
    return FreeStarts(masks, {}, {})


def every_day(days: int, times: Iterable[time] = (time(9),), people: Iterable[UUID] = PEOPLE[:1]) -> frozenset[Offer]:
    return frozenset((on(day), at, who) for day in range(days) for at in times for who in people)


@dataclass(frozen=True)
class Shape:
    """How large random cases are, and how gaps look: least, target and most days, each drawn from a range."""

    days: int = 14
    sessions: tuple[int, int] = (1, 4)
    people: int = 2
    times: tuple[time, ...] = (time(9), time(9, 15), time(11))
    offered: float = 0.45
    least: tuple[int, int] = (1, 3)
    below: tuple[int, int] = (0, 2)
    above: tuple[int, int] = (0, 3)


def random_plan(random: Random, shape: Shape) -> Case:
    chain = _fixing(random, _chain(random, shape), shape)
    return Case(chain, _offers(random, shape, chain), _wishes(random, shape), _grid(shape))


def random_replan(random: Random, shape: Shape) -> Case:
    """Sessions that stand well enough, and something that pushes some of them."""
    chain = _booked(random, _chain(random, shape), shape)
    avoid = ((on(day := random.randrange(shape.days)), on(day + 1)),) if random.random() < 0.2 else ()
    who = random.choice(PEOPLE[: shape.people]) if random.random() < 0.1 else None
    free = [step for step in chain.steps if step.fixed_on is None and (step.booked is None or step.booked.movable)]
    must_move = {step.number: "It must." for step in free if step.booked and random.random() < 0.25}
    requested: dict[int, Slot] = {}
    if free and random.random() < 0.5:
        dragged = random.choice(free)
        day = _near(random, shape, number_of(dragged.anchor or on(shape.days // 2)))
        requested[dragged.number] = slot(day, random.choice(shape.times), random.choice(PEOPLE[: shape.people]))
    wishes = Wishes(avoid=avoid, practitioner_id=who)
    return Case(chain, _offers(random, shape, chain), wishes, _grid(shape), requested, must_move)


def _near(random: Random, shape: Shape, day: int) -> int:
    return min(max(day + random.randint(-2, shape.days // 12), 0), shape.days - 1)


def _grid(shape: Shape) -> DayGrid:
    return day_grid(ZONE, FIRST_DAY, shape.days)


def _chain(random: Random, shape: Shape) -> Chain:
    """A first step with or without a reference, then gaps of one kind, with some that differ."""
    usual = _gap(random, shape)
    count = random.randint(*shape.sessions)
    counted = random.random() < 0.5
    blocked = _blocked(random, shape)
    steps = []
    for number in range(1, count + 1):
        gap = usual if random.random() < 0.8 else _gap(random, shape)
        loose = (number == 1 and not counted) or random.random() < 0.05
        step = Step(number, on(0), on(shape.days), None if loose else gap, blocked)
        steps.append(_bent(random, shape, step))
    reference = on(random.randint(-usual.target_days, 1)) if counted else None
    return Chain(reference, tuple(steps))


def _gap(random: Random, shape: Shape) -> Gap:
    least = random.randint(*shape.least)
    target = least + random.randint(*shape.below)
    return Gap(least, target, target + random.randint(*shape.above))


def _blocked(random: Random, shape: Shape) -> tuple[Blocked, ...]:
    count = random.choice((0, 0, 1, 2))
    firsts = [random.randrange(shape.days) for _ in range(count)]
    return tuple(Blocked(on(d), on(d + random.randint(0, 2)), BlockedBy.HOLD, "Blocked.") for d in firsts)


def _bent(random: Random, shape: Shape, step: Step) -> Step:
    """Sometimes a range of its own, sometimes an override."""
    if random.random() < 0.15:
        step = replace(step, earliest=on(random.randrange(shape.days // 2)))
    if random.random() < 0.15:
        step = replace(step, latest=on(random.randrange(shape.days // 2, shape.days)))
    if random.random() < 0.15 and step.gap:
        given = random.choice([step.gap.min_days - 1, step.gap.max_days + 1, step.gap.max_days + 2])
        date_given = on(random.randrange(shape.days))
        step = replace(step, override=Override(date_given, on(0), "Reason."), override_gap=given)
    return step


def _fixing(random: Random, chain: Chain, shape: Shape) -> Chain:
    """Some steps become facts or bookings that cannot move."""
    steps = list(chain.steps)
    if len(steps) > 1 and random.random() < 0.4:
        place = random.randrange(len(steps))
        start = number_of(chain.reference) if chain.reference else random.randint(0, 3)
        day = start + sum(random.randint(s.gap.min_days, s.gap.max_days) if s.gap else 0 for s in steps[: place + 1])
        known = booking(day, who=random.choice(PEOPLE[: shape.people])) if random.random() < 0.6 else None
        steps[place] = replace(steps[place], fixed_on=on(day), booked=known)
    return replace(chain, steps=tuple(steps))


def _booked(random: Random, chain: Chain, shape: Shape) -> Chain:
    """Dates at roughly the right distance; some are facts, some begun, some released, some never had a date."""
    day = number_of(chain.reference) if chain.reference else 0
    steps = []
    for step in chain.steps:
        gap = step.gap or Gap(1, 2, 3)
        day = min(max(day + random.randint(gap.min_days - 1, gap.max_days + 1), 0), shape.days - 1)
        steps.append(_standing(random, shape, step, day))
    return replace(chain, steps=tuple(steps))


def _standing(random: Random, shape: Shape, step: Step, day: int) -> Step:
    at, who = random.choice(shape.times), random.choice(PEOPLE[: shape.people])
    kind = random.random()
    if kind < 0.08:
        return replace(step, fixed_on=on(day))
    if kind < 0.2:
        return step
    if kind < 0.4:
        return replace(step, anchor=on(day), anchor_slot=slot(day, at, who))
    status = AppointmentStatus.ARRIVED if kind < 0.45 else AppointmentStatus.BOOKED
    booked = booking(day, at, who, status)
    return replace(step, booked=booked, anchor=on(day), anchor_slot=booked.slot)


def _offers(random: Random, shape: Shape, chain: Chain) -> dict[int, frozenset[Offer]]:
    usual = _offer(random, shape)
    other = _offer(random, shape)
    return {step.number: usual if random.random() < 0.85 else other for step in chain.steps if step.fixed_on is None}


def _offer(random: Random, shape: Shape) -> frozenset[Offer]:
    people = PEOPLE[: shape.people]
    every = every_day(shape.days, shape.times, people)
    return frozenset(offer for offer in sorted(every) if random.random() < shape.offered)


def _wishes(random: Random, shape: Shape) -> Wishes:
    def maybe(chance: float) -> bool:
        return random.random() < chance

    prefer = [Preference(random.randrange(7), time(9), random.choice((time(9, 15), time(12)))) for _ in range(3)]
    day = random.randrange(shape.days)
    pinned = {random.randint(*shape.sessions): instant(on(random.randrange(shape.days)), random.choice(shape.times))}
    return Wishes(
        start_on=on(random.randrange(4)) if maybe(0.2) else None,
        prefer=tuple(prefer) if maybe(0.6) else (),
        avoid=((on(day), on(day + random.randrange(3))),) if maybe(0.3) else (),
        pinned=pinned if maybe(0.1) else {},
        practitioner_id=random.choice(PEOPLE[: shape.people]) if maybe(0.1) else None,
        same_practitioner=maybe(0.15),
    )
