"""A feed: the calendar that a phone subscribes to.

The same values give the same bytes in every process. There is no METHOD, ATTENDEE or ORGANIZER (nobody is invited), no
UID on the calendar (one sync client then never sees a change) and no SOURCE (it would put the link's secret into the
file).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Timezone, vDuration, vText

from scheduler.calendars.content_lines import plain_text, to_bytes
from scheduler.calendars.events import FeedEvent, event_component
from scheduler.calendars.zones import zone_component

PRODUCT = "-//Interval//Interval//EN"
REFRESH_EVERY = timedelta(hours=1)
NO_EVENTS_AT = datetime(2025, 1, 1, tzinfo=UTC)  # an empty feed's zone is described as of some day, always the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one link shows: its name, the IANA zone of its owner, its events, and a CSS colour name."""

    name: str
    zone: str
    colour: str
    events: tuple[FeedEvent, ...] = ()


def render_feed(feed: Feed) -> bytes:
    """The feed as an iCalendar file."""
    calendar = _calendar()
    _add_header(calendar, feed)
    _add_contents(calendar, feed.events, {feed.zone})
    return to_bytes(calendar)


def render_event(event: FeedEvent) -> bytes:
    """One appointment as a file of its own, to be added to a calendar by hand."""
    calendar = _calendar()
    _add_contents(calendar, (event,), set())
    return to_bytes(calendar)


def etag_of(body: bytes) -> str:
    """The strong entity tag of a body, with its quotes: a hash, so equal bytes have equal tags."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _add_header(calendar: Calendar, feed: Feed) -> None:
    """Names twice, for readers of RFC 7986 and for those before it; typed as text, or they would not be escaped."""
    name = vText(plain_text(feed.name))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", vText(feed.zone))
    calendar.add("COLOR", vText(feed.colour))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH_EVERY))


def _add_contents(calendar: Calendar, events: Iterable[FeedEvent], zones: set[str]) -> None:
    """A VTIMEZONE for each zone, by name, then the events by start."""
    ordered = sorted(events, key=lambda event: (event.starts_at, event.uid))
    for zone in sorted(zones | {event.zone for event in ordered}):
        calendar.add_component(_zone_for(zone, [event for event in ordered if event.zone == zone]))
    for event in ordered:
        calendar.add_component(event_component(event))


def _zone_for(zone: str, events: Sequence[FeedEvent]) -> Timezone:
    first = min((event.starts_at for event in events), default=NO_EVENTS_AT)
    last = max((event.ends_at for event in events), default=NO_EVENTS_AT)
    return zone_component(zone, first, last)
