"""Change sets of small random questions against the plain search, which tries every way."""

from random import Random

import pytest

from scheduler.domain.replanning import ChangeSet, best_changes
from tests.domain.plain_replanning import Key, change_costs
from tests.domain.planning_cases import Case, Shape, random_replan

SHAPES = (Shape(), Shape(days=20, sessions=(3, 5), people=3, offered=0.14, least=(2, 4), above=(1, 3)))


def beginning(case: Case, changes: ChangeSet) -> Key | None:
    anew = [move for move in changes.moves if move.number not in case.requested]
    return (anew[0].number, anew[0].after_on, anew[0].after.practitioner_id) if anew else None


@pytest.mark.parametrize("shape", SHAPES, ids=("small", "sparse"))
@pytest.mark.parametrize("seeds", [range(first, first + 30) for first in range(0, 150, 30)], ids=str)
def test_the_five_best_change_sets_cost_what_the_five_best_of_all_cost(shape: Shape, seeds: range) -> None:
    for case in (random_replan(Random(seed), shape) for seed in seeds):
        costs = change_costs(case)
        found = best_changes(
            case.chain, case.starts(), case.wishes, case.grid, requested=case.requested, must_move=case.must_move
        )
        assert [changes.cost for changes in found] == sorted(costs.values())[:5]
        assert [costs[beginning(case, changes)] for changes in found] == [changes.cost for changes in found]
        assert len({beginning(case, changes) for changes in found}) == len(found)
