"""Where things stand in the grid of a day."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.web.pages.day_layout import Span, at, lanes, long, span_of

NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Nine in Berlin."""


def from_nine(start: int, end: int) -> tuple[datetime, datetime]:
    return NINE + timedelta(minutes=start), NINE + timedelta(minutes=end)


@pytest.mark.parametrize(
    ("minutes", "classes"), [(0, ""), (5, "a5"), (135, "a100 a30 a5"), (600, "a600"), (1439, "a1000 a400 a30 a9")]
)
def test_a_minute_is_written_as_its_digits(minutes: int, classes: str) -> None:
    assert at(minutes) == classes


def test_a_length_is_written_as_its_digits() -> None:
    assert long(45) == "n40 n5"


def test_the_grid_runs_from_full_hour_to_full_hour() -> None:
    span = span_of([from_nine(30, 60), from_nine(-15, 10)], "Europe/Berlin")
    assert span == Span(NINE - timedelta(hours=1), NINE + timedelta(hours=1), "Europe/Berlin")


def test_full_hours_are_those_of_the_clinic_s_wall() -> None:
    span = span_of([from_nine(0, 60)], "Asia/Kolkata")
    assert span is not None
    assert [time for time, _ in span.hours()] == ["13:00", "14:00"]


def test_nothing_has_no_grid() -> None:
    assert span_of([], "Europe/Berlin") is None


def test_a_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)
    span = Span(begin, begin + timedelta(hours=5), "Europe/Berlin")
    assert [time for time, _ in span.hours()] == ["00:00", "01:00", "02:00", "02:00", "03:00"]
    assert span.minutes == 300


def test_what_lies_outside_is_cut() -> None:
    span = Span(NINE, NINE + timedelta(hours=2), "Europe/Berlin")
    assert span.place(*from_nine(-30, 45)) == " n40 n5"
    assert span.place(*from_nine(90, 500)) == "a90 n30"


def test_what_overlaps_stands_side_by_side_and_a_free_lane_is_taken_again() -> None:
    times = {"a": (0, 75), "b": (45, 90), "c": (75, 120), "d": (120, 150)}
    placed = list(lanes([(*from_nine(*minutes), name) for name, minutes in times.items()]))
    assert placed == [("a", 0, 2), ("b", 1, 2), ("c", 0, 2), ("d", 0, 1)]
