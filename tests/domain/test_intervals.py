from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.intervals import common, contains, joined, meets, without

POINTS = st.integers(0, 30)
ANY = st.lists(st.tuples(POINTS, POINTS), max_size=8)


def covered(intervals: list[tuple[int, int]]) -> set[int]:
    return {point for start, end in intervals for point in range(start, end)}


def is_sorted(intervals: list[tuple[int, int]]) -> bool:
    ends = [point for interval in intervals for point in interval]
    return all(one < other for one, other in pairwise(ends))


@given(ANY)
def test_joining_keeps_the_time_and_puts_it_in_order(intervals: list[tuple[int, int]]) -> None:
    whole = joined(intervals)
    assert covered(whole) == covered(intervals)
    assert is_sorted(whole)


@given(ANY, ANY)
def test_what_is_common_lies_in_both(ones: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    shared = common(joined(ones), joined(others))
    assert covered(shared) == covered(ones) & covered(others)
    assert is_sorted(shared)


@given(ANY, ANY)
def test_what_is_left_lies_in_one_and_not_in_the_other(
    ones: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    left = without(joined(ones), joined(taken))
    assert covered(left) == covered(ones) - covered(taken)
    assert is_sorted(left)


@given(ANY, POINTS, POINTS)
def test_a_list_contains_an_interval_when_all_of_it_is_covered(
    intervals: list[tuple[int, int]], one: int, other: int
) -> None:
    start, end = min(one, other), max(one, other) + 1
    assert contains(joined(intervals), start, end) == covered([(start, end)]).issubset(covered(intervals))


@given(ANY, POINTS, POINTS)
def test_a_list_meets_an_interval_when_some_of_it_is_covered(
    intervals: list[tuple[int, int]], one: int, other: int
) -> None:
    start, end = min(one, other), max(one, other) + 1
    assert meets(joined(intervals), start, end) == bool(covered([(start, end)]) & covered(intervals))


def test_what_touches_becomes_one() -> None:
    assert joined([(3, 5), (1, 3), (7, 7), (9, 8)]) == [(1, 5)]
