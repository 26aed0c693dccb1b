"""Clinics, resources and people."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from scheduler.storage.types import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def word(name: str, *values: str) -> sa.Enum:
    """One of these words, checked by a constraint of this name."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def owned() -> tuple[sa.Column[Any], sa.Column[Any]]:
    """An identifier, and the organisation that the row belongs to."""
    return sa.Column("id", sa.Uuid(), nullable=False), sa.Column("organisation_id", sa.Uuid(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "clinics",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("risks_seen_on", sa.Date(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        *owned(),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_clinics_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clinics"),
    )
    op.create_table(
        "resources",
        sa.Column("kind", word("kind", "practitioner", "room", "device"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("roster_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("busy_revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_resources_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_resources_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
    )
    op.create_index("ix_resources_clinic_id", "resources", ["clinic_id"])
    op.create_table(
        "users",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *owned(),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_users_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_users_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", word("role", "reception", "practitioner", "manager", "patient"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_roles_user_id"),
        sa.PrimaryKeyConstraint("user_id", "role", name="pk_user_roles"),
    )
    op.create_table(
        "tokens",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", word("role", "reception", "practitioner", "manager", "patient"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        *owned(),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_tokens_organisation_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tokens_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_tokens_token_hash"),
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"])
    op.create_table(
        "opening_hours",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name=op.f("ck_opening_hours_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_opening_hours_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_opening_hours_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_opening_hours"),
    )
    op.create_index("ix_opening_hours_clinic_id", "opening_hours", ["clinic_id"])
    op.create_table(
        "closures",
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", word("source", "staff", "holiday"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_closures_dates")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_closures_clinic_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_closures_created_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_closures_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closures"),
    )
    op.create_index("ix_closures_clinic_id", "closures", ["clinic_id"])
    op.create_index("ix_closures_clinic_id_ends_on", "closures", ["clinic_id", "ends_on"])
    op.create_table(
        "working_hours",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440",
            name=op.f("ck_working_hours_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_working_hours_weekday")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_working_hours_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_working_hours_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_working_hours_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_working_hours"),
    )
    op.create_index("ix_working_hours_clinic_id", "working_hours", ["clinic_id"])
    op.create_index("ix_working_hours_resource_id", "working_hours", ["resource_id"])
    op.create_table(
        "roster_days",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=True),
        sa.Column("ends_minute", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(starts_minute IS NULL) = (ends_minute IS NULL)", name=op.f("ck_roster_days_both_or_none")),
        sa.CheckConstraint(
            "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440",
            name=op.f("ck_roster_days_minutes"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_roster_days_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_roster_days_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_roster_days_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_roster_days"),
    )
    op.create_index("ix_roster_days_clinic_id", "roster_days", ["clinic_id"])
    op.create_index("ix_roster_days_resource_id_on_date", "roster_days", ["resource_id", "on_date"])
    op.create_table(
        "absences",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", word("source", "staff", "calendar"), nullable=False),
        sa.Column("uid", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_absences_instants")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_absences_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_absences_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_absences_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_clinic_id", "absences", ["clinic_id"])
    op.create_index("ix_absences_resource_id_ends_at", "absences", ["resource_id", "ends_at"])
    op.create_table(
        "qualifications",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("protocol_code", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("renewal_expected", sa.Boolean(), nullable=False),
        *owned(),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_qualifications_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_qualifications_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_qualifications"),
        sa.UniqueConstraint("resource_id", "protocol_code", name="uq_qualifications_resource_id_protocol_code"),
    )
    op.create_table(
        "patients",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_digits", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("deposit", word("deposit", "none", "asked", "paid"), nullable=False),
        sa.Column("privacy", word("privacy", "discreet", "detailed"), nullable=False),
        sa.Column("contact", word("contact", "email", "text", "phone", "none"), nullable=False),
        sa.Column("calendar_by", word("calendar_by", "feed", "invitations"), nullable=False),
        sa.Column("language", word("language", "en", "de"), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        *owned(),
        sa.CheckConstraint("name <> ''", name=op.f("ck_patients_name")),
        sa.CheckConstraint(
            "calendar_by <> 'invitations' OR email IS NOT NULL", name=op.f("ck_patients_invitations_need_an_address")
        ),
        sa.CheckConstraint("reminder_days BETWEEN 0 AND 14", name=op.f("ck_patients_reminder_days")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["patients.id"], name="fk_patients_merged_into_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_patients_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
    )
    op.create_index("ix_patients_organisation_id_date_of_birth", "patients", ["organisation_id", "date_of_birth"])
    op.create_index("ix_patients_organisation_id_email", "patients", ["organisation_id", "email"])
    op.create_index("ix_patients_organisation_id_phone_digits", "patients", ["organisation_id", "phone_digits"])
    op.create_index("ix_patients_organisation_id_search_text", "patients", ["organisation_id", "search_text"])
    op.create_index("ix_clinics_organisation_id", "clinics", ["organisation_id"])
    op.create_index("ix_resources_organisation_id", "resources", ["organisation_id"])
    op.create_index("ix_users_organisation_id", "users", ["organisation_id"])
    op.create_index("ix_tokens_organisation_id", "tokens", ["organisation_id"])
    op.create_index("ix_opening_hours_organisation_id", "opening_hours", ["organisation_id"])
    op.create_index("ix_closures_organisation_id", "closures", ["organisation_id"])
    op.create_index("ix_working_hours_organisation_id", "working_hours", ["organisation_id"])
    op.create_index("ix_roster_days_organisation_id", "roster_days", ["organisation_id"])
    op.create_index("ix_absences_organisation_id", "absences", ["organisation_id"])
    op.create_index("ix_qualifications_organisation_id", "qualifications", ["organisation_id"])
    op.create_index("ix_patients_organisation_id", "patients", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("patients")
    op.drop_table("qualifications")
    op.drop_table("absences")
    op.drop_table("roster_days")
    op.drop_table("working_hours")
    op.drop_table("closures")
    op.drop_table("opening_hours")
    op.drop_table("tokens")
    op.drop_table("user_roles")
    op.drop_table("users")
    op.drop_table("resources")
    op.drop_table("clinics")
    op.drop_table("organisations")
