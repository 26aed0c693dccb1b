"""Change sets over months against CP-SAT: the same cost, in all seven criteria, or none for either."""

from random import Random

import pytest

from scheduler.domain.replanning import ChangeSet, ReplanCost, best_changes
from tests.domain.planning_cases import Case, random_replan
from tests.domain.solver.models import ACROSS_MONTHS, Beginning, solve_replan

RUNS = [range(first, first + 10) for first in range(0, 260, 10)]


def answers(case: Case) -> tuple[ChangeSet, ...]:
    return best_changes(
        case.chain, case.starts(), case.wishes, case.grid, requested=case.requested, must_move=case.must_move
    )


@pytest.mark.parametrize("seeds", RUNS, ids=str)
def test_the_best_change_set_costs_what_the_solver_finds(seeds: range) -> None:
    for case in (random_replan(Random(seed), ACROSS_MONTHS) for seed in seeds):
        solved = solve_replan(case)
        assert [changes.cost for changes in answers(case)[:1]] == ([solved[0]] if solved else [])


def test_enough_of_the_questions_can_be_answered() -> None:
    cases = [random_replan(Random(seed), ACROSS_MONTHS) for seeds in RUNS for seed in seeds]
    assert len([case for case in cases if answers(case)]) >= 150


@pytest.mark.parametrize("seed", range(1000, 1012))
def test_the_five_change_sets_are_the_five_best_beginnings_of_the_solver(seed: int) -> None:
    case = random_replan(Random(seed), ACROSS_MONTHS)
    costs: list[ReplanCost] = []
    taken: list[Beginning] = []
    while len(costs) < 5 and (solved := solve_replan(case, taken)):
        costs.append(solved[0])
        if solved[1] is None:
            break
        taken.append(solved[1])
    assert [changes.cost for changes in answers(case)] == costs
