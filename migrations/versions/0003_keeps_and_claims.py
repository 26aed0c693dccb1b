"""Keeps, and the claims that never overlap."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.storage.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POSTGRESQL_UP = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE claims ADD CONSTRAINT ex_claims_no_overlap EXCLUDE USING gist"
    " (subject_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)",
    "ALTER TABLE claims ADD CONSTRAINT ck_claims_longest CHECK (ends_at <= starts_at + interval '12 hours')",
)
POSTGRESQL_DOWN = (
    "ALTER TABLE claims DROP CONSTRAINT ex_claims_no_overlap",
    "ALTER TABLE claims DROP CONSTRAINT ck_claims_longest",
)

# Text compares as instants do only while all of it has one format, so nothing else is let in.
FORMAT = "GLOB '????-??-?? ??:??:??.??????'"
GUARD = """
    SELECT RAISE(ABORT, 'ck_claims_instants') WHERE NOT (NEW.starts_at :format AND NEW.ends_at :format
        AND datetime(NEW.starts_at) IS NOT NULL AND datetime(NEW.ends_at) IS NOT NULL);
    SELECT RAISE(ABORT, 'ex_claims_no_overlap') WHERE EXISTS (
        SELECT 1 FROM claims
        WHERE subject_id = NEW.subject_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
          AND starts_at > datetime(NEW.starts_at, '-12 hours') :others);
    SELECT RAISE(ABORT, 'ck_claims_longest') WHERE NEW.ends_at > strftime(
        '%Y-%m-%d %H:%M:%f', NEW.starts_at, '+12 hours') || '000';
""".replace(":format", FORMAT)
OTHERS = "AND NOT (subject_id = OLD.subject_id AND starts_at = OLD.starts_at)"

SQLITE_UP = (
    f"CREATE TRIGGER claims_insert BEFORE INSERT ON claims BEGIN {GUARD.replace(':others', '')} END",
    f"CREATE TRIGGER claims_update BEFORE UPDATE ON claims BEGIN {GUARD.replace(':others', OTHERS)} END",
)
SQLITE_DOWN = ("DROP TRIGGER claims_insert", "DROP TRIGGER claims_update")

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "keeps",
        sa.Column(
            "kind",
            sa.Enum("keep", "override_request", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("kept_until", Instant(), nullable=False),
        sa.Column("placements", DOCUMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("kept_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_keeps_clinic_id"),
        sa.ForeignKeyConstraint(["kept_by"], ["users.id"], name="fk_keeps_kept_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_keeps_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_keeps_patient_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_keeps_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_keeps"),
    )
    op.create_index("ix_keeps_clinic_id", "keeps", ["clinic_id"], unique=False)
    op.create_index("ix_keeps_clinic_id_kept_until", "keeps", ["clinic_id", "kept_until"], unique=False)
    op.create_index("ix_keeps_organisation_id", "keeps", ["organisation_id"], unique=False)
    op.create_index("ix_keeps_patient_id", "keeps", ["patient_id"], unique=False)
    op.create_index("ix_keeps_series_id", "keeps", ["series_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("keep_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(appointment_id IS NULL) <> (keep_id IS NULL)", name=op.f("ck_claims_one_owner")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_claims_instants")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_claims_appointment_id"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_claims_clinic_id"),
        sa.ForeignKeyConstraint(["keep_id"], ["keeps.id"], name="fk_claims_keep_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_claims_organisation_id"),
        sa.PrimaryKeyConstraint("subject_id", "starts_at", name="pk_claims"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claims_appointment_id", "claims", ["appointment_id"], unique=False)
    op.create_index("ix_claims_clinic_id", "claims", ["clinic_id"], unique=False)
    op.create_index("ix_claims_keep_id", "claims", ["keep_id"], unique=False)
    op.create_index("ix_claims_organisation_id", "claims", ["organisation_id"], unique=False)
    for statement in SQLITE_UP if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
    op.drop_table("claims")
    op.drop_table("keeps")
