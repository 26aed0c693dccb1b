"""Closed days: when a clinic opens next, and how long it is closed at most after that."""

from datetime import date

import pytest

from scheduler.domain.closed_days import ClosedDays, Closure, closed_days

MONDAY = date(2026, 3, 2)
SUNDAYS, WEEKENDS = frozenset({6}), frozenset({5, 6})


def closure(first: date, last: date) -> Closure:
    return first, last, "Closed"


def test_a_clinic_that_is_always_open_opens_today() -> None:
    assert closed_days(MONDAY, (), frozenset()) == ClosedDays(MONDAY, 0)


def test_closed_weekdays_count_as_a_row_wherever_they_lie() -> None:
    assert closed_days(date(2026, 3, 7), (), WEEKENDS) == ClosedDays(date(2026, 3, 9), 2)
    assert closed_days(MONDAY, (), frozenset({0, 3})) == ClosedDays(date(2026, 3, 3), 2)


def test_closures_that_touch_are_one() -> None:
    two = (closure(MONDAY, date(2026, 3, 4)), closure(date(2026, 3, 5), date(2026, 3, 7)))
    assert closed_days(MONDAY, two, SUNDAYS) == ClosedDays(date(2026, 3, 9), 1)


def test_a_closure_to_come_runs_on_over_closed_weekdays_and_may_begin_after_some() -> None:
    week = (closure(date(2026, 3, 9), date(2026, 3, 14)),)
    assert closed_days(MONDAY, week, SUNDAYS) == ClosedDays(MONDAY, 8)


def test_a_closure_that_is_past_does_not_count() -> None:
    assert closed_days(MONDAY, (closure(date(2026, 1, 1), date(2026, 2, 1)),), SUNDAYS) == ClosedDays(MONDAY, 1)


@pytest.mark.parametrize(
    ("closures", "weekdays"),
    [((), frozenset(range(7))), ((closure(MONDAY, date.max),), frozenset())],
)
def test_a_clinic_may_never_open_again(closures: tuple[Closure, ...], weekdays: frozenset[int]) -> None:
    assert closed_days(MONDAY, closures, weekdays) == ClosedDays(None, 0)


def test_an_endless_closure_to_come_is_longer_than_any_window() -> None:
    assert closed_days(MONDAY, (closure(date(2027, 1, 1), date.max),), SUNDAYS).longest > 2_000_000
