"""Half-open intervals ``[start, end)`` of anything that can be compared: minutes of a day, UTC instants.

A *sorted* list holds intervals in order, none empty, none touching the next. Every function here gives one back.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar


class Comparable(Protocol):
    """What has an order: numbers, instants."""

    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Comparable)


def joined(intervals: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """The same time as a sorted list: what overlaps or touches becomes one, what is empty or reversed vanishes."""
    whole: list[tuple[T, T]] = []
    for start, end in sorted((start, end) for start, end in intervals if start < end):
        if whole and not whole[-1][1] < start:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def common(ones: Sequence[tuple[T, T]], others: Sequence[tuple[T, T]]) -> list[tuple[T, T]]:
    """What two sorted lists share."""
    shared: list[tuple[T, T]] = []
    at, beside = 0, 0
    while at < len(ones) and beside < len(others):
        (start, end), (other_start, other_end) = ones[at], others[beside]
        if (first := max(start, other_start)) < (last := min(end, other_end)):
            shared.append((first, last))
        if end < other_end:
            at += 1
        else:
            beside += 1
    return shared


def without(ones: Sequence[tuple[T, T]], taken: Sequence[tuple[T, T]]) -> list[tuple[T, T]]:
    """What is left of one sorted list when another is taken away."""
    left: list[tuple[T, T]] = []
    beside = 0
    for start, end in ones:
        while beside < len(taken) and not start < taken[beside][1]:
            beside += 1
        left.extend(_pieces(start, end, taken[beside:]))
    return left


def contains(ones: Sequence[tuple[T, T]], start: T, end: T) -> bool:
    """Whether one interval of a sorted list holds all of ``[start, end)``."""
    place = bisect_right(ones, start, key=lambda one: one[0]) - 1
    return place >= 0 and not ones[place][1] < end


def meets(ones: Sequence[tuple[T, T]], start: T, end: T) -> bool:
    """Whether ``[start, end)`` shares anything with a sorted list."""
    place = bisect_right(ones, start, key=lambda one: one[1])
    return place < len(ones) and ones[place][0] < end


def _pieces(start: T, end: T, taken: Sequence[tuple[T, T]]) -> Iterable[tuple[T, T]]:
    for taken_start, taken_end in taken:
        if not taken_start < end:
            break
        if start < taken_start:
            yield start, taken_start
        start = max(start, taken_end)
    if start < end:
        yield start, end
