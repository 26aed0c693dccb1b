"""A post room: what is due is taken and handed to a sender that the test holds, with the time in the test's hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from scheduler.domain.contact import Contact
from scheduler.domain.news import Known
from scheduler.operations.messages.composing import Post
from scheduler.operations.messages.sending import Attempt, Leased, Outcome, Taken, finish, take_due
from scheduler.operations.patients.patients import edit_patient
from scheduler.storage.rows import OutboxRow, PatientRow
from scheduler.storage.told import read_told
from tests.support.desk import Desk
from tests.support.every_calendar import check_mail
from tests.support.rows import NOW

LINK_KEY = "a-link-key-for-tests"
POST = Post("visits@clinic.example", LINK_KEY, "https://clinic.example", frozenset({Contact.EMAIL, Contact.TEXT}))
SOON = NOW + timedelta(minutes=3)
"""When the message about a deed of ``NOW`` is due."""
SENT = Attempt(Outcome.SENT)


@dataclass
class PostRoom:
    """Sends what is due of one organisation's database. ``out`` are all contents that were handed to the sender."""

    desk: Desk
    post: Post = POST
    out: list[Any] = field(default_factory=list)

    def take(self, now: datetime = SOON, most: int = 50) -> Taken:
        return self.desk.clinic.database.write(lambda tx: take_due(tx, self.post, now, most))

    def finish(self, leased: Leased, attempt: Attempt = SENT, now: datetime = SOON) -> bool:
        return self.desk.clinic.database.write(lambda tx: finish(tx, leased, attempt, now))

    def send(self, now: datetime = SOON, answer: Callable[[Leased], Attempt] = lambda _: SENT) -> list[Any]:
        """Take what is due and send it; what was sent."""
        taken = self.take(now)
        for leased in taken.leased:
            self.finish(leased, answer(leased), now)
        sent = [leased.content for leased in taken.leased]
        for content in sent:
            if "mail" in content:
                check_mail(mail_of(content))
        self.out += sent
        return sent

    def rows(self, patient_id: UUID) -> Sequence[OutboxRow]:
        query = select(OutboxRow).where(OutboxRow.patient_id == patient_id).order_by(OutboxRow.created_at, OutboxRow.id)
        return self.desk.read(lambda tx: tx.scalars(query).all())

    def states(self, patient_id: UUID) -> list[str]:
        return [row.state.value for row in self.rows(patient_id)]

    def told(self, patient_id: UUID, now: datetime = NOW) -> dict[UUID, Known]:
        return self.desk.read(lambda tx: read_told(tx, patient_id, now))

    def choose(self, patient_id: UUID, now: datetime = NOW, **choices: Any) -> None:
        """Change how a patient wants to be told."""
        self.desk.do(lambda c: edit_patient(c, patient_id=patient_id, seen=None, given=choices), now=now)

    def mail_patient(self, name: str = "Nadia Okonjo", **choices: Any) -> UUID:
        """A patient who is told by e-mail."""
        patient_id = self.desk.patient(name)
        values = {"email": "nadia@example.org", "contact": Contact.EMAIL} | choices
        change = update(PatientRow).where(PatientRow.id == patient_id).values(**values)
        self.desk.clinic.database.write(lambda tx: tx.execute(change))
        return patient_id


def mail_of(content: Any) -> EmailMessage:
    """The mail that a message carries."""
    mail = message_from_string(content["mail"], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def events_in(content: Any) -> list[dict[str, str]]:
    """The properties of each event of a mail, with its METHOD, once each."""
    found: dict[str, dict[str, str]] = {}
    for part in mail_of(content).walk():
        if part.get_content_type() == "text/calendar":
            lines = part.get_content().replace("\r\n ", "").splitlines()
            properties = dict(line.partition(":")[::2] for line in lines)
            found[properties["UID"]] = {key.partition(";")[0]: value for key, value in properties.items()}
    return list(found.values())
