"""Reminders come at a humane hour, in time, and to nobody who has just been told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clinic_days import wall_time
from scheduler.domain.reminders import (
    FIRST_HOUR,
    LAST_HOUR,
    ComingVisit,
    humane,
    is_reminder_due,
    reminder_at,
)

ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Pacific/Apia", "Pacific/Chatham")
BERLIN = "Europe/Berlin"
VISIT = ComingVisit(date(2026, 3, 12), datetime(2026, 3, 12, 8, tzinfo=UTC), BERLIN, 3, None)
DUE = datetime(2026, 3, 9, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_reminder_comes_so_many_dates_before_at_ten() -> None:
    assert reminder_at(VISIT) == DUE
    assert not is_reminder_due(VISIT, DUE - MINUTE)
    assert is_reminder_due(VISIT, DUE)


def test_the_hour_is_ten_on_either_side_of_a_clock_change() -> None:
    summer = replace(VISIT, on=date(2026, 3, 31), starts_at=datetime(2026, 3, 31, 7, tzinfo=UTC))
    assert reminder_at(summer) == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert reminder_at(replace(summer, days=2)) == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_a_missed_reminder_is_made_up_for_until_two_hours_before() -> None:
    late = VISIT.starts_at - timedelta(hours=2)
    afternoon = replace(VISIT, starts_at=datetime(2026, 3, 12, 13, tzinfo=UTC))
    assert is_reminder_due(afternoon, datetime(2026, 3, 12, 10, 59, tzinfo=UTC))
    assert not is_reminder_due(afternoon, datetime(2026, 3, 12, 11, tzinfo=UTC))
    assert not is_reminder_due(VISIT, late)


def test_nobody_is_reminded_at_night() -> None:
    assert not is_reminder_due(VISIT, datetime(2026, 3, 9, 19, 0, tzinfo=UTC))
    assert not is_reminder_due(VISIT, datetime(2026, 3, 10, 6, 59, tzinfo=UTC))
    assert is_reminder_due(VISIT, datetime(2026, 3, 10, 7, 0, tzinfo=UTC))


@pytest.mark.parametrize(("told_at", "due"), [(DUE - timedelta(hours=24), True), (DUE - timedelta(hours=23), False)])
def test_who_has_just_been_told_needs_no_reminder(told_at: datetime, due: bool) -> None:
    assert is_reminder_due(replace(VISIT, told_at=told_at), DUE) is due


def test_no_days_mean_no_reminder() -> None:
    assert not is_reminder_due(replace(VISIT, days=0), VISIT.starts_at - timedelta(hours=3))


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_a_humane_hour_is_never_earlier_and_within_half_a_day(at: datetime, zone: str) -> None:
    found = humane(at, zone)
    assert FIRST_HOUR <= wall_time(found, zone).time() < LAST_HOUR
    assert timedelta() <= found - at <= timedelta(hours=13)
    assert humane(found, zone) == found
