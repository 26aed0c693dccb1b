"""A letter as a mail, with the calendar parts that go with it. The same values give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from scheduler.domain.inviting import Method
from scheduler.messages.page import Letter
from scheduler.messages.printable import shortened

SEVEN_BIT = SMTP.clone(cte_type="7bit")  # every server carries it unchanged
LONGEST_NAME = 64
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address of a mail with the name that is shown for it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, under which Message-ID (with its angle brackets), and when (an aware instant)."""

    sender: Mailbox
    recipient: Mailbox
    reply_to: str | None
    message_id: str
    date: datetime


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """One iCalendar file with one event; ``method`` is the METHOD that stands in it."""

    method: Method
    body: bytes


def mail_message(envelope: Envelope, letter: Letter, parts: Sequence[CalendarPart] = ()) -> EmailMessage:
    """The mail. One event stands in it as the letter's other form, several as attachments, each with its METHOD."""
    message = EmailMessage(SEVEN_BIT)
    _add_headers(message, envelope, letter.subject)
    if not parts:  # programs that take invitations in pass over what calls itself automatic
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.plain)
    message.add_alternative(letter.html, subtype="html")
    if len(parts) == 1:
        _add_invitation(message, parts[0])
    elif parts:
        _add_several(message, parts)
    _set_boundaries(message, envelope.message_id)
    return message


def _add_headers(message: EmailMessage, envelope: Envelope, subject: str) -> None:
    message["From"] = _address(envelope.sender)
    message["To"] = _address(envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = _address(Mailbox(envelope.reply_to))
    message["Subject"] = shortened(subject, LONGEST_SUBJECT)
    message["Date"] = envelope.date
    message["Message-ID"] = envelope.message_id
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"


def _address(mailbox: Mailbox) -> Address:
    user, _, domain = mailbox.address.rpartition("@")
    return Address(shortened(mailbox.name, LONGEST_NAME), user, domain)


def _add_invitation(message: EmailMessage, part: CalendarPart) -> None:
    """Once for programs that answer an invitation, once more for readers who save a file."""
    message.add_alternative(part.body, "text", "calendar", cte="base64", params=_parameters(part))
    message.add_attachment(part.body, "application", "ics", filename="invite.ics")


def _add_several(message: EmailMessage, parts: Sequence[CalendarPart]) -> None:
    for number, part in enumerate(parts, 1):
        params = _parameters(part)
        message.add_attachment(part.body, "text", "calendar", params=params, filename=f"invite-{number}.ics")


def _parameters(part: CalendarPart) -> dict[str, str]:
    return {"method": part.method.value, "charset": "utf-8", "component": "VEVENT"}


def _set_boundaries(message: EmailMessage, message_id: str) -> None:
    """The library would take random ones."""
    for number, part in enumerate(found for found in message.walk() if found.is_multipart()):
        part.set_boundary(sha256(f"{message_id} {number}".encode()).hexdigest()[:32])
