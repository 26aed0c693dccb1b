"""Plans of small random questions against the plain search, which tries every way."""

from random import Random

import pytest

from scheduler.domain.planning import best_plans, count_plans
from tests.domain.plain_planning import plan_costs
from tests.domain.planning_cases import Case, Shape, random_plan

SHAPES = (Shape(), Shape(days=22, sessions=(3, 5), people=3, offered=0.16, least=(2, 4)))


def questions(shape: Shape, seeds: range) -> list[Case]:
    """Those with something to place."""
    cases = [random_plan(Random(seed), shape) for seed in seeds]
    return [case for case in cases if case.offers]


@pytest.mark.parametrize("shape", SHAPES, ids=("small", "sparse"))
@pytest.mark.parametrize("seeds", [range(first, first + 30) for first in range(0, 150, 30)], ids=str)
def test_the_five_best_plans_cost_what_the_five_best_of_all_cost(shape: Shape, seeds: range) -> None:
    for case in questions(shape, seeds):
        costs = plan_costs(case)
        plans = best_plans(case.chain, case.starts(), case.wishes, case.grid)
        assert [plan.cost for plan in plans] == sorted(costs.values())[:5]
        openings = [(plan.placements[0].on, plan.placements[0].slot.practitioner_id) for plan in plans]
        assert [costs[opening] for opening in openings] == [plan.cost for plan in plans]
        assert len(set(openings)) == len(plans)
        assert count_plans(case.chain, case.starts(), case.wishes, case.grid, limit=9) == min(len(costs), 9)
