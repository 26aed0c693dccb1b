"""Holds and clearances."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.storage.rows.base import Identified, Owned, Row
from scheduler.storage.types import word


class HoldRow(Identified, Owned, Row):
    """A contraindication's block. ``rule_id`` is the catalogue version that its scope and end come from."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="dates"),
        CheckConstraint("end_rule NOT IN ('on_date', 'date_or_clearance') OR ends_on IS NOT NULL", name="date_given"),
        CheckConstraint(
            "end_rule = 'permanent' OR ends_on IS NOT NULL OR review_on IS NOT NULL", name="ends_or_review"
        ),
        Index("ix_holds_organisation_id_state", "organisation_id", "state"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_entries.id"))
    code: Mapped[str]
    scope: Mapped[Scope] = mapped_column(word(Scope, "scope"))
    site: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    review_on: Mapped[date | None]
    end_rule: Mapped[EndRule] = mapped_column(word(EndRule, "end_rule"))
    state: Mapped[HoldState] = mapped_column(word(HoldState, "state"))
    note: Mapped[str] = mapped_column(default="")
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    placed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    evidence_on: Mapped[date | None]


class ClearanceRow(Identified, Owned, Row):
    """A practitioner's standing answer to a contraindication, for a patient or one series.

    ``answer`` is what the patient had said: only while that stays the same does the clearance cover it.
    """

    __tablename__ = "clearances"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    code: Mapped[str]
    answer: Mapped[str]
    reason: Mapped[str]
    valid_until: Mapped[date | None]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    given_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
