"""Staff, their roles and tokens, and patients."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Role
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.deposits import Deposit
from scheduler.storage.rows.base import Identified, Owned, Row
from scheduler.storage.types import word


class UserRow(Identified, Owned, Row):
    """Somebody of the staff; ``resource_id`` is set for a practitioner."""

    __tablename__ = "users"

    name: Mapped[str]
    resource_id: Mapped[UUID | None] = mapped_column(ForeignKey("resources.id"))
    active: Mapped[bool] = mapped_column(default=True)


class UserRoleRow(Row):
    __tablename__ = "user_roles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(word(Role, "role"), primary_key=True)


class TokenRow(Identified, Owned, Row):
    """A bearer token for the API, scoped to one role. Only its hash is kept."""

    __tablename__ = "tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(word(Role, "role"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PatientRow(Identified, Owned, Row):
    """A person. ``search_text`` is the name folded for search.

    ``phone_digits`` are the phone's digits without country code and leading zeros. ``reminder_days`` are days before a
    visit; ``None`` takes the protocol's, and 0 wants no reminder.
    """

    __tablename__ = "patients"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("calendar_by <> 'invitations' OR email IS NOT NULL", name="invitations_need_an_address"),
        CheckConstraint("reminder_days BETWEEN 0 AND 14", name="reminder_days"),
        Index("ix_patients_organisation_id_search_text", "organisation_id", "search_text"),
        Index("ix_patients_organisation_id_phone_digits", "organisation_id", "phone_digits"),
        Index("ix_patients_organisation_id_email", "organisation_id", "email"),
        Index("ix_patients_organisation_id_date_of_birth", "organisation_id", "date_of_birth"),
    )

    name: Mapped[str]
    search_text: Mapped[str]
    phone: Mapped[str | None]
    phone_digits: Mapped[str | None]
    email: Mapped[str | None]
    date_of_birth: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    deposit: Mapped[Deposit] = mapped_column(word(Deposit, "deposit"), default=Deposit.NONE)
    privacy: Mapped[PrivacyLevel] = mapped_column(word(PrivacyLevel, "privacy"), default=PrivacyLevel.DISCREET)
    contact: Mapped[Contact] = mapped_column(word(Contact, "contact"), default=Contact.PHONE)
    calendar_by: Mapped[CalendarBy] = mapped_column(word(CalendarBy, "calendar_by"), default=CalendarBy.FEED)
    language: Mapped[Language] = mapped_column(word(Language, "language"), default=Language.ENGLISH)
    reminder_days: Mapped[int | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
