"""Plans of months against CP-SAT: the same cost, in all five criteria, or none for either."""

from random import Random

import pytest

from scheduler.domain.planning import PlanCost, best_plans
from tests.domain.planning_cases import Case, random_plan
from tests.domain.solver.models import ACROSS_MONTHS, Key, solve_plan

RUNS = [range(first, first + 10) for first in range(0, 240, 10)]


def question(seed: int) -> Case:
    """The first with something to place."""
    random = Random(seed)
    cases = (random_plan(random, ACROSS_MONTHS) for _ in range(100))
    return next(case for case in cases if case.offers)


@pytest.mark.parametrize("seeds", RUNS, ids=str)
def test_the_best_plan_costs_what_the_solver_finds(seeds: range) -> None:
    for case in map(question, seeds):
        plans = best_plans(case.chain, case.starts(), case.wishes, case.grid)
        solved = solve_plan(case)
        assert [plan.cost for plan in plans[:1]] == ([solved[0]] if solved else [])


def test_enough_of_the_questions_can_be_answered() -> None:
    cases = [question(seed) for seeds in RUNS for seed in seeds]
    answered = [case for case in cases if best_plans(case.chain, case.starts(), case.wishes, case.grid, limit=1)]
    assert len(answered) >= 150


@pytest.mark.parametrize("seed", range(1000, 1008))
def test_the_five_plans_are_the_five_best_openings_of_the_solver(seed: int) -> None:
    case = question(seed)
    plans = best_plans(case.chain, case.starts(), case.wishes, case.grid)
    costs: list[PlanCost] = []
    taken: list[Key] = []
    while len(costs) < 5 and (solved := solve_plan(case, taken)):
        costs.append(solved[0])
        taken.append(solved[1])
    assert [plan.cost for plan in plans] == costs
