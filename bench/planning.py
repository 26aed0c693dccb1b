"""Planning: the search in the core, and from the database to five plans, at both sizes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import UUID

from bench.crowds import SIZES, Crowded, crowd
from bench.rounds import Bar, at_most, medians
from scheduler.domain.chain import chain_of
from scheduler.domain.exclusions import PlanQuestion
from scheduler.domain.planning import best_plans
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.planning import horizon_of, phases_of, plan_series
from scheduler.operations.booking.supplies import supply_of
from scheduler.storage.snapshots import load_snapshot

MILLISECONDS = 1000


def bars() -> Iterator[Bar]:
    """Five plans of six sessions over twelve months."""
    with ExitStack() as stack:
        crowds = {size: stack.enter_context(crowd(size)) for size in SIZES}
        yield at_most("five best plans of six, in the core", _core(crowds["10,000"]) * MILLISECONDS, 2, "ms")
        spent = medians({size: _planning(one, one.new_series()) for size, one in crowds.items()}, times=20)
        for size, took in spent.items():
            print(f"     database to five plans, {size} appointments: {took * MILLISECONDS:.2f} ms")
        yield at_most("five plans, 1,000,000 to 10,000 appointments", spent["1,000,000"] / spent["10,000"], 1.3)


def _core(crowded: Crowded) -> float:
    series_id, wishes = crowded.new_series(), Wishes()
    with crowded.database.read() as tx:
        context = crowded.context(tx)
        snapshot = load_snapshot(tx, crowded.actor.organisation_id, series_id, crowded.now)
        chain = chain_of(snapshot.series, snapshot.around, range(1, 7))
        grid = horizon_of(chain, snapshot)
        supply = supply_of(context, crowded.free_time, snapshot, grid).supply
    question = PlanQuestion(chain, phases_of(snapshot.series), supply, wishes, grid)
    return medians({"plan": lambda: best_plans(chain, question.starts(), wishes, grid)}, times=50)["plan"]


def _planning(crowded: Crowded, series_id: UUID) -> Callable[[], object]:
    def plan() -> object:
        with crowded.database.read() as tx:
            return plan_series(crowded.context(tx), crowded.free_time, series_id=series_id, wishes=Wishes())

    return plan
