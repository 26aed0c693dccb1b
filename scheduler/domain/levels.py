"""Levels: the exact cost of finishing a chain, for all days of a horizon at once.

A session can be placed on many days; what matters for the ones after it is the day alone. So the days of one step are
kept as *levels*: a map from cost to the days, as bits of an integer, from which the rest can be finished at that cost
and no better. Going back over a gap is one shift for all days together. Solving from the last step to the first gives
the best completion of every first day, which is what a list of really different plans is chosen from.

A cost is one integer of three digits in base 2**20, so that comparing integers compares the digits in order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from typing import Protocol

Levels = dict[int, int]

FIRST, SECOND, THIRD = 1 << 40, 1 << 20, 1
ANY_DAY = -1


def cheapest(found: Levels) -> Levels:
    """Each day at its lowest cost only, costs rising."""
    seen = 0
    levels: Levels = {}
    for cost in sorted(found):
        if new := found[cost] & ~seen:
            levels[cost] = new
            seen |= new
    return levels


def cost_on(levels: Levels, day: int) -> int:
    """The cost of a day; raises ``KeyError`` for one that cannot be finished."""
    for cost, days in levels.items():
        if days >> day & 1:
            return cost
    raise KeyError(day)


def days_in(bits: int) -> Iterator[int]:
    """The days of a set, in order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


class Joint(Protocol):
    """How two neighbouring steps hang together."""

    def before(self, levels: Levels) -> Levels:
        """The cost of reaching these levels from each day of the step before."""

    def after(self, day: int) -> Iterable[tuple[int, int]]:
        """The days that can be reached when the step before is on ``day``, by what that costs, costs rising."""

    def beyond(self, days: int) -> int:
        """All days that can be reached when the step before is on any of ``days``."""


@dataclass(frozen=True, slots=True)
class Leap:
    """Gaps in days that cost the same, and the days that they may lead to."""

    cost: int
    gaps: tuple[int, ...]
    into: int = ANY_DAY

    @property
    def reach(self) -> int:
        """The days that can be reached from day 0."""
        return sum(1 << gap for gap in self.gaps)


class Spaced:
    """A gap in days within bounds. The leaps share no gap but where they lead to different days."""

    def __init__(self, leaps: Iterable[Leap]) -> None:
        self.leaps = sorted(leaps, key=attrgetter("cost"))
        self._reach = [(leap.cost, leap.reach, leap.into) for leap in self.leaps]

    def before(self, levels: Levels) -> Levels:
        found: Levels = {}
        for cost, days in levels.items():
            for leap in self.leaps:
                reach = found.get(cost + leap.cost, 0)
                for gap in leap.gaps:
                    reach |= (days & leap.into) >> gap
                found[cost + leap.cost] = reach
        return cheapest(found)

    def after(self, day: int) -> Iterator[tuple[int, int]]:
        for cost, reach, into in self._reach:
            yield cost, reach << day & into

    def beyond(self, days: int) -> int:
        return reduce(or_, (days << gap & leap.into for leap in self.leaps for gap in leap.gaps), 0)


@dataclass(frozen=True, slots=True)
class Loose:
    """No gap is asked for: any later day will do, or any day at all where neither step can move."""

    later: bool

    def before(self, levels: Levels) -> Levels:
        if not self.later:
            return cheapest(dict.fromkeys(levels, ANY_DAY))
        return cheapest({cost: (1 << days.bit_length() - 1) - 1 for cost, days in levels.items()})

    def after(self, day: int) -> tuple[tuple[int, int]]:
        return ((0, ANY_DAY << day + 1 if self.later else ANY_DAY),)

    def beyond(self, days: int) -> int:
        return ANY_DAY << (days & -days).bit_length() if self.later else ANY_DAY


@dataclass(frozen=True, slots=True)
class Layer:
    """One step to be solved: ``choices`` are costs with their days; ``joint`` ties it to the step before.

    With an ``anchor`` each day costs ``SECOND`` more for every day that it lies away from the anchor.
    """

    choices: tuple[tuple[int, int], ...]
    joint: Joint
    anchor: int | None = None

    def through(self, onward: Levels) -> Levels:
        """The levels of this step, given what everything after each of its days costs."""
        found: Levels = {}
        for cost, days in self.choices:
            for rest, able in onward.items():
                for extra, hit in self._away(days & able):
                    found[cost + rest + extra] = found.get(cost + rest + extra, 0) | hit
        return cheapest(found)

    def _away(self, days: int) -> Iterator[tuple[int, int]]:
        if self.anchor is None:
            yield 0, days
            return
        for day in days_in(days):
            yield abs(day - self.anchor) * SECOND, 1 << day


@dataclass(frozen=True, slots=True)
class Solved:
    """For each layer: ``own`` levels from its day on, and ``onward`` levels of all that comes after its day."""

    layers: tuple[Layer, ...]
    own: tuple[Levels, ...]
    onward: tuple[Levels, ...]

    def nexts(self, layer: int, day: int) -> list[int]:
        """The days of the next layer by which this day is finished at its lowest cost, in order."""
        left = cost_on(self.onward[layer], day)
        own, found = self.own[layer + 1], 0
        for cost, reach in self.layers[layer + 1].joint.after(day):
            if cost > left:
                break
            found |= own.get(left - cost, 0) & reach
        return list(days_in(found))


def solve(layers: Sequence[Layer], most: int | None = None) -> Solved:
    """Work backwards from the last layer, after which nothing costs anything. What costs over ``most`` is left out."""
    own: list[Levels] = []
    onward: list[Levels] = [{0: ANY_DAY}]
    for layer in reversed(layers):
        own.append(_affordable(layer.through(onward[-1]), most))
        onward.append(layer.joint.before(own[-1]))
    onward.pop()
    return Solved(tuple(layers), tuple(reversed(own)), tuple(reversed(onward)))


def _affordable(levels: Levels, most: int | None) -> Levels:
    return levels if most is None else {cost: days for cost, days in levels.items() if cost <= most}
