"""Plan search: the exact best completion of every first date and first practitioner of a chain.

The levels give broken wishes and days off target for all first dates at once. Openings are then taken in the order of
that cost, and only as many as are asked for are looked at for the criteria that remain.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import islice
from operator import attrgetter, or_
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.chain import Chain, Step
from scheduler.domain.chain_days import blocked_days, chain_days, joint_before, legal_days
from scheduler.domain.completions import UNKNOWN, Completions, FixedStop, OpenStop, Stop, is_change
from scheduler.domain.day_grid import CELL_MINUTES, DayGrid
from scheduler.domain.levels import ANY_DAY, SECOND, Layer, Solved, days_in, solve
from scheduler.domain.wishes import Wishes, wished_starts

BROKEN_WISH = SECOND


@dataclass(frozen=True, slots=True)
class Opening:
    """A first session and what its best plan costs: ``rank`` grows criterion by criterion.

    ``hours`` are wall slots to choose from; ``person`` is the practitioner's turn in the offer.
    """

    day: int
    person: int
    hours: int
    rank: tuple[int, ...]

    def costing(self, *more: int) -> "Opening":
        return replace(self, rank=(*self.rank, *more))


@dataclass(frozen=True, slots=True)
class Found:
    """The best completion of one opening: grid day, wall slot and practitioner of each session number to be placed."""

    rank: tuple[int, ...]
    starts: Mapping[int, tuple[int, int, UUID | None]]


class PlanSearch:
    """A chain from its first step without a date on. Steps are layers, days are bits.

    Plans that rank behind ``bound`` are of no interest and may be missing.
    """

    def __init__(
        self,
        chain: Chain,
        starts: Mapping[int, FreeStarts],
        wishes: Wishes,
        grid: DayGrid,
        bound: tuple[int, ...] | None = None,
    ) -> None:
        first = next(place for place, step in enumerate(chain.steps) if step.fixed_on is None)
        self.days = chain_days(chain, grid)
        self.steps = chain.steps[first:]
        self._before = chain.steps[first - 1].fixed_on if first else chain.reference
        self._people = offered(chain, starts)
        self._turns = turns_of(self._people)
        self._handed_over = self._turns[treating(chain.steps[first - 1])] if first else UNKNOWN
        self._wished = wished_starts(grid, starts, wishes, self._turns)
        self._marks = grid.starts_every // CELL_MINUTES
        self._bound = bound
        self._layers = tuple(map(self._layer, self.steps, self._unwanted(wishes), [True, *map(is_fixed, self.steps)]))

    def _unwanted(self, wishes: Wishes) -> list[int]:
        avoided = self.days.of_ranges(wishes.avoid)
        if wishes.start_on is not None:
            avoided |= (1 << max(self.days.index(wishes.start_on), 0)) - 1
        blocked = blocked_days(self.steps, self.days)
        return [avoided | blocked[step.number] for step in self.steps]

    def _layer(self, step: Step, unwanted: int, after_fixed: bool) -> Layer:
        joint = joint_before(step, self.days, both_fixed=after_fixed and is_fixed(step))
        if step.fixed_on is not None:
            return Layer(((0, self.days.bit(step.fixed_on)),), joint)
        legal = legal_days(step, self.days, unwanted)
        wished, offset = self._wished[step.number], self.days.offset
        fitting, other = wished.fitting_days << offset & legal, wished.other_days << offset & legal
        return Layer(((0, fitting), (BROKEN_WISH, other)), joint)

    @cached_property
    def _solved(self) -> Solved:
        return solve(self._layers, self._bound[0] if self._bound else None)

    @cached_property
    def _completions(self) -> Completions:
        return Completions(self._solved, [self._stop(step) for step in self.steps], self._marks)

    def _stop(self, step: Step) -> FixedStop | OpenStop:
        return (
            FixedStop(self._turns[treating(step)]) if is_fixed(step) else OpenStop(self._wished[step.number], self.days)
        )

    @cached_property
    def _shortest(self) -> int:
        """The days from the first to the last date when every gap is on target; a fixed step leaves no such bound."""
        if any(map(is_fixed, self.steps)):
            return -self.days.length
        return sum(step.gap.target_days if step.gap else 1 for step in self.steps[1:])

    def count(self, limit: int) -> int:
        """How many openings can be completed, up to the limit."""
        return sum(1 for _ in islice((one for _, level in self._levels() for one in level), limit))

    def best(self, limit: int) -> list[Found]:
        """The best completions of the best openings, best first."""
        found: list[Found] = []
        for cost, level in self._levels():
            if len(found) >= limit or (self._bound and cost > self._bound[0]):
                break
            found += self._best_of(cost, level, limit - len(found))
        return found

    def _levels(self) -> Iterator[tuple[int, Iterator[Opening]]]:
        """The openings of each cost, costs rising: each pair of first day and practitioner where it is cheapest."""
        layer = self._layers[0]
        entry = list(layer.joint.after(self.days.index(self._before))) if self._before else [(0, ANY_DAY)]
        found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for cost, able in layer.choices:
            for extra, reach in entry:
                for rest, days in self._solved.onward[0].items():
                    found[cost + extra + rest].append((able & reach & days, cost == 0))
        seen: set[Stop] = set()
        for cost in sorted(found):
            yield cost, self._openings(cost, found[cost], seen)

    def _openings(self, cost: int, sets: list[tuple[int, bool]], seen: set[Stop]) -> Iterator[Opening]:
        starts = self._wished[self.steps[0].number]
        for day in days_in(reduce(or_, (days for days, _ in sets))):
            for fitting in (fitting for days, fitting in sets if days >> day & 1):
                for person, hours in starts.people(self.days.in_grid(day), fitting):
                    if (day, person) not in seen:
                        seen.add((day, person))
                        yield Opening(day, person, hours, (cost,))

    def _best_of(self, cost: int, openings: Iterable[Opening], need: int) -> list[Found]:
        """The best of openings that cost the same so far: by last date, changes, spread, then day and turn."""
        ending = self._ending_first(cost, openings, need)
        steady = self._narrowed([one.costing(self._changes(one)) for one in ending], need)
        spread = [one.costing(self._spread(one), one.day, one.person) for one in steady]
        return [self._complete(one) for one in sorted(spread, key=attrgetter("rank"))[:need]]

    def _ending_first(self, cost: int, openings: Iterable[Opening], need: int) -> list[Opening]:
        """Those that can end first. Openings come by day, and late ones cannot end before the bound."""
        found: list[Opening] = []
        lasts: list[int] = []
        latest = self._bound[1] if self._bound and self._bound[0] == cost else self.days.length
        for one in openings:
            if len(lasts) >= need:
                latest = min(latest, lasts[need - 1])
            if one.day + self._shortest - cost % SECOND > latest:
                break
            last = self._completions.last_day(0, one.day)
            found.append(one.costing(last))
            insort(lasts, last)
        return self._narrowed(found, need)

    def _narrowed(self, openings: list[Opening], need: int) -> list[Opening]:
        """Those that may still be among the best: fewer than ``need`` are strictly better, and the bound is not."""
        ranked = sorted(openings, key=attrgetter("rank"))
        worst = [ranked[need - 1].rank] if len(ranked) > need else []
        if self._bound and ranked:
            worst.append(self._bound[: len(ranked[0].rank)])
        return [one for one in ranked if all(one.rank <= rank for rank in worst)]

    def _changes(self, one: Opening) -> int:
        return is_change(self._handed_over, one.person) + self._completions.changes(0, one.day, one.person)

    def _spread(self, one: Opening) -> int:
        return self._completions.least_spread((one.day, one.person), one.hours)

    def _complete(self, one: Opening) -> Found:
        walk = self._completions.walk((one.day, one.person), one.hours, one.rank[3])
        return Found(
            one.rank,
            {
                step.number: (self.days.in_grid(day), wall_slot, self._people[person])
                for step, ((day, person), wall_slot) in zip(self.steps, walk, strict=True)
                if not is_fixed(step)
            },
        )


def is_fixed(step: Step) -> bool:
    return step.fixed_on is not None


def treating(step: Step) -> UUID | None:
    """Who treats at a step that is booked."""
    return step.booked.slot.practitioner_id if step.booked else None


def offered(chain: Chain, starts: Mapping[int, FreeStarts], *also: UUID | None) -> list[UUID | None]:
    """Everybody who takes part, in the order of the offer; ``None`` last, for steps where nobody is known or needed."""
    free = (who for step in chain.steps if not is_fixed(step) for who in starts[step.number].by_practitioner)
    people = (*free, *map(treating, chain.steps), *also)
    return [*dict.fromkeys(who for who in people if who is not None), None]


def turns_of(people: Sequence[UUID | None]) -> dict[UUID | None, int]:
    """The place of each in the offer."""
    return {who: UNKNOWN if who is None else turn for turn, who in enumerate(people)}
