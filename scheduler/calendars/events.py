"""One appointment as a VEVENT."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Alarm, Event, vDatetime, vText, vUri

from scheduler.calendars.content_lines import plain_text

URL_SAFE = "%:/?#[]@!$&'()*+,;=-._~"


class EventStatus(StrEnum):
    """How sure an appointment is, as far as a calendar cares."""

    BOOKED = "booked"
    AT_RISK = "at_risk"
    CANCELLED = "cancelled"


STATUS_WORDS = {
    EventStatus.BOOKED: "CONFIRMED",
    EventStatus.AT_RISK: "TENTATIVE",
    EventStatus.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """One appointment as its calendar may show it. Instants are aware and in UTC.

    ``uid`` is stored and lives as long as the appointment. ``sequence`` rises with time, place or status and never
    falls. ``changed_at`` is the instant of the last revision, ``zone`` the IANA zone of the clinic. Texts carry no more
    than the reader may see. ``alarms_minutes`` are minutes before the start.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    sequence: int
    status: EventStatus
    created_at: datetime
    changed_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str | None = None
    alarms_minutes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for an instant without an offset: it would be read in the zone of the server."""
        for instant in (self.starts_at, self.ends_at, self.created_at, self.changed_at):
            if instant.utcoffset() is None:
                raise ValueError("an instant needs an offset from UTC")


def event_component(event: FeedEvent) -> Event:
    """The VEVENT of an appointment. Nothing in it is random or depends on the hour of rendering."""
    component = Event()
    component.add("UID", vText(event.uid))
    component.add("SEQUENCE", event.sequence)
    _add_revision(component, event)
    _add_times(component, event)
    _add_texts(component, event)
    is_cancelled = event.status is EventStatus.CANCELLED
    component.add("STATUS", STATUS_WORDS[event.status])
    component.add("TRANSP", "TRANSPARENT" if is_cancelled else "OPAQUE")
    for minutes in () if is_cancelled else sorted(event.alarms_minutes, reverse=True):
        component.add_component(_alarm(event, minutes))
    return component


def _add_revision(component: Event, event: FeedEvent) -> None:
    component.add("CREATED", event.created_at)
    component.add("DTSTAMP", event.changed_at)
    component.add("LAST-MODIFIED", event.changed_at)


def _add_times(component: Event, event: FeedEvent) -> None:
    """Local times with their zone; in UTC where the clocks show one of them twice, which a local time cannot tell."""
    info = ZoneInfo(event.zone)
    times = [event.starts_at.astimezone(info), event.ends_at.astimezone(info)]
    if any(map(_is_shown_twice, times)):
        times = [time.astimezone(UTC) for time in times]
    component.add("DTSTART", vDatetime(times[0]))
    component.add("DTEND", vDatetime(times[1]))


def _is_shown_twice(time: datetime) -> bool:
    return time.replace(fold=0).utcoffset() != time.replace(fold=1).utcoffset()


def _add_texts(component: Event, event: FeedEvent) -> None:
    for name, text in (("SUMMARY", event.summary), ("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if text:
            component.add(name, vText(plain_text(text)))
    if event.url:
        component.add("URL", vUri(quote(plain_text(event.url), safe=URL_SAFE)))


def _alarm(event: FeedEvent, minutes: int) -> Alarm:
    component = Alarm()
    component.add("ACTION", "DISPLAY")
    component.add("TRIGGER", timedelta(minutes=-minutes))
    component.add("DESCRIPTION", vText(plain_text(event.summary)))
    return component
