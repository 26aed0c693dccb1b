"""Appointments, the claims they make, and keeps."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.changes import CancelReason
from scheduler.domain.series import AppointmentStatus
from scheduler.storage.rows.base import AtClinic, Identified, Row
from scheduler.storage.types import new_id, word

LIVE_SQL = "status IN ('booked', 'arrived', 'checked_in')"
IMPORTED_SQL = "import_note IS NOT NULL"
DECLINED_SQL = "patient_answer = 'declined'"
ENDED_SQL = "status IN ('fulfilled', 'noshow', 'cancelled')"
"""The states in which an appointment may have given its claims back and is still shown in calendars."""


class PatientAnswer(StrEnum):
    """The patient's own answer to an invitation."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class AppointmentRow(Identified, AtClinic, Row):
    """A booking of a session or of a visit type.

    ``starts_at`` and ``ends_at`` bound all phases; ``wall_start`` is the local time that was meant, ``on_date`` its
    clinic date. ``sites`` is a visit's; a session's are its series'. ``uid`` lives as long as the row, ``sequence``
    rises with time, place or status.
    The override columns keep a practitioner's decision: for which date, against which reference, why, by whom.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="instants"),
        CheckConstraint("(series_id IS NULL) = (session_id IS NULL)", name="session_of_series"),
        CheckConstraint("(session_id IS NULL) <> (visit_type_id IS NULL)", name="session_or_visit"),
        CheckConstraint("(override_on IS NULL) = (override_reason IS NULL)", name="override"),
        CheckConstraint("status <> 'cancelled' OR cancel_reason IS NOT NULL", name="cancel_reason_given"),
        Index(
            "uq_appointments_live_session",
            "session_id",
            unique=True,
            sqlite_where=text(LIVE_SQL),
            postgresql_where=text(LIVE_SQL),
        ),
        Index("ix_appointments_clinic_id_on_date", "clinic_id", "on_date"),
        Index("ix_appointments_patient_id_starts_at", "patient_id", "starts_at"),
        Index("ix_appointments_series_id", "series_id"),
        Index("ix_appointments_session_id", "session_id"),
        Index(
            "ix_appointments_live_clinic_id_on_date",
            "clinic_id",
            "on_date",
            sqlite_where=text(LIVE_SQL),
            postgresql_where=text(LIVE_SQL),
        ),
        Index(
            "ix_appointments_declined_clinic_id",
            "clinic_id",
            sqlite_where=text(DECLINED_SQL),
            postgresql_where=text(DECLINED_SQL),
        ),
        Index(
            "ix_appointments_imported_clinic_id",
            "clinic_id",
            sqlite_where=text(IMPORTED_SQL),
            postgresql_where=text(IMPORTED_SQL),
        ),
        *(
            Index(
                f"ix_appointments_ended_{place}_starts_at",
                place,
                "starts_at",
                sqlite_where=text(ENDED_SQL),
                postgresql_where=text(ENDED_SQL),
            )
            for place in ("practitioner_id", "room_id", "device_id")
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id"))
    visit_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalogue_entries.id"))
    status: Mapped[AppointmentStatus] = mapped_column(
        word(AppointmentStatus, "status"), default=AppointmentStatus.BOOKED
    )
    cancel_reason: Mapped[CancelReason | None] = mapped_column(word(CancelReason, "cancel_reason"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    on_date: Mapped[date]
    wall_start: Mapped[str]
    practitioner_id: Mapped[UUID | None] = mapped_column(ForeignKey("resources.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("resources.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("resources.id"))
    sites: Mapped[list[str]] = mapped_column(default=list)
    treatment_extra: Mapped[int] = mapped_column(default=0)
    at_risk: Mapped[bool] = mapped_column(default=False)
    risk_reason: Mapped[str | None]
    patient_answer: Mapped[PatientAnswer] = mapped_column(
        word(PatientAnswer, "patient_answer"), default=PatientAnswer.NEEDS_ACTION
    )
    override_on: Mapped[date | None]
    override_reference: Mapped[date | None]
    override_reason: Mapped[str | None]
    override_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    arrived_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    import_note: Mapped[str | None]
    uid: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class KeepKind(StrEnum):
    """A keep holds slots for a caller; an override request holds one for a practitioner's decision."""

    KEEP = "keep"
    OVERRIDE_REQUEST = "override_request"


class KeepRow(Identified, AtClinic, Row):
    """Slots reserved until ``kept_until`` while somebody decides: claims, but no appointment and no UID."""

    __tablename__ = "keeps"
    __table_args__ = (Index("ix_keeps_clinic_id_kept_until", "clinic_id", "kept_until"),)

    kind: Mapped[KeepKind] = mapped_column(word(KeepKind, "kind"), default=KeepKind.KEEP)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"), index=True)
    kept_until: Mapped[datetime]
    placements: Mapped[list[Any]]
    reason: Mapped[str | None]
    kept_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class ClaimRow(AtClinic, Row):
    """One resource or patient occupied for one half-open stretch of time by one appointment or keep.

    No two claims of one subject overlap: an exclusion constraint on PostgreSQL, triggers on SQLite.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="instants"),
        CheckConstraint("(appointment_id IS NULL) <> (keep_id IS NULL)", name="one_owner"),
        Index("ix_claims_appointment_id", "appointment_id"),
        Index("ix_claims_keep_id", "keep_id"),
        {"sqlite_with_rowid": False},
    )

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"))
    keep_id: Mapped[UUID | None] = mapped_column(ForeignKey("keeps.id"))
