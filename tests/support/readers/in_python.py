"""vobject and ical, two readers in Python that share no code with the renderer."""

from datetime import UTC, datetime
from typing import Any

import vobject
from ical.calendar_stream import IcsCalendarStream

from tests.support.readers import Read


def read_by_vobject(data: bytes) -> dict[str, Read]:
    """What vobject finds. It keeps the zones of every file it has read, so it is made to forget them."""
    vars(vobject.icalendar)["__tzidMap"].clear()
    vobject.icalendar.registerTzid("UTC", vobject.icalendar.utc)
    return {event.uid.value: _of_vobject(event) for event in getattr(vobject.readOne(data.decode()), "vevent_list", [])}


def _of_vobject(event: Any) -> Read:
    times = in_utc(event.dtstart.value), in_utc(event.dtend.value)
    return Read(*times, int(event.sequence.value), event.status.value, event.summary.value)


def read_by_ical(data: bytes) -> dict[str, Read]:
    """What ical, the reader of Home Assistant, finds."""
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return {str(event.uid): _of_ical(event) for event in calendar.events}


def _of_ical(event: Any) -> Read:
    return Read(in_utc(event.start), in_utc(event.end), event.sequence, event.status.value, event.summary)


def in_utc(time: datetime) -> datetime:
    """Raises ``ValueError`` for a time of which the reader does not know the zone."""
    if time.tzinfo is None:
        raise ValueError("the reader lost the zone")
    return time.astimezone(UTC)
