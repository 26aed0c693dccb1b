"""Events and feeds for the tests of calendars."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from scheduler.calendars.clock_changes import clock_changes
from scheduler.calendars.events import STATUS_WORDS, EventStatus, FeedEvent
from scheduler.calendars.feed import Feed
from tests.support.readers import Read

SIMPLE = FeedEvent(
    uid="0b4f1f9e-5f0a-4b7e-9a43-6f1d2c3b4a50",
    starts_at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 3, 3, 10, 15, tzinfo=UTC),
    zone="Europe/London",
    sequence=2,
    status=EventStatus.BOOKED,
    created_at=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
    changed_at=datetime(2026, 2, 1, 12, 30, 15, tzinfo=UTC),
    summary="Appointment",
    location="Harbour Clinic",
    alarms_minutes=(60, 1440),
)

HOSTILE_NAMES = (
    'Anna "Nan" O\'Brien; CEO, \\ and more',
    "BEGIN:VEVENT\r\nUID:forged\r\nEND:VEVENT",
    "one\ntwo\rthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight",
    "nul\x00 bell\x07 escape\x1b delete\x7f c1\x9f",
    "<script>alert(1)</script> {{ 7 * 7 }} %s ${x}",
    "\u202egnp.exe \u200f\u2066abc\u2069",
    "👩🏽\u200d⚕️" * 400,
    "\\" * 500,
    "\\n\\N\\;\\," * 40,
    ";,:\"'^^n" * 30,
    "ÅÄÖ łódź Ελένη Наталія مريم שרה 王小明 さくら กานดา" * 5,
    " " * 200,
    "\ud800lone",
)


def an_event(number: int = 0, **changes: Any) -> FeedEvent:
    """The simple event with changes; each number has a UID of its own."""
    return replace(SIMPLE, uid=str(UUID(int=number + 1)), **changes)


def an_event_at(number: int, starts_at: datetime, zone: str) -> FeedEvent:
    """An event of three quarters of an hour."""
    return an_event(number, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45), zone=zone)


def a_feed(*events: FeedEvent, zone: str = "Europe/London", name: str = "Appointments") -> Feed:
    return Feed(name=name, zone=zone, colour="teal", events=events)


def meant(feed: Feed) -> dict[str, Read]:
    """What every reader must find."""
    return {
        event.uid: Read(event.starts_at, event.ends_at, event.sequence, STATUS_WORDS[event.status], event.summary)
        for event in feed.events
    }


def changes_in(zone: str, first_year: int, last_year: int) -> list[datetime]:
    """The instants at which the clocks of a zone change in these years."""
    return [change.at for change in clock_changes(zone, last_year) if change.at.year >= first_year]
