"""The waitlist: who wants to be asked when a slot becomes free."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.storage.types import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITING = sa.text("ended_at IS NULL")
ONE_WISH = (
    "CASE WHEN series_id IS NULL THEN 0 ELSE 1 END + CASE WHEN visit_type IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN appointment_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    op.create_table(
        "waitlist",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("visit_type", sa.Text(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("booked_at", Instant(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("prefer", DOCUMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(ONE_WISH, name=op.f("ck_waitlist_one_wish")),
        sa.CheckConstraint(
            "(appointment_id IS NULL) = (booked_at IS NULL)", name=op.f("ck_waitlist_earlier_than_booked")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_waitlist_ended")),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name="fk_waitlist_added_by"),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_waitlist_appointment_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_waitlist_clinic_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name="fk_waitlist_ended_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_waitlist_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_waitlist_patient_id"),
        sa.ForeignKeyConstraint(["practitioner_id"], ["resources.id"], name="fk_waitlist_practitioner_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_waitlist_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_waitlist"),
    )
    op.create_index("ix_waitlist_clinic_id", "waitlist", ["clinic_id"], unique=False)
    op.create_index("ix_waitlist_organisation_id", "waitlist", ["organisation_id"], unique=False)
    op.create_index("ix_waitlist_patient_id", "waitlist", ["patient_id"], unique=False)
    op.create_index(
        "ix_waitlist_waiting_clinic_id",
        "waitlist",
        ["clinic_id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("waitlist")
