"""The replanner's answers found by trying everything: slow, plain, and written without looking at the replanner."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.chain import Step
from scheduler.domain.clinic_days import wall_time
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.replanning import ReplanCost
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.slots import Slot
from tests.domain.plain_planning import date_allowed, gap_allowed
from tests.domain.planning_cases import ZONE, Case, instant

Key = tuple[int, date, UUID | None]


@dataclass(frozen=True)
class Stand:
    """A step on a date: where it stood already (``slot`` is ``None``), where it was asked to go, or placed anew."""

    on: date
    slot: Slot | None = None
    anew: bool = False


def change_costs(case: Case) -> dict[Key | None, ReplanCost]:
    """The least cost for each first session that is placed anew, its date and practitioner; ``None`` for nobody."""
    best: dict[Key | None, ReplanCost] = {}
    for stands in _ways(case, 0, case.chain.reference):
        key, cost = _key(case, stands), _cost(case, stands)
        best[key] = min(cost, best.get(key, cost))
    return {None: best[None]} if None in best else best


def _key(case: Case, stands: tuple[Stand, ...]) -> Key | None:
    moved = ((s.number, at.on, at.slot) for s, at in zip(case.chain.steps, stands, strict=True) if at.slot and at.anew)
    return next(((number, on, slot.practitioner_id) for number, on, slot in moved), None)


def _ways(case: Case, place: int, before: date | None) -> Iterator[tuple[Stand, ...]]:
    if place == len(case.chain.steps):
        yield ()
        return
    step = case.chain.steps[place]
    both_settled = settled(step) is not None and (place == 0 or settled(case.chain.steps[place - 1]) is not None)
    for stand in stands_of(case, step):
        if both_settled or before is None or gap_allowed(step, before, stand.on):
            for rest in _ways(case, place + 1, stand.on):
                yield (stand, *rest)


def settled(step: Step) -> date | None:
    if step.booked and step.booked.status is not AppointmentStatus.BOOKED:
        return step.booked.on
    return step.fixed_on


def stands_of(case: Case, step: Step) -> Iterator[Stand]:
    """Everything that a step may do, the gaps apart."""
    on = settled(step)
    if on is not None:
        yield Stand(on)
    elif step.number in case.requested:
        slot = case.requested[step.number]
        on = wall_time(slot.starts_at, ZONE).date()
        if _welcome(case, step, on):
            yield Stand(on, slot)
    else:
        yield from _free_stands(case, step)


def _free_stands(case: Case, step: Step) -> Iterator[Stand]:
    stays = step.booked is not None and step.number not in case.must_move
    if step.booked and stays:
        yield Stand(step.booked.on)
    for on, at, who in sorted(case.offers[step.number]):
        slot = Slot(instant(on, at), {ResourceKind.PRACTITIONER: who})
        wanted = case.wishes.practitioner_id in (None, who)
        present = stays and step.booked is not None and step.booked.slot == slot
        if wanted and not present and _welcome(case, step, on):
            yield Stand(on, slot, anew=True)


def _welcome(case: Case, step: Step, on: date) -> bool:
    return date_allowed(step, on) and not any(first <= on <= last for first, last in case.wishes.avoid)


def _cost(case: Case, stands: tuple[Stand, ...]) -> ReplanCost:
    costs = [step_cost(step, stand) for step, stand in zip(case.chain.steps, stands, strict=True)]
    sums = [sum(column) for column in zip(*costs, strict=True)]
    off = _days_off_target(case, [stand.on for stand in stands])
    return ReplanCost(sums[0], sums[1], off, sums[2], sums[3], sums[4], stands[-1].on)


def step_cost(step: Step, stand: Stand) -> tuple[int, int, int, int, int]:
    """Moved, days, practitioner, weekday, minutes against where the session was."""
    unchanged = not stand.anew and step.booked is not None and step.booked.slot == stand.slot
    if stand.slot is None or step.anchor is None or unchanged:
        return (0, 0, 0, 0, 0)
    days, weekday = abs((stand.on - step.anchor).days), stand.on.weekday() != step.anchor.weekday()
    if step.anchor_slot is None:
        return (1, days, 0, int(weekday), 0)
    was, now = (wall_time(one.starts_at, ZONE) for one in (step.anchor_slot, stand.slot))
    minutes = abs((now.hour - was.hour) * 60 + now.minute - was.minute)
    return (1, days, int(step.anchor_slot.practitioner_id != stand.slot.practitioner_id), int(weekday), minutes)


def _days_off_target(case: Case, dates: list[date]) -> int:
    total = 0
    for step, before, on in zip(case.chain.steps, [case.chain.reference, *dates], dates, strict=False):
        if settled(step) is None and step.anchor is None and step.gap and before:
            total += abs((on - before).days - step.gap.target_days)
    return total
