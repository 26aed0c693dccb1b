"""Planning: the best complete plans for the sessions of a chain that have no date.

Plans are exact: the best of all that keep every rule, by broken wishes, days off target, last date, changes of
practitioner and spread of hours, in this order. No two open on the same date with the same practitioner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from operator import attrgetter
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.chain import Chain
from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.plan_search import Found, PlanSearch, is_fixed, treating
from scheduler.domain.slot_choice import ChosenStart, slots_for, used_resources
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes

PLANS = 5


@dataclass(frozen=True, slots=True)
class Placement:
    """A session with a date and a slot. ``gap`` is the days since the session before, ``None`` where none counts."""

    number: int
    on: date
    slot: Slot
    gap: int | None


@dataclass(frozen=True, slots=True, order=True)
class PlanCost:
    """What a plan costs, in the order of importance.

    ``days_off_target`` adds up over the gaps next to a placed session. ``last_on`` is the date of the last session,
    placed or not. ``hours_spread`` is minutes of the wall clock between the earliest and latest placed start.
    """

    wishes_broken: int
    days_off_target: int
    last_on: date
    practitioner_changes: int
    hours_spread: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Appointments for every open session of a chain, in order, and what they cost together."""

    placements: tuple[Placement, ...]
    cost: PlanCost


def best_plans(
    chain: Chain, starts: Mapping[int, FreeStarts], wishes: Wishes, grid: DayGrid, *, limit: int = PLANS
) -> tuple[Plan, ...]:
    """Up to ``limit`` plans, best first. ``starts`` has the free starts of each session number without a fixed date.

    A chain without such a session has no plan.
    """
    if all(map(is_fixed, chain.steps)):
        return ()
    best: list[Found] = []
    for variant in variants(chain, starts, wishes):
        bound = best[-1].rank if len(best) == limit else None
        found = PlanSearch(chain, starts, variant, grid, bound).best(limit)
        best = sorted([*best, *found], key=attrgetter("rank"))[:limit]
    return tuple(_plan(chain, one, starts, wishes, grid) for one in best)


def count_plans(
    chain: Chain, starts: Mapping[int, FreeStarts], wishes: Wishes, grid: DayGrid, *, limit: int = PLANS
) -> int:
    """How many plans there would be, up to the limit, without working them out."""
    if all(map(is_fixed, chain.steps)):
        return 0
    counts = (PlanSearch(chain, starts, one, grid).count(limit) for one in variants(chain, starts, wishes))
    return min(sum(counts), limit)


def variants(chain: Chain, starts: Mapping[int, FreeStarts], wishes: Wishes) -> list[Wishes]:
    """The wishes themselves; if one practitioner is wished for in all sessions, once for each who could be meant.

    Whoever treats at a step that is fixed is then the only one.
    """
    if not wishes.same_practitioner:
        return [wishes]
    first = next(step.number for step in chain.steps if not is_fixed(step))
    asked = {wishes.practitioner_id, *(treating(step) for step in chain.steps if is_fixed(step))} - {None}
    return [replace(wishes, practitioner_id=who) for who in starts[first].by_practitioner if asked <= {who}]


def _plan(chain: Chain, found: Found, starts: Mapping[int, FreeStarts], wishes: Wishes, grid: DayGrid) -> Plan:
    open_steps = [step for step in chain.steps if not is_fixed(step)]
    fixed = [step for step in chain.steps if is_fixed(step)]
    chosen = [ChosenStart(starts[step.number], *found.starts[step.number]) for step in open_steps]
    slots = dict(zip((s.number for s in open_steps), slots_for(grid, chosen, used_resources(fixed)), strict=True))
    dates = {step.number: step.fixed_on or clinic_date(slots[step.number].starts_at, grid.zone) for step in chain.steps}
    gaps = gaps_of(chain, dates)
    placements = tuple(Placement(n, dates[n], slot, gaps[n]) for n, slot in slots.items())
    return Plan(placements, cost_of(chain, placements, wishes, grid.zone))


def gaps_of(chain: Chain, dates: Mapping[int, date]) -> dict[int, int | None]:
    """The days between each step and the one before; ``None`` for a first step that counts from nothing."""
    known = [chain.reference, *(dates[step.number] for step in chain.steps)]
    return {
        step.number: None if before is None else (after - before).days
        for step, (before, after) in zip(chain.steps, pairwise(known), strict=True)
        if after is not None
    }


def cost_of(chain: Chain, placements: Sequence[Placement], wishes: Wishes, zone: str) -> PlanCost:
    """The cost of a plan, read off its placements."""
    placed = {one.number: one for one in placements}
    dates = {step.number: step.fixed_on or placed[step.number].on for step in chain.steps}
    walls = [wall_time(one.slot.starts_at, zone) for one in placements]
    minutes = [wall.hour * 60 + wall.minute for wall in walls]
    people = [placed[s.number].slot.practitioner_id if s.number in placed else treating(s) for s in chain.steps]
    return PlanCost(
        wishes_broken=sum(not wishes.fits(wall) for wall in walls),
        days_off_target=_days_off_target(chain, dates),
        last_on=dates[chain.steps[-1].number],
        practitioner_changes=sum(changes_hands(one, other) for one, other in pairwise(people)),
        hours_spread=max(minutes) - min(minutes),
    )


def _days_off_target(chain: Chain, dates: Mapping[int, date]) -> int:
    """Over all gaps but those between two fixed steps, which no plan can change."""
    gaps = gaps_of(chain, dates)
    moving = [not is_fixed(step) for step in chain.steps]
    return sum(
        abs(gap - step.gap.target_days)
        for step, own, before in zip(chain.steps, moving, [False, *moving], strict=False)
        if (own or before) and step.gap and (gap := gaps[step.number]) is not None
    )


def changes_hands(one: UUID | None, other: UUID | None) -> bool:
    """Whether the practitioner of one session is not that of the other; an unknown one changes nothing."""
    return one is not None and other is not None and one != other
