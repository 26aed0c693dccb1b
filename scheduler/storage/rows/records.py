"""What the product keeps about its own doings: audit, undo, idempotent answers, calendar links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.storage.rows.base import Identified, Owned, Row
from scheduler.storage.types import word

ONE_OWNER = (
    "CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END + CASE WHEN resource_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN clinic_id IS NULL THEN 0 ELSE 1 END = 1"
)


class AuditRow(Owned, Row):
    """Who did what to which thing, when, why and under which rule version. Append only; ids and facts, no person."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_about_id", "about_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    clinic_id: Mapped[UUID | None]
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    action: Mapped[str]
    about: Mapped[str]
    about_id: Mapped[UUID]
    patient_id: Mapped[UUID | None] = mapped_column(index=True)
    reason: Mapped[str | None]
    rule_version: Mapped[str | None]
    facts: Mapped[dict[str, Any]]


class AuditPersonalRow(Row):
    """The personal values of an audit row, apart so that erasure can empty them."""

    __tablename__ = "audit_personal"

    audit_number: Mapped[int] = mapped_column(ForeignKey("audit.number"), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(index=True)
    values: Mapped[dict[str, Any]]


class ChangeSetRow(Identified, Owned, Row):
    """A deed that can be undone until ``undo_until``; ``steps`` say what it did.

    ``revision`` is what the deed left behind: the series' revision, or a visit's sequence.
    """

    __tablename__ = "change_sets"

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    revision: Mapped[int]
    steps: Mapped[list[Any]]


class IdempotencyRow(Owned, Row):
    """The answer that was given to a request with an Idempotency-Key, kept for a day."""

    __tablename__ = "idempotency"

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(index=True)


class LinkRow(Identified, Owned, Row):
    """A calendar link: one per device, to the feed of one patient, resource or clinic.

    The token is derived from the id and a key kept elsewhere; here is its hash. ``privacy`` is a staff link's level; a
    patient's link follows the patient's.
    """

    __tablename__ = "links"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        CheckConstraint("(patient_id IS NULL) = (privacy IS NOT NULL)", name="level_of_staff"),
    )

    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    resource_id: Mapped[UUID | None] = mapped_column(ForeignKey("resources.id"), index=True)
    clinic_id: Mapped[UUID | None] = mapped_column(ForeignKey("clinics.id"), index=True)
    privacy: Mapped[PrivacyLevel | None] = mapped_column(word(PrivacyLevel, "privacy"))
    device: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class FeedRow(Owned, Row):
    """A rendered feed of one owner at one privacy level. Fresh until ``valid_until``, if any, unless ``stale``.

    ``owner_id`` is a patient, a resource or a clinic. A row without bytes has never been rendered.
    """

    __tablename__ = "feeds"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    privacy: Mapped[PrivacyLevel] = mapped_column(word(PrivacyLevel, "privacy"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    zipped: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str]
    zipped_etag: Mapped[str]
    changed_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    stale: Mapped[bool] = mapped_column(default=False)
