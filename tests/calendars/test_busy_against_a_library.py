"""Series with exceptions give the same stretches as an independent library finds in the same bytes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendars.busy import read_busy
from tests.calendars.files import YEAR, calendar, event

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
RULES = [
    "FREQ=DAILY;COUNT=30",
    "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=25",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=9",
    "FREQ=DAILY;INTERVAL=9",
]
FIRST = datetime(2026, 2, 10, 10)


def written(name: str, wall: datetime, zone: str) -> str:
    return f"{name};TZID={zone}:{wall:%Y%m%dT%H%M%S}"


@st.composite
def series(draw: st.DrawFn) -> bytes:
    """A series of some hours in the middle of the day, with excluded, extra and moved repetitions."""
    zone, rule = draw(st.sampled_from(ZONES)), draw(st.sampled_from(RULES))
    hours = timedelta(hours=draw(st.integers(1, 5)))
    days = st.lists(st.integers(0, 60), max_size=4, unique=True)
    excluded, extra, moved = draw(days), draw(days), draw(days)
    lines = [written("DTSTART", FIRST, zone), written("DTEND", FIRST + hours, zone), f"RRULE:{rule}"]
    lines += [written("EXDATE", FIRST + timedelta(days=day), zone) for day in excluded]
    lines += [written("RDATE", FIRST + timedelta(days=day, hours=-2), zone) for day in extra]
    changes = [a_change(FIRST + timedelta(days=day), zone) for day in moved if day not in excluded]
    return calendar(event(*lines), *changes)


def a_change(replaced: datetime, zone: str) -> str:
    start = replaced + timedelta(hours=3)
    names = [written("RECURRENCE-ID", replaced, zone), written("DTSTART", start, zone)]
    return event(*names, written("DTEND", start + timedelta(hours=1), zone))


def found_by_the_library(data: bytes) -> set[tuple[datetime, datetime]]:
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(*YEAR)
    return {(found["DTSTART"].dt.astimezone(UTC), found["DTEND"].dt.astimezone(UTC)) for found in events}


@settings(max_examples=60)
@given(series())
def test_a_series_takes_the_time_that_the_library_finds(data: bytes) -> None:
    report = read_busy(data, zone="Europe/London", horizon=YEAR)
    assert {(stretch.starts_at, stretch.ends_at) for stretch in report.busy} == found_by_the_library(data)
    assert (report.refused, report.skipped) == ((), ())


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(1, 9), st.sampled_from(ZONES))
def test_days_run_between_the_clinics_midnights(first: date, days: int, zone: str) -> None:
    end = first + timedelta(days=days)
    lines = (f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}")
    (stretch,) = read_busy(calendar(event(*lines)), zone=zone, horizon=YEAR).busy
    midnights = [datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in (first, end)]
    assert [stretch.starts_at, stretch.ends_at] == midnights
