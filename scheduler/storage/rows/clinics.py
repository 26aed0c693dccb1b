"""Organisations, their clinics, and when a clinic is open."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.storage.rows.base import AtClinic, Identified, Owned, Row
from scheduler.storage.types import word


class OrganisationRow(Identified, Row):
    __tablename__ = "organisations"

    name: Mapped[str]


class ClinicRow(Identified, Owned, Row):
    """One location. ``revision`` counts changes of hours and closures.

    ``risks_seen_on`` is its last date on which somebody looked at what time alone puts at risk.
    """

    __tablename__ = "clinics"

    name: Mapped[str]
    zone: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    region: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)
    risks_seen_on: Mapped[date | None]
    created_at: Mapped[datetime]


class OpeningHoursRow(Identified, AtClinic, Row):
    """A weekly opening, in minutes of the wall clock since midnight."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440", name="minutes"),
    )

    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]


class ClosureSource(StrEnum):
    STAFF = "staff"
    HOLIDAY = "holiday"


class ClosureRow(Identified, AtClinic, Row):
    """Whole clinic dates, both ends inclusive, on which the clinic is closed."""

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="dates"),
        Index("ix_closures_clinic_id_ends_on", "clinic_id", "ends_on"),
    )

    starts_on: Mapped[date]
    ends_on: Mapped[date]
    label: Mapped[str]
    source: Mapped[ClosureSource] = mapped_column(word(ClosureSource, "source"), default=ClosureSource.STAFF)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
