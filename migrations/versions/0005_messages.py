"""Messages to patients, what each has been told, and what came back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.storage.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LEASED = "leased_until IS NOT NULL"
DECLINED = "patient_answer = 'declined'"
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "news",
                "reminder",
                "aftercare",
                "call",
                "link",
                "withdrawal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "dropped",
                "dead",
                "to_call",
                "called",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column(
            "by",
            sa.Enum("email", "text", "phone", "none", name="by", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("content", DOCUMENT, nullable=True),
        sa.Column("facts", DOCUMENT, nullable=True),
        sa.Column("writings", sa.Integer(), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("useful_until", Instant(), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(lease_id IS NULL) = (leased_until IS NULL)", name=op.f("ck_outbox_lease")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_outbox_appointment_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_outbox_clinic_id"),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name="fk_outbox_closed_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_outbox_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_outbox_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedupe_key", name="uq_outbox_dedupe_key"),
    )
    op.create_index("ix_outbox_appointment_id", "outbox", ["appointment_id"], unique=False)
    op.create_index("ix_outbox_organisation_id", "outbox", ["organisation_id"], unique=False)
    op.create_index("ix_outbox_patient_id", "outbox", ["patient_id"], unique=False)
    op.create_index("ix_outbox_organisation_id_state", "outbox", ["organisation_id", "state"], unique=False)
    op.create_index("ix_outbox_state_due_at_id", "outbox", ["state", "due_at", "id"], unique=False)
    in_lease = {"sqlite_where": sa.text(LEASED), "postgresql_where": sa.text(LEASED)}
    op.create_index("ix_outbox_leased_until", "outbox", ["leased_until"], unique=False, **in_lease)
    op.create_table(
        "told",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("invited", sa.Text(), nullable=True),
        sa.Column("told_at", Instant(), nullable=False),
        sa.Column("heard_sequence", sa.Integer(), nullable=True),
        sa.Column("heard_stamp", Instant(), nullable=True),
        sa.Column(
            "heard_answer",
            sa.Enum(
                "needs-action",
                "accepted",
                "tentative",
                "declined",
                name="heard_answer",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_told_appointment_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_told_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_told_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_told_patient_id"),
        sa.PrimaryKeyConstraint("appointment_id", name="pk_told"),
    )
    op.create_index("ix_told_organisation_id", "told", ["organisation_id"], unique=False)
    op.create_index("ix_told_patient_id", "told", ["patient_id"], unique=False)
    op.create_table(
        "replies",
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "applied",
                "stale",
                "repeated",
                "quarantined",
                "refused",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("understood", DOCUMENT, nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_replies_appointment_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_replies_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_replies_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
    )
    op.create_index("ix_replies_appointment_id", "replies", ["appointment_id"], unique=False)
    op.create_index("ix_replies_fingerprint", "replies", ["fingerprint"], unique=False)
    op.create_index("ix_replies_organisation_id", "replies", ["organisation_id"], unique=False)
    op.create_index("ix_replies_patient_id", "replies", ["patient_id"], unique=False)
    op.create_table(
        "move_requests",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("wanted_at", Instant(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_move_requests_appointment_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_move_requests_clinic_id"),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name="fk_move_requests_closed_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_move_requests_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_move_requests_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_move_requests"),
    )
    op.create_index(
        "ix_appointments_declined_clinic_id",
        "appointments",
        ["clinic_id"],
        unique=False,
        sqlite_where=sa.text(DECLINED),
        postgresql_where=sa.text(DECLINED),
    )
    op.create_index("ix_move_requests_appointment_id", "move_requests", ["appointment_id"], unique=False)
    op.create_index("ix_move_requests_clinic_id", "move_requests", ["clinic_id"], unique=False)
    op.create_index("ix_move_requests_organisation_id", "move_requests", ["organisation_id"], unique=False)
    op.create_index("ix_move_requests_patient_id", "move_requests", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_appointments_declined_clinic_id", "appointments")
    op.drop_table("move_requests")
    op.drop_table("replies")
    op.drop_table("told")
    op.drop_table("outbox")
