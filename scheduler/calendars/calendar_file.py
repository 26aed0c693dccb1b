"""What every calendar file has: its head, the zones that it uses, its events."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Timezone

from scheduler.calendars.events import FeedEvent, event_component
from scheduler.calendars.zones import zone_component

PRODUCT = "-//Interval//Interval//EN"
NO_EVENTS_AT = datetime(2025, 1, 1, tzinfo=UTC)  # an empty feed's zone is described as of some day, always the same


def new_calendar() -> Calendar:
    """A calendar without contents."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def add_contents(calendar: Calendar, events: Iterable[FeedEvent], zones: set[str]) -> None:
    """A VTIMEZONE for each zone, by name, then the events by start."""
    for event in add_zones(calendar, events, zones):
        calendar.add_component(event_component(event))


def add_zones(calendar: Calendar, events: Iterable[FeedEvent], zones: set[str]) -> Sequence[FeedEvent]:
    """A VTIMEZONE for each zone, by name. Gives the events by start, the order in which they follow."""
    ordered = sorted(events, key=lambda event: (event.starts_at, event.uid))
    for zone in sorted(zones | {event.zone for event in ordered}):
        calendar.add_component(_zone_for(zone, [event for event in ordered if event.zone == zone]))
    return ordered


def _zone_for(zone: str, events: Sequence[FeedEvent]) -> Timezone:
    first = min((event.starts_at for event in events), default=NO_EVENTS_AT)
    last = max((event.ends_at for event in events), default=NO_EVENTS_AT)
    return zone_component(zone, first, last)
