"""Replan search: the change sets that move least, exact, for every way in which a chain can begin to differ."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import zip_longest
from operator import attrgetter, or_

from scheduler.domain.chain_days import ChainDays
from scheduler.domain.levels import ANY_DAY, Levels, days_in, solve
from scheduler.domain.replan_steps import MOVED, NO_SHIFT, Choice, ReplanStep, Shift, plus


@dataclass(frozen=True, slots=True)
class Anew:
    """A step, by its place in the chain, that is placed anew: on which day, and what is chosen there."""

    place: int
    day: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class Change:
    """A change set: its cost in order, with what breaks ties, and the steps that are placed anew."""

    rank: tuple[int | Shift, ...]
    placed: tuple[Anew, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Steps from the first on that are all kept: what they cost, what they give up, and the day of the last."""

    cost: int
    shift: Shift
    day: int | None


def least_moves(steps: Sequence[ReplanStep], days: ChainDays, before: int | None, limit: int) -> list[Change]:
    """The best change sets, best first: those of few moves are looked for before those of more.

    ``before`` is the day that the first gap counts from. Where everything can be kept, nothing else is of use.
    """
    found: list[Change] = []
    for most in range(len(steps) + 1):
        found = ReplanSearch(within_reach(steps, before, most), days, before, most).best(limit)
        if len(found) == limit or [change.placed for change in found] == [()]:
            break
    return found


def within_reach(steps: Sequence[ReplanStep], before: int | None, most: int) -> list[ReplanStep]:
    """The steps without the days that take more than ``most`` moves to come to."""
    found: list[ReplanStep] = []
    ahead = {0: ANY_DAY} if before is None else {0: steps[0].joint.beyond(1 << before)}
    for step, following in zip_longest(steps, steps[1:]):
        arrived: dict[int, int] = defaultdict(int)
        for moves, days in ahead.items():
            arrived[moves + step.kept_moves] |= days & step.kept_on
            arrived[moves + step.moves] |= days & step.open_days
        arrived = {moves: days for moves, days in arrived.items() if days and moves <= most}
        found.append(replace(step, open_days=step.open_days & reduce(or_, arrived.values(), 0)))
        ahead = {moves: following.joint.beyond(days) for moves, days in arrived.items()} if following else {}
    return found


class ReplanSearch:
    """The steps of a chain; ``before`` is the day that its first gap counts from. At most ``most`` sessions move."""

    def __init__(self, steps: Sequence[ReplanStep], days: ChainDays, before: int | None, most: int) -> None:
        self._steps = steps
        self._days = days
        self._most = (most + 1) * MOVED - 1
        self._solved = solve([step.layer for step in steps], self._most)
        self._heads = list(self._kept_heads(Head(0, NO_SHIFT, before)))
        self._end = len(steps) - 1
        self._value = cache(self._least_given_up)

    def _kept_heads(self, head: Head) -> Iterator[Head]:
        """For each place the head before it, as long as all can be kept; after the last, all of them."""
        yield head
        for step in self._steps:
            arrival = next((cost for cost, days in _reach(step, head) if step.kept_on & days), None)
            if step.kept is None or arrival is None:
                return
            head = Head(head.cost + arrival + step.kept_cost, plus(head.shift, step.kept_shift), step.kept)
            yield head

    def best(self, limit: int) -> list[Change]:
        """The best change sets, best first."""
        if len(self._heads) > len(self._steps):
            return [Change((), ())]
        found: list[Change] = []
        beginnings = self._beginnings()
        for cost in sorted(beginnings):
            if len(found) >= limit:
                break
            changes = [self._change(cost, one) for one in self._choices(beginnings[cost])]
            found += sorted(changes, key=attrgetter("rank"))[: limit - len(found)]
        return found

    def _beginnings(self) -> dict[int, list[tuple[int, int]]]:
        """By cost, the place and the day of the first step that is placed anew."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, head in enumerate(self._heads):
            step = self._steps[place]
            ahead: Levels = defaultdict(int)
            for extra, reach in _reach(step, head):
                for rest, days in self._solved.onward[place].items():
                    ahead[head.cost + extra + rest] |= reach & days
            for cost, days in step.anew.through(ahead).items():
                if cost <= self._most:
                    found[cost] += [(place, day) for day in days_in(days)]
        return found

    def _choices(self, beginnings: Iterable[tuple[int, int]]) -> Iterator[Anew]:
        """One beginning for each practitioner."""
        for place, day in beginnings:
            for choice in self._steps[place].choices(day, self._days):
                yield Anew(place, day, choice)

    def _change(self, cost: int, first: Anew) -> Change:
        placed = (first, *self._followers(first))
        shift, last = self._after(first.place, first.day)
        shift = plus(self._heads[first.place].shift, plus(first.choice.shift, shift))
        return Change((cost, shift, last, first.place, first.day, first.choice.person), placed)

    def _after(self, place: int, day: int) -> tuple[Shift, int]:
        """What the steps after this one give up at best, and the last day."""
        if place == self._end:
            return NO_SHIFT, day
        return min(self._value(place + 1, later) for later in self._solved.nexts(place, day))

    def _least_given_up(self, place: int, day: int) -> tuple[Shift, int]:
        step = self._steps[place]
        own = step.kept_shift if day == step.kept else step.choices(day, self._days)[0].shift
        shift, last = self._after(place, day)
        return plus(own, shift), last

    def _followers(self, one: Anew) -> Iterator[Anew]:
        """The steps after this one that are placed anew as well; of equal days the first."""
        day = one.day
        for place in range(one.place + 1, self._end + 1):
            _, day = min((self._value(place, later), later) for later in self._solved.nexts(place - 1, day))
            if day != self._steps[place].kept:
                yield Anew(place, day, self._steps[place].choices(day, self._days)[0])


def _reach(step: ReplanStep, head: Head) -> Iterable[tuple[int, int]]:
    return ((0, ANY_DAY),) if head.day is None else step.joint.after(head.day)
