"""The waitlist: who wants to be asked when a slot becomes free."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.storage.rows.base import AtClinic, Identified, Row

WAITING_SQL = "ended_at IS NULL"
ONE_WISH = (
    "CASE WHEN series_id IS NULL THEN 0 ELSE 1 END + CASE WHEN visit_type IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN appointment_id IS NULL THEN 0 ELSE 1 END = 1"
)


class WaitlistRow(Identified, AtClinic, Row):
    """Somebody waits for the next session of a series without a date, for a visit, or for an earlier start.

    ``booked_at`` is when the appointment of the third kind began as it was put on the list. ``until`` is the last
    clinic date that a visit may have. ``prefer`` are weekdays and hours. An entry ends when staff takes it off;
    that what it waits for is booked is read from the appointments.
    """

    __tablename__ = "waitlist"
    __table_args__ = (
        CheckConstraint(ONE_WISH, name="one_wish"),
        CheckConstraint("(appointment_id IS NULL) = (booked_at IS NULL)", name="earlier_than_booked"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(
            "ix_waitlist_waiting_clinic_id",
            "clinic_id",
            sqlite_where=text(WAITING_SQL),
            postgresql_where=text(WAITING_SQL),
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    visit_type: Mapped[str | None]
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"))
    booked_at: Mapped[datetime | None]
    until: Mapped[date | None]
    practitioner_id: Mapped[UUID | None] = mapped_column(ForeignKey("resources.id"))
    prefer: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    added_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
