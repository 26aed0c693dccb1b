"""Practitioners, rooms and devices: their weekly hours, single days that differ, absences and qualifications."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.domain.protocol import ResourceKind
from scheduler.storage.rows.base import AtClinic, Identified, Owned, Row
from scheduler.storage.types import word

MINUTES = "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440"


class ResourceRow(Identified, AtClinic, Row):
    """What an appointment occupies. ``type`` narrows devices ("laser").

    ``revision`` counts changes of hours and absences, ``busy_revision`` changes of claims: masks of free time that are
    kept ready know by the two when they are stale.
    """

    __tablename__ = "resources"

    kind: Mapped[ResourceKind] = mapped_column(word(ResourceKind, "kind"))
    name: Mapped[str]
    type: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    roster_until: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    busy_revision: Mapped[int] = mapped_column(default=1)


class WorkingHoursRow(Identified, AtClinic, Row):
    """The usual week, in minutes of the wall clock; a resource without any follows the clinic's opening hours."""

    __tablename__ = "working_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(MINUTES, name="minutes"),
    )

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"), index=True)
    weekday: Mapped[int]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class RosterDayRow(Identified, AtClinic, Row):
    """One date that differs from the usual week. Without minutes the resource is off that day."""

    __tablename__ = "roster_days"
    __table_args__ = (
        CheckConstraint("(starts_minute IS NULL) = (ends_minute IS NULL)", name="both_or_none"),
        CheckConstraint(MINUTES, name="minutes"),
        Index("ix_roster_days_resource_id_on_date", "resource_id", "on_date"),
    )

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    on_date: Mapped[date]
    starts_minute: Mapped[int | None]
    ends_minute: Mapped[int | None]


class AbsenceSource(StrEnum):
    STAFF = "staff"
    CALENDAR = "calendar"


class AbsenceRow(Identified, AtClinic, Row):
    """A stretch in which a resource cannot be booked. ``uid`` is the event of an imported calendar."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="instants"),
        Index("ix_absences_resource_id_ends_at", "resource_id", "ends_at"),
    )

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    label: Mapped[str] = mapped_column(default="")
    source: Mapped[AbsenceSource] = mapped_column(word(AbsenceSource, "source"), default=AbsenceSource.STAFF)
    uid: Mapped[str | None]


class DelayRow(AtClinic, Row):
    """A practitioner runs so many minutes late on a clinic date. It is told, and moves nothing."""

    __tablename__ = "delays"
    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes"),)

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int]
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))


class BusyOutcome(StrEnum):
    """What became of a calendar file: all read, parts refused, or nothing of it read."""

    READ = "read"
    PARTLY = "partly"
    UNREAD = "unread"


class BusyFileRow(AtClinic, Row):
    """The calendar file of a resource in the watched folder, as it was when it was last looked into.

    ``digest`` is of its bytes; ``refused`` counts the parts that could not be read, and ``reason`` says why.
    """

    __tablename__ = "busy_files"
    __table_args__ = (CheckConstraint("(outcome = 'read') = (reason IS NULL)", name="reason"),)

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    digest: Mapped[str]
    read_at: Mapped[datetime]
    outcome: Mapped[BusyOutcome] = mapped_column(word(BusyOutcome, "outcome"))
    refused: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]


class QualificationRow(Identified, Owned, Row):
    """What a practitioner may perform. ``valid_until`` is the last clinic date it holds; ``None`` does not expire."""

    __tablename__ = "qualifications"
    __table_args__ = (UniqueConstraint("resource_id", "protocol_code"),)

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    protocol_code: Mapped[str]
    valid_until: Mapped[date | None]
    renewal_expected: Mapped[bool] = mapped_column(default=False)
