"""Visits, letters and envelopes for the tests of messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.domain.inviting import Method
from scheduler.messages.letters import Letter, NewsItem, NewsKind, Visit
from scheduler.messages.mail import CalendarPart, Envelope, Mailbox

QUAY = Visit(
    starts_at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 3, 3, 10, 15, tzinfo=UTC),
    zone="Europe/London",
    clinic="Harbour Clinic",
    address="1 Quay Street, London",
    phone="020 7946 0958",
    treatment=None,
    session=None,
    sessions=None,
)
SESSION = replace(QUAY, treatment="Microneedling, rejuvenation", session=2, sessions=4)

ENVELOPE = Envelope(
    sender=Mailbox("post@harbour.example", "Harbour Clinic"),
    recipient=Mailbox("anna@berg.example", "Anna Berg"),
    reply_to="post+proof@harbour.example",
    message_id="<5f0a.1@harbour.example>",
    date=datetime(2026, 2, 1, 12, tzinfo=UTC),
)
LETTER = Letter("Termin im März", "Grüße\n", "<p>Grüße</p>\n", "Termin")


def a_visit(starts_at: datetime = QUAY.starts_at, **changes: Any) -> Visit:
    """A session of three quarters of an hour, with changes."""
    return replace(SESSION, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45), **changes)


def booked(visit: Visit) -> NewsItem:
    return NewsItem(NewsKind.BOOKED, visit)


def moved(before: Visit, visit: Visit) -> NewsItem:
    return NewsItem(NewsKind.MOVED, visit, before)


def cancelled(visit: Visit) -> NewsItem:
    return NewsItem(NewsKind.CANCELLED, visit)


def a_part(method: Method = Method.REQUEST, body: bytes = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") -> CalendarPart:
    return CalendarPart(method, body)
