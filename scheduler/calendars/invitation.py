"""Invitations by mail (iTIP): one appointment as a request, an update or a cancellation, which the patient answers.

Organiser and attendee are addresses without names: the mail says who writes, and a calendar may be shared.
"""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from icalendar import Event, vCalAddress

from scheduler.calendars.calendar_file import add_contents, new_calendar
from scheduler.calendars.content_lines import to_bytes
from scheduler.calendars.events import EventStatus, FeedEvent
from scheduler.domain.inviting import Method

ADDRESS_SAFE = "@!$&'*+=/~"


def render_invitation(event: FeedEvent, *, method: Method, organizer: str, attendee: str, stamp: datetime) -> bytes:
    """The invitation as an iCalendar file. Addresses are mail addresses, without ``mailto:``.

    ``stamp`` is when this was written; at the same SEQUENCE the later one wins. The event's ``sequence`` is written as
    it is: who decides what is sent raises it, for a cancellation too. A cancellation is CANCELLED whatever the event's
    status. Raises ``ValueError`` when the stamp has no offset from UTC.
    """
    if stamp.utcoffset() is None:
        raise ValueError("a stamp needs an offset from UTC")
    shown = replace(event, status=EventStatus.CANCELLED) if method is Method.CANCEL else event
    calendar = new_calendar()
    calendar.add("METHOD", method.value)
    add_contents(calendar, (shown,), set())
    (component,) = calendar.events
    _add_people(component, method, organizer, attendee)
    del component["DTSTAMP"]
    component.add("DTSTAMP", stamp)
    return to_bytes(calendar)


def _add_people(component: Event, method: Method, organizer: str, attendee: str) -> None:
    """Who invites whom. Only a request asks for an answer."""
    asked = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if method is Method.REQUEST else {}
    component.add("ORGANIZER", _address(organizer))
    component.add("ATTENDEE", _address(attendee), parameters=asked)


def _address(mail_address: str) -> vCalAddress:
    """The address as a URI; signs that mean something else in a URI are written as ``%`` and their number."""
    return vCalAddress(f"mailto:{quote(mail_address, safe=ADDRESS_SAFE)}")
