"""Planning questions as models of CP-SAT, an independent solver, with all criteria in one objective."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import prod
from uuid import UUID

from ortools.sat.python import cp_model

from scheduler.domain.chain import Step
from scheduler.domain.planning import PlanCost
from scheduler.domain.replanning import ReplanCost
from tests.domain.plain_planning import fits, stops_of
from tests.domain.plain_replanning import Stand, settled, stands_of, step_cost
from tests.domain.planning_cases import FIRST_DAY, Case, Shape

ORIGIN = FIRST_DAY - timedelta(200)
LAST = 600
ACROSS_MONTHS = Shape(
    days=100,
    sessions=(3, 6),
    people=3,
    times=(time(9), time(10, 30), time(15), time(16, 15)),
    offered=0.08,
    least=(8, 14),
    below=(0, 5),
    above=(0, 6),
)
Key = tuple[date, UUID | None]


class Days:
    """What plans and replans share: a choice and a date for each step, and the gaps between them."""

    def __init__(self, case: Case, choices: Sequence[Sequence[date]], fixed: Sequence[bool]) -> None:
        self.model, self.solver = cp_model.CpModel(), cp_model.CpSolver()
        self.case, self.fixed = case, fixed
        self.chosen = [[self.model.new_bool_var(f"x{k}.{i}") for i in range(len(own))] for k, own in enumerate(choices)]
        self.dates = []
        for chosen, own in zip(self.chosen, choices, strict=True):
            self.model.add_exactly_one(chosen)
            self.dates.append(self.sum_of(chosen, [(on - ORIGIN).days for on in own]))
        self.gaps = [self._gap(place, step) for place, step in enumerate(case.chain.steps)]

    def sum_of(self, chosen: Sequence[cp_model.IntVar], values: Sequence[int]) -> cp_model.IntVar:
        """The value of what is chosen."""
        total = self.model.new_int_var(-1, 100_000, "")
        self.model.add(total == sum(x * value for x, value in zip(chosen, values, strict=True)))
        return total

    def _gap(self, place: int, step: Step) -> cp_model.IntVar | None:
        """The days since the step before, within its bounds; ``None`` where nothing is asked."""
        reference = self.case.chain.reference
        if place == 0 and reference is None:
            return None
        before = self.dates[place - 1] if place else (reference - ORIGIN).days if reference else 0
        gap = self.model.new_int_var(-LAST, LAST, "")
        self.model.add(gap == self.dates[place] - before)
        if self.fixed[place] and (place == 0 or self.fixed[place - 1]):
            return None
        self._bound(step, place, gap)
        return gap

    def _bound(self, step: Step, place: int, gap: cp_model.IntVar) -> None:
        least, most = (max(step.gap.min_days, 1), step.gap.max_days) if step.gap else (1, LAST)
        given = step.override_gap if step.gap and step.override else None
        if step.override is None or given is None:
            self.model.add_linear_constraint(gap, least, most)
            return
        there = self.model.new_bool_var("")
        day = (step.override.on - ORIGIN).days
        self.model.add(self.dates[place] == day).only_enforce_if(there)
        self.model.add_linear_constraint(gap, least, most).only_enforce_if(~there)
        self.model.add_linear_constraint(gap, max(min(least, given), 1), max(most, given)).only_enforce_if(there)

    def off_target(self, places: Iterable[int]) -> cp_model.LinearExprT:
        """The days by which the gaps before these places miss their targets."""
        missed = []
        for place in places:
            gap, step = self.gaps[place], self.case.chain.steps[place]
            if gap is not None and step.gap:
                missed.append(self.model.new_int_var(0, LAST, ""))
                self.model.add_abs_equality(missed[-1], gap - step.gap.target_days)
        return sum(missed)

    def solve(self, criteria: Sequence[tuple[cp_model.LinearExprT, int]]) -> list[int] | None:
        """The values of the criteria at the lexicographic optimum, each below its bound; ``None`` when impossible."""
        values = [self._value(criterion, bound) for criterion, bound in criteria]
        weights = [prod(bound for _, bound in criteria[place + 1 :]) for place in range(len(criteria))]
        self.model.minimize(sum(value * weight for value, weight in zip(values, weights, strict=True)))
        self.solver.parameters.num_workers = 1
        status = self.solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        return [int(self.solver.value(value)) for value in values]

    def _value(self, criterion: cp_model.LinearExprT, bound: int) -> cp_model.IntVar:
        value = self.model.new_int_var(0, bound - 1, "")
        self.model.add(value == criterion)
        return value


def solve_plan(case: Case, taken: Iterable[Key] = ()) -> tuple[PlanCost, Key] | None:
    """The best plan that opens with none of these first dates and practitioners."""
    steps = case.chain.steps
    stops = [stops_of(case, step) for step in steps]
    days = Days(case, [[on for on, _, _ in own] for own in stops], [step.fixed_on is not None for step in steps])
    placed = [place for place, step in enumerate(steps) if step.fixed_on is None]
    first, forbidden = placed[0], set(taken)
    for x, (on, _, who) in zip(days.chosen[first], stops[first], strict=True):
        if (on, who) in forbidden:
            days.model.add(x == 0)
    broken = sum(
        x
        for place in placed
        for x, (on, at, _) in zip(days.chosen[place], stops[place], strict=True)
        if not fits(case.wishes.prefer, datetime.combine(on, at or time()))
    )
    touching = [place for place in range(len(steps)) if place in placed or place - 1 in placed]
    changes, spread = _changes(case, days, stops), _spread(days, stops, placed)
    found = days.solve(
        [(broken, 20), (days.off_target(touching), 1000), (days.dates[-1], 1000), (changes, 20), (spread, 300)]
    )
    if found is None:
        return None
    chosen = next(stop for x, stop in zip(days.chosen[first], stops[first], strict=True) if days.solver.value(x))
    cost = PlanCost(found[0], found[1], ORIGIN + timedelta(found[2]), found[3], found[4] * 5)
    return cost, (chosen[0], chosen[2])


def _changes(
    case: Case, days: Days, stops: Sequence[Sequence[tuple[date, time | None, UUID | None]]]
) -> cp_model.LinearExprT:
    people = [
        days.sum_of(chosen, [0 if who is None else who.int for _, _, who in own])
        for chosen, own in zip(days.chosen, stops, strict=True)
    ]
    known = [any(who for _, _, who in own) for own in stops]
    changes = []
    for place, (one, other) in enumerate(pairwise(people)):
        if known[place] and known[place + 1]:
            changes.append(days.model.new_bool_var(""))
            days.model.add(one == other).only_enforce_if(~changes[-1])
    if case.wishes.same_practitioner:
        named = [person for person, is_known in zip(people, known, strict=True) if is_known]
        for one, other in pairwise(named):
            days.model.add(one == other)
    return sum(changes)


def _spread(
    days: Days, stops: Sequence[Sequence[tuple[date, time | None, UUID | None]]], placed: Sequence[int]
) -> cp_model.LinearExprT:
    low, high = days.model.new_int_var(0, 288, "low"), days.model.new_int_var(0, 288, "high")
    for place in placed:
        slots = [(at.hour * 60 + at.minute) // 5 if at else 0 for _, at, _ in stops[place]]
        slot = days.sum_of(days.chosen[place], slots)
        days.model.add(low <= slot)
        days.model.add(slot <= high)
    return high - low


@dataclass(frozen=True)
class Beginning:
    """The first session that is placed anew: its place in the chain, its date, its practitioner."""

    place: int
    on: date
    who: UUID | None


def solve_replan(case: Case, taken: Iterable[Beginning] = ()) -> tuple[ReplanCost, Beginning | None] | None:
    """The best change set that begins in none of these ways."""
    steps = case.chain.steps
    stands = [list(stands_of(case, step)) for step in steps]
    days = Days(case, [[stand.on for stand in own] for own in stands], [settled(step) is not None for step in steps])
    anew = [[stand.anew for stand in own] for own in stands]
    for one in taken:
        before = [~x for p in range(one.place) for x, new in zip(days.chosen[p], anew[p], strict=True) if new]
        for x, stand in zip(days.chosen[one.place], stands[one.place], strict=True):
            if stand.anew and stand.slot and (stand.on, stand.slot.practitioner_id) == (one.on, one.who):
                days.model.add_bool_or([~x, *(~b for b in before)])
    never = [p for p, step in enumerate(steps) if settled(step) is None and step.anchor is None]
    costs = [[step_cost(step, stand) for stand in own] for step, own in zip(steps, stands, strict=True)]
    moved, far, people, weekdays, minutes = (
        sum(x * cost[n] for xs, own in zip(days.chosen, costs, strict=True) for x, cost in zip(xs, own, strict=True))
        for n in range(5)
    )
    found = days.solve(
        [
            *((moved, 10), (far, 2000), (days.off_target(never), 500)),
            *((people, 10), (weekdays, 10), (minutes, 9000), (days.dates[-1], 1000)),
        ]
    )
    if found is None:
        return None
    a, b, c, d, e, f, last = found
    return ReplanCost(a, b, c, d, e, f, ORIGIN + timedelta(last)), _beginning(days, stands)


def _beginning(days: Days, stands: Sequence[Sequence[Stand]]) -> Beginning | None:
    for place, (chosen, own) in enumerate(zip(days.chosen, stands, strict=True)):
        stand = next(stand for x, stand in zip(chosen, own, strict=True) if days.solver.value(x))
        if stand.anew and stand.slot:
            return Beginning(place, stand.on, stand.slot.practitioner_id)
    return None
