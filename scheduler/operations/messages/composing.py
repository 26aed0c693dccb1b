"""Composing: what a message says at the moment it is due, and by which way it goes.

What each kind of message says is one function. The way follows from the patient's choice and from what is set up here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from scheduler.domain.contact import Contact
from scheduler.domain.news import Knowledge, Known
from scheduler.messages.letters import Letter
from scheduler.messages.mail import CalendarPart, Envelope, Mailbox, mail_message
from scheduler.operations.messages.patient_visits import Addressee, addressee, clinics_of
from scheduler.storage.rows import OutboxRow
from scheduler.storage.told import known_to_json, read_told


@dataclass(frozen=True, slots=True)
class Post:
    """From where messages go. ``mailbox`` is the address that mails come from and replies reach.

    ``ways`` are those that a sender is set up for, among e-mail and text.
    """

    mailbox: str
    link_key: str
    public_url: str
    ways: frozenset[Contact]

    @property
    def host(self) -> str:
        return self.mailbox.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message is written from: the patient, and what the patient knows so far."""

    tx: Transaction
    row: OutboxRow
    to: Addressee
    told: Knowledge
    post: Post
    now: datetime

    @property
    def is_mail_set_up(self) -> bool:
        return Contact.EMAIL in self.post.ways


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says. ``basis`` is a document of all that it was written from: the same basis, the same message.

    ``knows`` is what the patient will know of appointments once it has arrived. With ``events`` it goes by mail,
    to ``address`` if that is not the patient's own. After ``useful_until`` (UTC) nobody is called for it any more.
    """

    letter: Letter
    basis: Any
    knows: Mapping[UUID, Known] = field(default_factory=dict)
    events: tuple[CalendarPart, ...] = ()
    address: str | None = None
    is_named: bool = True
    useful_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing may be said yet: the message is to be asked about again at this UTC instant."""

    at: datetime


Composer = Callable[[Matter], Said | Later | None]


@dataclass(frozen=True, slots=True)
class Composed:
    """A message, ready to go ``by`` its way. ``why`` says why the patient has to be called instead of written to."""

    by: Contact
    content: dict[str, Any]
    facts: dict[str, Any]
    why: str | None = None
    useful_until: datetime | None = None


def matter_of(tx: Transaction, row: OutboxRow, post: Post, now: datetime, perhaps: Knowledge | None = None) -> Matter:
    """What to write this message from. ``perhaps`` is what the patient may know besides, instead of what was told."""
    told = {**read_told(tx, row.patient_id, now), **(perhaps or {})}
    return Matter(tx, row, addressee(tx, row.patient_id), told, post, now)


def compose(matter: Matter, composers: Mapping[Any, Composer]) -> Composed | Later | None:
    """The message of this row as it would have to be now; ``None`` when there is nothing to tell, or nobody to tell."""
    if matter.to.contact is Contact.NONE:
        return None
    said = composers[matter.row.kind](matter)
    if said is None or isinstance(said, Later):
        return said
    by, to, why = _way(matter, said)
    facts = {
        "basis": {"by": by, "to": to, "name": matter.to.name, "language": matter.to.language, "said": said.basis},
        "knows": {str(id_): known_to_json(known) for id_, known in said.knows.items()},
    }
    content = {"say": said.letter.short} | _carried(matter, said, by, to)
    return Composed(by, content, facts, why, said.useful_until)


def _way(matter: Matter, said: Said) -> tuple[Contact, str | None, str | None]:
    """How the message goes, to which address or number, and why by phone if that was not chosen."""
    to = matter.to
    wanted = Contact.EMAIL if said.events else to.contact
    address = said.address or to.email if wanted is Contact.EMAIL else to.phone
    if wanted is Contact.PHONE:
        return wanted, address, None
    if wanted not in matter.post.ways:
        return Contact.PHONE, to.phone, NOT_SET_UP[wanted]
    return (wanted, address, None) if address else (Contact.PHONE, to.phone, NO_ADDRESS[wanted])


NOT_SET_UP = {Contact.EMAIL: "no mail server is set up", Contact.TEXT: "no text gateway is set up"}
NO_ADDRESS = {Contact.EMAIL: "no e-mail address is on file", Contact.TEXT: "no phone number is on file"}


def _carried(matter: Matter, said: Said, by: Contact, to: str | None) -> dict[str, Any]:
    """What a sender needs."""
    if by is Contact.TEXT:
        return {"to": to, "text": said.letter.short, "id": f"{matter.row.id}.{matter.row.writings + 1}"}
    if by is not Contact.EMAIL or to is None:
        return {}
    clinic = clinics_of(matter.tx, [matter.row.clinic_id])[matter.row.clinic_id]
    envelope = Envelope(
        sender=Mailbox(matter.post.mailbox, clinic.name),
        recipient=Mailbox(to, matter.to.name if said.is_named else ""),
        reply_to=None,
        message_id=f"<{matter.row.id}.{matter.row.writings + 1}@{matter.post.host}>",
        date=matter.now,
    )
    mail = mail_message(envelope, said.letter, said.events).as_bytes().decode("ascii")
    return {"from": matter.post.mailbox, "to": to, "mail": mail}
