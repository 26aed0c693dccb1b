"""Independent readers find the very instants that were meant, through both clock changes of many zones."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars.feed import Feed, render_feed
from tests.calendars.samples import (
    a_feed,
    an_event_at,
    changes_in,
    meant,
)
from tests.support.ics_bytes import check_feed
from tests.support.readers.all import READERS, Reader

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
AROUND_A_CHANGE = range(-180, 195, 15)  # minutes


def a_feed_around_the_changes(zone: str) -> Feed:
    """Every quarter of an hour around each clock change of three years, and early and late days between."""
    changes = changes_in(zone, 2025, 2027)
    starts = {at + timedelta(minutes=minutes) for at in changes for minutes in AROUND_A_CHANGE}
    first = datetime(2025, 4, 1, tzinfo=UTC).date()
    for days in range(0, 800, 23):
        for at in (time(0, 15), time(9), time(23, 45)):
            starts.add(datetime.combine(first + timedelta(days=days), at, ZoneInfo(zone)).astimezone(UTC))
    return a_feed(*(an_event_at(number, at, zone) for number, at in enumerate(sorted(starts))), zone=zone)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_finds_every_instant(zone: str, read: Reader) -> None:
    feed = a_feed_around_the_changes(zone)
    data = render_feed(feed)
    check_feed(data)
    assert read(data) == meant(feed)


@pytest.mark.parametrize("zone", ZONES[:-1])
def test_the_file_itself_says_enough_about_a_zone_that_the_reader_does_not_know(zone: str) -> None:
    feed = a_feed_around_the_changes(zone)
    data = renamed(render_feed(feed), zone, f"Nowhere/{zone.replace('/', '-')}")
    followers = {
        name: read for name, read in READERS.items() if name != "ical" or b"RRULE" in data
    }  # it knows rules only
    assert {name: read(data) for name, read in followers.items()} == dict.fromkeys(followers, meant(feed))


def test_six_hundred_events_are_all_found() -> None:
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    feed = a_feed(*(an_event_at(n, start + timedelta(hours=29 * n), ZONES[n % 5]) for n in range(600)))
    data = render_feed(feed)
    check_feed(data)
    assert {name: read(data) for name, read in READERS.items()} == dict.fromkeys(READERS, meant(feed))


@given(
    # One reader takes a clock that once stood at UTC for UTC, so Casablanca is left out where the first day is any day.
    st.sampled_from([zone for zone in ZONES if zone not in ("UTC", "Africa/Casablanca")]),
    st.lists(st.datetimes(datetime(2022, 1, 1), datetime(2060, 1, 1)), min_size=1, max_size=4),
)
def test_any_instant_of_forty_years_is_found(zone: str, times: list[datetime]) -> None:
    starts = [at.replace(microsecond=0, tzinfo=UTC) for at in times]
    feed = a_feed(*(an_event_at(number, at, zone) for number, at in enumerate(starts)), zone=zone)
    name = f"Nowhere/{zone.replace('/', '-')} {min(starts):%Y%m%d%H%M%S} {max(starts):%Y%m%d%H%M%S}"
    data = renamed(render_feed(feed), zone, name)
    for read in (READERS["vobject"], READERS["ical.js"], READERS["libical"]):
        assert read(data) == meant(feed)


def renamed(data: bytes, zone: str, name: str) -> bytes:
    """The same calendar with its zone under a name that nobody has heard of."""
    text = data.decode().replace(f"TZID:{zone}\r\n", f"TZID:{name}\r\n")
    return text.replace(f"TZID={zone}:", f"TZID={name}:").encode()
