"""Patients who were invited by mail to appointments, and their answers as they reach us."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.operations.context import Context
from scheduler.operations.messages.patient_visits import patient_visits
from scheduler.operations.messages.reply_addresses import reply_address
from scheduler.operations.messages.replying import ReadMessage, Taken, take_message
from scheduler.storage.rows import AppointmentRow, MoveRequestRow, ReplyRow, ToldRow
from tests.support import replies
from tests.support.desk import Desk
from tests.support.replies import PATIENT
from tests.support.rows import NOW

KEY = "the link key of the tests"
MAILBOX = "visits@clinic.example"
LATER = NOW + timedelta(hours=2)
"""When replies reach us: an hour after they were written."""


@dataclass(frozen=True)
class Invitation:
    """An appointment to which somebody was invited."""

    desk: Desk
    appointment_id: UUID
    key: str = KEY

    @property
    def row(self) -> AppointmentRow:
        return self.desk.read(lambda tx: tx.get_one(AppointmentRow, self.appointment_id))

    @property
    def address(self) -> str:
        return reply_address(MAILBOX, self.key, self.appointment_id)

    @property
    def kept(self) -> list[ReplyRow]:
        query = select(ReplyRow).where(ReplyRow.appointment_id == self.appointment_id).order_by(ReplyRow.id)
        return list(self.desk.read(lambda tx: tx.scalars(query).all()))

    @property
    def requests(self) -> list[MoveRequestRow]:
        query = select(MoveRequestRow).where(MoveRequestRow.appointment_id == self.appointment_id)
        return list(self.desk.read(lambda tx: tx.scalars(query.order_by(MoveRequestRow.id)).all()))

    def mail(
        self, answer: str = "ACCEPTED", *lines: str, method: str = "REPLY", to: str | None = None, **values: Any
    ) -> bytes:
        """A message that answers this invitation, as the ``values`` of ``tests.support.replies.event`` say."""
        values = {"uid": str(self.row.uid), "answer": answer, "organizer": None} | values
        text = replies.calendar(replies.event(*lines, **values), method=method)
        return replies.mail([replies.WORDS, replies.inline(text, method)], to=to or self.address)

    def counter(self, *lines: str, answer: str = "TENTATIVE", **values: Any) -> bytes:
        return self.mail(answer, *lines, method="COUNTER", **values)

    def take(self, data: bytes, now: datetime = LATER) -> Taken:
        return take(self.desk, data, now, self.key)


def take(desk: Desk, data: bytes, now: datetime = LATER, key: str = KEY) -> Taken:
    """What becomes of a message."""
    message = ReadMessage.of(data)
    return desk.do(lambda context: take_message(context, key, message=message), now=now)


def invite(desk: Desk, appointment_id: UUID, key: str = KEY, **values: Any) -> Invitation:
    """Write that a patient was told of an appointment as it stands, by an invitation."""

    def tell(context: Context) -> None:
        row = context.tx.get_one(AppointmentRow, appointment_id)
        owner = {"organisation_id": row.organisation_id, "clinic_id": row.clinic_id, "patient_id": row.patient_id}
        known = patient_visits(context.tx, row.patient_id, [appointment_id], NOW)[appointment_id].known
        told = {"starts_at": known.starts_at, "ends_at": known.ends_at, "sequence": row.sequence, "told_at": NOW}
        kept = context.tx.get(ToldRow, appointment_id)
        for name, value in (told | {"invited": PATIENT, "cancelled": row.status != "booked"} | values).items():
            if kept:
                setattr(kept, name, value)
        if kept is None:
            context.tx.add(ToldRow(appointment_id=appointment_id, **owner, **({"invited": PATIENT} | told | values)))
        context.tx.flush()

    desk.do(tell)
    return Invitation(desk, appointment_id, key)


def invited_visit(desk: Desk, number: int = 3, hour: int = 15) -> Invitation:
    """A consultation on that day, to which its patient was invited."""
    return invite(desk, desk.visit(desk.patient(), number, "consultation", hour))


def invited_session(desk: Desk, days: dict[int, int], number: int = 1) -> Invitation:
    """A booked series, to one session of which its patient was invited."""
    series_id = desk.course(days)
    sessions = desk.sheet(series_id).snapshot.series.sessions
    return invite(desk, next(s.booking.appointment_id for s in sessions if s.number == number and s.booking))
