"""The planner's answers found by trying everything: slow, plain, and written without looking at the planner."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import pairwise
from uuid import UUID

from scheduler.domain.chain import Chain, Step
from scheduler.domain.planning import PlanCost
from scheduler.domain.wishes import Preference, Wishes
from tests.domain.planning_cases import Case, Offer, instant

Stop = tuple[date, time | None, UUID | None]  # a fixed step has no time here


def plan_costs(case: Case) -> dict[tuple[date, UUID | None], PlanCost]:
    """The least cost of a plan for each first date and first practitioner."""
    best: dict[tuple[date, UUID | None], PlanCost] = {}
    for stops in _ways(case, 0, case.chain.reference):
        if case.wishes.same_practitioner and len({who for _, _, who in stops if who}) > 1:
            continue
        first = next(s for s, step in zip(stops, case.chain.steps, strict=True) if step.fixed_on is None)
        key, cost = (first[0], first[2]), _cost(case, stops)
        best[key] = min(cost, best.get(key, cost))
    return best


def _ways(case: Case, place: int, before: date | None) -> Iterator[tuple[Stop, ...]]:
    if place == len(case.chain.steps):
        yield ()
        return
    step = case.chain.steps[place]
    for stop in stops_of(case, step):
        both_fixed = step.fixed_on is not None and (place == 0 or case.chain.steps[place - 1].fixed_on is not None)
        if both_fixed or before is None or gap_allowed(step, before, stop[0]):
            for rest in _ways(case, place + 1, stop[0]):
                yield (stop, *rest)


def stops_of(case: Case, step: Step) -> list[Stop]:
    if step.fixed_on is not None:
        return [(step.fixed_on, None, step.booked.slot.practitioner_id if step.booked else None)]
    return [offer for offer in sorted(case.offers[step.number]) if _allowed(case.wishes, step, offer)]


def _allowed(wishes: Wishes, step: Step, offer: Offer) -> bool:
    on, at, who = offer
    return (
        date_allowed(step, on)
        and not any(first <= on <= last for first, last in wishes.avoid)
        and (wishes.start_on is None or on >= wishes.start_on)
        and (wishes.practitioner_id is None or who == wishes.practitioner_id)
        and (step.number not in wishes.pinned or instant(on, at) == wishes.pinned[step.number])
    )


def date_allowed(step: Step, on: date) -> bool:
    """Inside the step's range or on its override's date, and not blocked."""
    overridden = step.override is not None and step.override.on == on
    in_range = step.earliest <= on <= step.latest
    return (in_range or overridden) and not any(b.first <= on <= b.last for b in step.blocked)


def gap_allowed(step: Step, before: date, on: date) -> bool:
    days = (on - before).days
    if days < 1:
        return False
    if step.gap is None or step.gap.min_days <= days <= step.gap.max_days:
        return True
    if step.override is None or step.override.on != on or step.override_gap is None:
        return False
    return step.override_gap <= days < step.gap.min_days or step.gap.max_days < days <= step.override_gap


def _cost(case: Case, stops: tuple[Stop, ...]) -> PlanCost:
    placed = [(on, at) for on, at, _ in stops if at is not None]
    minutes = [at.hour * 60 + at.minute for _, at in placed]
    return PlanCost(
        wishes_broken=sum(not fits(case.wishes.prefer, datetime.combine(on, at)) for on, at in placed),
        days_off_target=_days_off_target(case.chain, [on for on, _, _ in stops]),
        last_on=stops[-1][0],
        practitioner_changes=sum(one != other for (_, _, one), (_, _, other) in pairwise(stops) if one and other),
        hours_spread=max(minutes) - min(minutes),
    )


def fits(prefer: tuple[Preference, ...], wall: datetime) -> bool:
    hours = [(p.from_time, p.to_time) for p in prefer if p.weekday == wall.weekday()]
    return not prefer or any(first <= wall.time() < last for first, last in hours)


def _days_off_target(chain: Chain, dates: list[date]) -> int:
    total = 0
    before, before_fixed = chain.reference, True
    for step, on in zip(chain.steps, dates, strict=True):
        fixed = step.fixed_on is not None
        if step.gap and before and not (fixed and before_fixed):
            total += abs((on - before).days - step.gap.target_days)
        before, before_fixed = on, fixed
    return total
