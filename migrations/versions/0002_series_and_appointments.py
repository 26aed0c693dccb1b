"""The catalogue, series and appointments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.storage.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_series_active_clinic_id": ("series", ["clinic_id"], "state = 'active'"),
    "ix_sessions_decided_clinic_id": ("sessions", ["clinic_id"], "state = 'omitted' OR continued_from IS NOT NULL"),
    "ix_sessions_due_series_id": ("sessions", ["series_id", "number", "id"], "state = 'due'"),
    "ix_sessions_imported_clinic_id": ("sessions", ["clinic_id"], "import_note IS NOT NULL"),
}
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "catalogue_entries",
        sa.Column(
            "kind",
            sa.Enum(
                "protocol",
                "contraindication",
                "visit_type",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", DOCUMENT, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_catalogue_entries_created_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_catalogue_entries_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_entries"),
        sa.UniqueConstraint(
            "organisation_id", "kind", "code", "version", name="uq_catalogue_entries_organisation_id_kind_code_version"
        ),
    )
    op.create_index("ix_catalogue_entries_organisation_id", "catalogue_entries", ["organisation_id"], unique=False)
    op.create_table(
        "series",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("protocol_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "active",
                "completed",
                "revoked",
                "entered_in_error",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("sites", DOCUMENT, nullable=False),
        sa.Column("addons", DOCUMENT, nullable=False),
        sa.Column("indication", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("restarted_from_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "severity IS NULL OR severity IN ('mild', 'moderate', 'severe')", name=op.f("ck_series_severity")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_series_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_series_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_series_patient_id"),
        sa.ForeignKeyConstraint(["protocol_id"], ["catalogue_entries.id"], name="fk_series_protocol_id"),
        sa.ForeignKeyConstraint(["restarted_from_id"], ["series.id"], name="fk_series_restarted_from_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_clinic_id", "series", ["clinic_id"], unique=False)
    op.create_index("ix_series_organisation_id", "series", ["organisation_id"], unique=False)
    op.create_index("ix_series_patient_id", "series", ["patient_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "satisfied", "omitted", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("performed_on", sa.Date(), nullable=True),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("continued_from", sa.Date(), nullable=True),
        sa.Column("continued_until", sa.Date(), nullable=True),
        sa.Column("import_note", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'satisfied') = (performed_on IS NOT NULL)", name=op.f("ck_sessions_performed")),
        sa.CheckConstraint("(continued_from IS NULL) = (continued_until IS NULL)", name=op.f("ck_sessions_continued")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_sessions_number")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_sessions_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_sessions_organisation_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_sessions_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("series_id", "number", name="uq_sessions_series_id_number"),
    )
    op.create_index("ix_sessions_clinic_id", "sessions", ["clinic_id"], unique=False)
    op.create_index("ix_sessions_clinic_id_performed_on", "sessions", ["clinic_id", "performed_on"], unique=False)
    for name, (table, columns, rows) in PARTIAL.items():
        of = sa.text(rows)
        op.create_index(name, table, columns, unique=False, sqlite_where=of, postgresql_where=of)
    op.create_index("ix_sessions_organisation_id", "sessions", ["organisation_id"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("visit_type_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "booked",
                "arrived",
                "checked_in",
                "fulfilled",
                "noshow",
                "cancelled",
                "entered_in_error",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "cancel_reason",
            sa.Enum(
                "patient",
                "clinic",
                "hold",
                "replan",
                name="cancel_reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("wall_start", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("sites", DOCUMENT, nullable=False),
        sa.Column("treatment_extra", sa.Integer(), nullable=False),
        sa.Column("at_risk", sa.Boolean(), nullable=False),
        sa.Column("risk_reason", sa.Text(), nullable=True),
        sa.Column(
            "patient_answer",
            sa.Enum(
                "needs-action",
                "accepted",
                "tentative",
                "declined",
                name="patient_answer",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("override_on", sa.Date(), nullable=True),
        sa.Column("override_reference", sa.Date(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("override_by", sa.Uuid(), nullable=True),
        sa.Column("arrived_at", Instant(), nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("import_note", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status <> 'cancelled' OR cancel_reason IS NOT NULL", name=op.f("ck_appointments_cancel_reason_given")
        ),
        sa.CheckConstraint("(override_on IS NULL) = (override_reason IS NULL)", name=op.f("ck_appointments_override")),
        sa.CheckConstraint(
            "(series_id IS NULL) = (session_id IS NULL)", name=op.f("ck_appointments_session_of_series")
        ),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (visit_type_id IS NULL)", name=op.f("ck_appointments_session_or_visit")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointments_instants")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_appointments_clinic_id"),
        sa.ForeignKeyConstraint(["device_id"], ["resources.id"], name="fk_appointments_device_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_appointments_organisation_id"),
        sa.ForeignKeyConstraint(["override_by"], ["users.id"], name="fk_appointments_override_by"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_appointments_patient_id"),
        sa.ForeignKeyConstraint(["practitioner_id"], ["resources.id"], name="fk_appointments_practitioner_id"),
        sa.ForeignKeyConstraint(["room_id"], ["resources.id"], name="fk_appointments_room_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_appointments_series_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_appointments_session_id"),
        sa.ForeignKeyConstraint(["visit_type_id"], ["catalogue_entries.id"], name="fk_appointments_visit_type_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.UniqueConstraint("uid", name="uq_appointments_uid"),
    )
    op.create_index("ix_appointments_clinic_id", "appointments", ["clinic_id"], unique=False)
    op.create_index("ix_appointments_clinic_id_on_date", "appointments", ["clinic_id", "on_date"], unique=False)
    for place in ("practitioner_id", "room_id", "device_id"):
        op.create_index(
            f"ix_appointments_ended_{place}_starts_at",
            "appointments",
            [place, "starts_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('fulfilled', 'noshow', 'cancelled')"),
            postgresql_where=sa.text("status IN ('fulfilled', 'noshow', 'cancelled')"),
        )
    op.create_index(
        "ix_appointments_imported_clinic_id",
        "appointments",
        ["clinic_id"],
        unique=False,
        sqlite_where=sa.text("import_note IS NOT NULL"),
        postgresql_where=sa.text("import_note IS NOT NULL"),
    )
    op.create_index(
        "ix_appointments_live_clinic_id_on_date",
        "appointments",
        ["clinic_id", "on_date"],
        unique=False,
        sqlite_where=sa.text("status IN ('booked', 'arrived', 'checked_in')"),
        postgresql_where=sa.text("status IN ('booked', 'arrived', 'checked_in')"),
    )
    op.create_index("ix_appointments_organisation_id", "appointments", ["organisation_id"], unique=False)
    op.create_index("ix_appointments_patient_id_starts_at", "appointments", ["patient_id", "starts_at"], unique=False)
    op.create_index("ix_appointments_series_id", "appointments", ["series_id"], unique=False)
    op.create_index("ix_appointments_session_id", "appointments", ["session_id"], unique=False)
    op.create_index(
        "uq_appointments_live_session",
        "appointments",
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('booked', 'arrived', 'checked_in')"),
        postgresql_where=sa.text("status IN ('booked', 'arrived', 'checked_in')"),
    )


def downgrade() -> None:
    op.drop_table("appointments")
    op.drop_table("sessions")
    op.drop_table("series")
    op.drop_table("catalogue_entries")
