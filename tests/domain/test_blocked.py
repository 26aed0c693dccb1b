from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.blocked import Blocked, BlockedBy, blocking, first_free, last_free

DAY_0 = date(2026, 1, 5)
DAYS = st.integers(0, 20)


def on(day: int) -> date:
    return DAY_0 + timedelta(day)


def blocked(first: int, last: int, by: BlockedBy = BlockedBy.HOLD) -> Blocked:
    return Blocked(on(first), on(last), by, "Blocked.")


RANGES = st.lists(st.builds(lambda first, days: blocked(first, first + days), DAYS, st.integers(0, 6)), max_size=5)


@pytest.mark.parametrize(("day", "covered"), [(2, False), (3, True), (4, True), (5, True), (6, False)])
def test_both_ends_of_a_range_are_blocked(day: int, covered: bool) -> None:
    assert blocked(3, 5).covers(on(day)) is covered


def test_every_reason_for_a_date_is_given() -> None:
    hold, closure = blocked(0, 5), blocked(5, 5, BlockedBy.CLOSURE)
    assert blocking((hold, blocked(6, 9), closure), on(5)) == (hold, closure)


def test_nothing_blocked_means_the_first_and_the_last_day_are_free() -> None:
    assert (first_free((), on(3), on(9)), last_free((), on(3), on(9))) == (on(3), on(9))


def test_a_range_that_reaches_to_the_end_leaves_no_day_after_it() -> None:
    assert first_free((blocked(3, 9),), on(3), on(9)) is None
    assert first_free((blocked(3, 8),), on(3), on(9)) == on(9)


def test_a_range_that_reaches_to_the_beginning_leaves_no_day_before_it() -> None:
    assert last_free((blocked(3, 9),), on(3), on(9)) is None
    assert last_free((blocked(4, 9),), on(3), on(9)) == on(3)


def test_a_block_for_good_or_since_ever_leaves_nothing() -> None:
    for_good, since_ever = Blocked(on(2), date.max, BlockedBy.HOLD, ""), Blocked(date.min, on(7), BlockedBy.HOLD, "")
    assert (first_free((for_good,), on(3), on(9)), first_free((for_good,), on(0), on(9))) == (None, on(0))
    assert (last_free((since_ever,), on(3), on(7)), last_free((since_ever,), on(3), on(9))) == (None, on(9))


def test_no_day_is_free_between_ends_that_are_reversed() -> None:
    assert (first_free((), on(4), on(3)), last_free((), on(4), on(3))) == (None, None)


@given(ranges=RANGES, first=DAYS, last=DAYS)
def test_the_first_and_last_free_days_are_found_as_by_looking_at_every_day(
    ranges: list[Blocked], first: int, last: int
) -> None:
    free = [on(day) for day in range(first, last + 1) if not any(one.first <= on(day) <= one.last for one in ranges)]
    assert first_free(ranges, on(first), on(last)) == (free[0] if free else None)
    assert last_free(ranges, on(first), on(last)) == (free[-1] if free else None)
