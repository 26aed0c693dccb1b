"""Practitioners who run late on a date."""

import sqlalchemy as sa
from alembic import op

from scheduler.storage.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delays",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("noted_at", Instant(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name=op.f("ck_delays_minutes")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_delays_clinic_id"),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name="fk_delays_noted_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_delays_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_delays_resource_id"),
        sa.PrimaryKeyConstraint("resource_id", "on_date", name="pk_delays"),
    )
    op.create_index("ix_delays_clinic_id", "delays", ["clinic_id"], unique=False)
    op.create_index("ix_delays_organisation_id", "delays", ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("delays")
