"""The catalogue's versions, series and their sessions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.series import SeriesState, SessionState
from scheduler.storage.rows.base import AtClinic, Identified, Owned, Row
from scheduler.storage.types import word

ACTIVE_SQL = "state = 'active'"
DUE_SQL = "state = 'due'"
DECIDED_SQL = "state = 'omitted' OR continued_from IS NOT NULL"
"""Few of all series are running, few sessions are due, and about few anything was decided: indexes hold just these."""


class EntryKind(StrEnum):
    PROTOCOL = "protocol"
    CONTRAINDICATION = "contraindication"
    VISIT_TYPE = "visit_type"


class CatalogueEntryRow(Identified, Owned, Row):
    """One version of a protocol, contraindication or visit type. Never changed: an edit makes the next version."""

    __tablename__ = "catalogue_entries"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "code", "version"),)

    kind: Mapped[EntryKind] = mapped_column(word(EntryKind, "kind"))
    code: Mapped[str]
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class SeriesRow(Identified, AtClinic, Row):
    """One patient's course. ``revision`` moves with the series and all its appointments."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("severity IS NULL OR severity IN ('mild', 'moderate', 'severe')", name="severity"),
        Index(
            "ix_series_active_clinic_id",
            "clinic_id",
            sqlite_where=text(ACTIVE_SQL),
            postgresql_where=text(ACTIVE_SQL),
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    protocol_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_entries.id"))
    state: Mapped[SeriesState] = mapped_column(word(SeriesState, "state"), default=SeriesState.DRAFT)
    start_on: Mapped[date]
    sites: Mapped[list[str]]
    addons: Mapped[list[str]] = mapped_column(default=list)
    indication: Mapped[str | None]
    severity: Mapped[str | None]
    restarted_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class SessionRow(Identified, AtClinic, Row):
    """Step ``number`` of a series. ``continued_from`` and ``continued_until`` are a decision's stored window."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(state = 'satisfied') = (performed_on IS NOT NULL)", name="performed"),
        CheckConstraint("(continued_from IS NULL) = (continued_until IS NULL)", name="continued"),
        Index("ix_sessions_clinic_id_performed_on", "clinic_id", "performed_on"),
        Index(
            "ix_sessions_decided_clinic_id",
            "clinic_id",
            sqlite_where=text(DECIDED_SQL),
            postgresql_where=text(DECIDED_SQL),
        ),
        Index(
            "ix_sessions_due_series_id",
            "series_id",
            "number",
            "id",
            sqlite_where=text(DUE_SQL),
            postgresql_where=text(DUE_SQL),
        ),
        Index(
            "ix_sessions_imported_clinic_id",
            "clinic_id",
            sqlite_where=text("import_note IS NOT NULL"),
            postgresql_where=text("import_note IS NOT NULL"),
        ),
    )

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"))
    number: Mapped[int]
    state: Mapped[SessionState] = mapped_column(word(SessionState, "state"), default=SessionState.DUE)
    performed_on: Mapped[date | None]
    partial: Mapped[bool] = mapped_column(default=False)
    continued_from: Mapped[date | None]
    continued_until: Mapped[date | None]
    import_note: Mapped[str | None]
