"""Messages to patients: what waits to be told, what each has been told, and what came back."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.contact import Contact
from scheduler.storage.rows.appointments import PatientAnswer
from scheduler.storage.rows.base import AtClinic, Identified, Owned, Row
from scheduler.storage.types import word


class MessageKind(StrEnum):
    """What a message is about. ``NEWS``: appointments were booked, moved or cancelled. ``CALL``: staff shall call.

    ``LINK``: the patient's personal link. ``WITHDRAWAL``: an address that the patient has left loses its events.
    """

    NEWS = "news"
    REMINDER = "reminder"
    AFTERCARE = "aftercare"
    CALL = "call"
    LINK = "link"
    WITHDRAWAL = "withdrawal"


class OutboxState(StrEnum):
    """``WAITING`` for its time, for a next attempt, or in somebody's lease. ``DROPPED``: there was nothing to tell.

    ``TO_CALL`` and ``DEAD`` stand on the call list, ``DEAD`` also among the dead letters; a call makes both ``CALLED``.
    """

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"
    TO_CALL = "to_call"
    CALLED = "called"


class OutboxRow(Identified, Owned, Row):
    """A message to come. It waits until ``due_at`` so that an undo or a further change can replace it.

    ``content`` is what is sent, written once the message is due and kept while it may have gone out, so that a
    duplicate is the same to the byte; ``facts`` is what it was written from, and what the patient knows once it has
    arrived; ``writings`` counts how often it was written, and is part of its Message-ID. ``in_doubt``: an attempt ended
    without anybody knowing whether the message went out. ``calls`` counts the calls that nobody answered; after
    ``useful_until`` nobody needs to be called for it any more.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(lease_id IS NULL) = (leased_until IS NULL)", name="lease"),
        Index("ix_outbox_state_due_at_id", "state", "due_at", "id"),
        Index("ix_outbox_organisation_id_state", "organisation_id", "state"),
        Index(
            "ix_outbox_leased_until",
            "leased_until",
            sqlite_where=text("leased_until IS NOT NULL"),
            postgresql_where=text("leased_until IS NOT NULL"),
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[MessageKind] = mapped_column(word(MessageKind, "kind"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[OutboxState] = mapped_column(word(OutboxState, "state"), default=OutboxState.WAITING)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    by: Mapped[Contact | None] = mapped_column(word(Contact, "by"))
    content: Mapped[dict[str, Any] | None]
    facts: Mapped[dict[str, Any] | None]
    writings: Mapped[int] = mapped_column(default=0)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    calls: Mapped[int] = mapped_column(default=0)
    useful_until: Mapped[datetime | None]
    lease_id: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    error: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[str | None]


class ToldRow(Owned, Row):
    """What the patient was last told of one appointment, and what was last heard from the patient about it.

    ``place`` is the clinic's address as told, empty when nothing was said of it. ``sequence`` is the SEQUENCE that was
    sent. ``invited`` is the address that has the invitation, ``None`` without one, empty when it is out of date.
    ``heard_sequence``, ``heard_stamp`` and ``heard_answer`` are those of the last reply that counted, or of what the
    patient has said to staff since.
    """

    __tablename__ = "told"

    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int]
    cancelled: Mapped[bool] = mapped_column(default=False)
    invited: Mapped[str | None]
    told_at: Mapped[datetime]
    heard_sequence: Mapped[int | None]
    heard_stamp: Mapped[datetime | None]
    heard_answer: Mapped[PatientAnswer | None] = mapped_column(word(PatientAnswer, "heard_answer"))


class ReplyOutcome(StrEnum):
    """What became of a reply to an invitation."""

    APPLIED = "applied"
    STALE = "stale"
    REPEATED = "repeated"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class ReplyRow(Identified, Owned, Row):
    """A reply that reached us, and what became of it. Of its content only what was understood is kept."""

    __tablename__ = "replies"

    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(index=True)
    outcome: Mapped[ReplyOutcome] = mapped_column(word(ReplyOutcome, "outcome"))
    reason: Mapped[str]
    understood: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


class MoveRequestRow(Identified, AtClinic, Row):
    """A patient wants another time for an appointment, which stood at ``starts_at`` then.

    Open until it is closed, or the appointment stands at another time or has gone. ``wanted_at`` is the UTC instant
    that is asked for, where one is.
    """

    __tablename__ = "move_requests"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"), index=True)
    starts_at: Mapped[datetime]
    wanted_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
