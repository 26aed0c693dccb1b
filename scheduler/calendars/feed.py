"""A feed: the calendar that a phone subscribes to.

The same values give the same bytes in every process. There is no METHOD, ATTENDEE or ORGANIZER (nobody is invited), no
UID on the calendar (one sync client then never sees a change) and no SOURCE (it would put the link's secret into the
file).
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from icalendar import Calendar, vDuration, vText

from scheduler.calendars.calendar_file import add_contents, add_zones, new_calendar
from scheduler.calendars.content_lines import plain_text, to_bytes
from scheduler.calendars.events import FeedEvent, event_component

REFRESH_EVERY = timedelta(hours=1)
EVENTS_KEPT = 10_000  # some ten million bytes
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one link shows: its name, the IANA zone of its owner, its events, and a CSS colour name."""

    name: str
    zone: str
    colour: str
    events: tuple[FeedEvent, ...] = ()


def render_feed(feed: Feed) -> bytes:
    """The feed as an iCalendar file."""
    calendar = new_calendar()
    _add_header(calendar, feed)
    ordered = add_zones(calendar, feed.events, {feed.zone})
    return to_bytes(calendar).removesuffix(END) + b"".join(map(_event_bytes, ordered)) + END


def render_event(event: FeedEvent) -> bytes:
    """One appointment as a file of its own, to be added to a calendar by hand."""
    calendar = new_calendar()
    add_contents(calendar, (event,), set())
    return to_bytes(calendar)


@lru_cache(maxsize=EVENTS_KEPT)
def _event_bytes(event: FeedEvent) -> bytes:
    """An event's lines. The same event has the same, so of a feed with hundreds only what has changed is written."""
    return to_bytes(event_component(event))


def etag_of(body: bytes) -> str:
    """The strong entity tag of a body, with its quotes: a hash, so equal bytes have equal tags."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def _add_header(calendar: Calendar, feed: Feed) -> None:
    """Names twice, for readers of RFC 7986 and for those before it; typed as text, or they would not be escaped."""
    name = vText(plain_text(feed.name))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", vText(feed.zone))
    calendar.add("COLOR", vText(feed.colour))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH_EVERY))
