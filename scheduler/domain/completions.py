"""Completions: of the cheapest ways to finish a plan those that end first, keep the practitioner, keep the hour.

The levels settle broken wishes and days off target. What they leave is a small graph of days; here each day on it is
looked at once, from the last session to the first.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from operator import or_

from scheduler.domain.chain_days import ChainDays
from scheduler.domain.levels import Solved, cost_on
from scheduler.domain.wishes import WishedStarts

Stop = tuple[int, int]
"""A day of the chain and the practitioner who treats on it, by turn; ``UNKNOWN`` where nobody is known or needed."""

UNKNOWN = -1
ALL_HOURS = -1


class FixedStop:
    """A step that cannot move: its practitioner, when known, counts as a change; its hour does not."""

    def __init__(self, practitioner: int) -> None:
        self.practitioner = practitioner

    def people(self, _day: int, _cost: int) -> tuple[tuple[int, int], ...]:
        return ((self.practitioner, ALL_HOURS),)


class OpenStop:
    """A step to be placed; it costs something exactly when it breaks a wish."""

    def __init__(self, starts: WishedStarts, days: ChainDays) -> None:
        self.starts = starts
        self.days = days
        self._people = cache(self._found)

    def people(self, day: int, cost: int) -> tuple[tuple[int, int], ...]:
        return self._people(day, cost == 0)

    def _found(self, day: int, fitting: bool) -> tuple[tuple[int, int], ...]:
        return tuple(self.starts.people(self.days.in_grid(day), fitting))


class Completions:
    """What follows a first session on some day with some practitioner, by layer of the solved chain.

    ``marks`` is the number of wall slots between possible starts.
    """

    def __init__(self, solved: Solved, stops: Sequence[FixedStop | OpenStop], marks: int) -> None:
        self._solved = solved
        self._marks = marks
        self._stops = stops
        self._end = len(stops) - 1
        self.last_day = cache(self._last_day)
        self.changes = cache(self._changes)
        self._days = cache(self._earliest_ending)
        self._people = cache(self._people_on)
        self._steady = cache(self._least_changing)
        self._lows = cache(self._shared_lows)

    def _last_day(self, layer: int, day: int) -> int:
        """The first date on which the chain can end."""
        return day if layer == self._end else min(self.last_day(layer + 1, d) for d in self._solved.nexts(layer, day))

    def _earliest_ending(self, layer: int, day: int) -> tuple[int, ...]:
        last = self.last_day(layer, day)
        return tuple(d for d in self._solved.nexts(layer, day) if self.last_day(layer + 1, d) == last)

    def _people_on(self, layer: int, day: int) -> dict[int, int]:
        cost = cost_on(self._solved.own[layer], day) - cost_on(self._solved.onward[layer], day)
        return dict(self._stops[layer].people(day, cost))

    def _changes(self, layer: int, day: int, person: int) -> int:
        """The least changes of practitioner after this stop."""
        return min((changes for changes, _ in self._ahead(layer, day, person)), default=0)

    def _ahead(self, layer: int, day: int, person: int) -> Iterator[tuple[int, Stop]]:
        if layer == self._end:
            return
        for d in self._days(layer, day):
            for other in self._people(layer + 1, d):
                yield is_change(person, other) + self.changes(layer + 1, d, other), (d, other)

    def _least_changing(self, layer: int, day: int, person: int) -> tuple[Stop, ...]:
        least = self.changes(layer, day, person)
        return tuple(stop for changes, stop in self._ahead(layer, day, person) if changes == least)

    def _shared_lows(self, layer: int, stop: Stop, spread: int) -> int:
        """The wall slots L such that this stop and all after it can start in ``[L, L + spread]``, as bits."""
        return within(self._people(layer, stop[0])[stop[1]], spread) & self._onward_lows(layer, stop, spread)

    def _onward_lows(self, layer: int, stop: Stop, spread: int) -> int:
        if layer == self._end:
            return ALL_HOURS
        return reduce(or_, (self._lows(layer + 1, after, spread) for after in self._steady(layer, *stop)))

    def least_spread(self, stop: Stop, hours: int) -> int:
        """The least number of wall slots between the earliest and the latest hour, the first session at ``hours``."""

        def possible(spread: int) -> bool:
            return within(hours, spread) & self._onward_lows(0, stop, spread) != 0

        return least(possible, self._marks)

    def walk(self, stop: Stop, hours: int, spread: int) -> Iterator[tuple[Stop, int]]:
        """One completion of this spread: each stop with its wall slot, the earliest that all of them can share."""
        lows = within(hours, spread) & self._onward_lows(0, stop, spread)
        low = (lows & -lows).bit_length() - 1
        yield stop, first_from(hours, low)
        for layer in range(self._end):
            stop = next(s for s in self._in_order(layer, stop) if self._lows(layer + 1, s, spread) >> low & 1)
            yield stop, first_from(self._people(layer + 1, stop[0])[stop[1]], low)

    def _in_order(self, layer: int, stop: Stop) -> list[Stop]:
        """Earlier days first; on a day the same practitioner first, then the order in which they were offered."""
        return sorted(self._steady(layer, *stop), key=lambda s: (s[0], s[1] != stop[1]))


def is_change(one: int, other: int) -> bool:
    """Whether two neighbouring sessions change hands; where one of them is unknown, nothing is counted."""
    return one != other and UNKNOWN not in (one, other)


def least(possible: Callable[[int], bool], step: int) -> int:
    """The least multiple of ``step`` that is possible, where more is possible too; small ones are tried first."""
    if possible(0):
        return 0
    high = step
    while not possible(high):
        high *= 2
    untried = range(high // 2 + step, high, step)
    place = bisect_left(untried, True, key=possible)
    return untried[place] if place < len(untried) else high


def within(hours: int, spread: int) -> int:
    """The wall slots L with any of these hours in ``[L, L + spread]``."""
    if hours == ALL_HOURS:
        return ALL_HOURS
    have = 0
    while have < spread:
        step = min(have + 1, spread - have)
        hours |= hours >> step
        have += step
    return hours


def first_from(hours: int, low: int) -> int:
    """The first of these hours at or after ``low``; ``low`` itself where every hour counts."""
    later = hours >> low
    return low + (later & -later).bit_length() - 1
