from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clinic_days import clinic_date, day_bounds, exists, instant_of, wall_time

BERLIN, APIA, LORD_HOWE = "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe"
ZONES = st.sampled_from((BERLIN, APIA, LORD_HOWE, "America/New_York", "Asia/Kathmandu", "America/Santiago"))
WALLS = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1))


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "on"),
    [
        (utc(2026, 3, 28, 22, 59), BERLIN, date(2026, 3, 28)),
        (utc(2026, 3, 28, 23, 0), BERLIN, date(2026, 3, 29)),
        (utc(2026, 3, 29, 21, 59), BERLIN, date(2026, 3, 29)),
        (utc(2026, 3, 29, 22, 0), BERLIN, date(2026, 3, 30)),
        (utc(2026, 3, 28, 23, 0), "America/New_York", date(2026, 3, 28)),
        (utc(2011, 12, 30, 9, 59), APIA, date(2011, 12, 29)),
        (utc(2011, 12, 30, 10, 0), APIA, date(2011, 12, 31)),
    ],
)
def test_an_instant_falls_on_the_date_of_the_clinics_wall(instant: datetime, zone: str, on: date) -> None:
    assert clinic_date(instant, zone) == on


def test_the_wall_shows_a_naive_local_time() -> None:
    assert wall_time(utc(2026, 7, 1, 7, 30), BERLIN) == datetime(2026, 7, 1, 9, 30)


@pytest.mark.parametrize(
    ("on", "at", "instant"),
    [
        (date(2026, 3, 28), time(9), utc(2026, 3, 28, 8)),
        (date(2026, 3, 29), time(9), utc(2026, 3, 29, 7)),
        (date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        (date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30)),
    ],
    ids=["winter", "summer", "shown twice means the first", "skipped means as much after the jump"],
)
def test_a_wall_time_is_one_instant(on: date, at: time, instant: datetime) -> None:
    assert instant_of(on, at, BERLIN) == instant


def test_what_is_asked_in_the_skipped_hour_is_put_right_by_an_hour() -> None:
    assert wall_time(instant_of(date(2026, 3, 29), time(2, 30), BERLIN), BERLIN) == datetime(2026, 3, 29, 3, 30)


@pytest.mark.parametrize(
    ("on", "zone", "hours"),
    [
        (date(2026, 3, 28), BERLIN, 24),
        (date(2026, 3, 29), BERLIN, 23),
        (date(2026, 10, 25), BERLIN, 25),
        (date(2026, 4, 5), LORD_HOWE, 24.5),
        (date(2026, 10, 4), LORD_HOWE, 23.5),
        (date(2011, 12, 30), APIA, 0),
    ],
)
def test_a_day_lasts_from_one_local_midnight_to_the_next(on: date, zone: str, hours: float) -> None:
    first, last = day_bounds(on, zone)
    assert last - first == timedelta(hours=hours)


@pytest.mark.parametrize(("weeks", "hours"), [(4, 671), (5, 839)])
def test_28_days_across_a_clock_change_are_not_28_times_24_hours(weeks: int, hours: int) -> None:
    start = date(2026, 3, 10)
    between = instant_of(start + timedelta(weeks=weeks), time(9), BERLIN) - instant_of(start, time(9), BERLIN)
    assert between == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("wall", "zone", "shown"),
    [
        (datetime(2026, 3, 29, 1, 59), BERLIN, True),
        (datetime(2026, 3, 29, 2, 0), BERLIN, False),
        (datetime(2026, 3, 29, 2, 59), BERLIN, False),
        (datetime(2026, 3, 29, 3, 0), BERLIN, True),
        (datetime(2026, 10, 25, 2, 30), BERLIN, True),
        (datetime(2026, 10, 4, 2, 15), LORD_HOWE, False),
        (datetime(2011, 12, 30, 12, 0), APIA, False),
    ],
)
def test_the_clock_skips_some_wall_times(wall: datetime, zone: str, shown: bool) -> None:
    assert exists(wall, zone) is shown


@given(wall=WALLS, zone=ZONES)
def test_a_wall_time_that_exists_comes_back(wall: datetime, zone: str) -> None:
    there = wall_time(instant_of(wall.date(), wall.time(), zone), zone)
    assert (there == wall) is exists(wall, zone)


@given(instant=st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), zone=ZONES)
def test_an_instant_lies_within_the_bounds_of_its_date(instant: datetime, zone: str) -> None:
    first, last = day_bounds(clinic_date(instant, zone), zone)
    assert first <= instant < last


@given(on=st.dates(date(2010, 1, 1), date(2030, 1, 1)), zone=ZONES)
def test_days_follow_one_another_without_a_gap(on: date, zone: str) -> None:
    assert day_bounds(on, zone)[1] == day_bounds(on + timedelta(1), zone)[0]
