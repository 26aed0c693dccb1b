"""What became of the calendar files that a watched folder holds."""

import sqlalchemy as sa
from alembic import op

from scheduler.storage.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "busy_files",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("read", "partly", "unread", name="outcome", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'read') = (reason IS NULL)", name=op.f("ck_busy_files_reason")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_busy_files_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_busy_files_organisation_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_busy_files_resource_id"),
        sa.PrimaryKeyConstraint("resource_id", name="pk_busy_files"),
    )
    op.create_index("ix_busy_files_clinic_id", "busy_files", ["clinic_id"], unique=False)
    op.create_index("ix_busy_files_organisation_id", "busy_files", ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("busy_files")
