"""Holds, clearances, and what the product keeps about its own doings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from scheduler.storage.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY_UP = {
    "sqlite": (
        *(
            f"CREATE TRIGGER audit_no_{verb} BEFORE {verb.upper()} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END"
            for verb in ("update", "delete")
        ),
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS"
        " (SELECT 1 FROM audit WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
        " 'audit_append_only' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_append_only';"
        " END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ),
}
"""On SQLite ``INSERT OR REPLACE`` fires no delete trigger, so it has one of its own."""

APPEND_ONLY_DOWN = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", "DROP TRIGGER audit_no_replace"),
    "postgresql": (
        "DROP TRIGGER audit_append_only ON audit",
        "DROP TRIGGER audit_no_truncate ON audit",
        "DROP FUNCTION audit_append_only",
    ),
}

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("site", "systemic", name="scope", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column(
            "end_rule",
            sa.Enum(
                "on_date",
                "on_clearance",
                "date_then_clearance",
                "date_and_healed",
                "date_or_clearance",
                "permanent",
                name="end_rule",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "dismissed",
                "lifted",
                "entered_in_error",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "end_rule = 'permanent' OR ends_on IS NOT NULL OR review_on IS NOT NULL",
            name=op.f("ck_holds_ends_or_review"),
        ),
        sa.CheckConstraint(
            "end_rule NOT IN ('on_date', 'date_or_clearance') OR ends_on IS NOT NULL", name=op.f("ck_holds_date_given")
        ),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_holds_dates")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_holds_decided_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_holds_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_holds_patient_id"),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name="fk_holds_placed_by"),
        sa.ForeignKeyConstraint(["rule_id"], ["catalogue_entries.id"], name="fk_holds_rule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_organisation_id", "holds", ["organisation_id"], unique=False)
    op.create_index("ix_holds_organisation_id_state", "holds", ["organisation_id", "state"], unique=False)
    op.create_index("ix_holds_patient_id", "holds", ["patient_id"], unique=False)
    op.create_table(
        "clearances",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name="fk_clearances_given_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_clearances_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_clearances_patient_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_clearances_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clearances"),
    )
    op.create_index("ix_clearances_organisation_id", "clearances", ["organisation_id"], unique=False)
    op.create_index("ix_clearances_patient_id", "clearances", ["patient_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rule_version", sa.Text(), nullable=True),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_audit_organisation_id"),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_about_id", "audit", ["about_id"], unique=False)
    op.create_index("ix_audit_organisation_id", "audit", ["organisation_id"], unique=False)
    op.create_index("ix_audit_patient_id", "audit", ["patient_id"], unique=False)
    op.create_table(
        "audit_personal",
        sa.Column("audit_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("values", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["audit_number"], ["audit.number"], name="fk_audit_personal_audit_number"),
        sa.PrimaryKeyConstraint("audit_number", name="pk_audit_personal"),
    )
    op.create_index("ix_audit_personal_patient_id", "audit_personal", ["patient_id"], unique=False)
    op.create_table(
        "change_sets",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("undo_until", Instant(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("steps", DOCUMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_change_sets_clinic_id"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_change_sets_made_by"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_change_sets_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_change_sets_patient_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_change_sets_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change_sets"),
    )
    op.create_index("ix_change_sets_organisation_id", "change_sets", ["organisation_id"], unique=False)
    op.create_index("ix_change_sets_patient_id", "change_sets", ["patient_id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", DOCUMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_idempotency_organisation_id"),
        sa.PrimaryKeyConstraint("token_id", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_made_at", "idempotency", ["made_at"], unique=False)
    op.create_index("ix_idempotency_organisation_id", "idempotency", ["organisation_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column(
            "privacy",
            sa.Enum("discreet", "detailed", name="privacy", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END + CASE WHEN resource_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN clinic_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_links_one_owner"),
        ),
        sa.CheckConstraint("(patient_id IS NULL) = (privacy IS NOT NULL)", name=op.f("ck_links_level_of_staff")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_links_clinic_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_links_organisation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_links_patient_id"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_links_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("token_hash", name="uq_links_token_hash"),
    )
    op.create_index("ix_links_clinic_id", "links", ["clinic_id"], unique=False)
    op.create_index("ix_links_organisation_id", "links", ["organisation_id"], unique=False)
    op.create_index("ix_links_patient_id", "links", ["patient_id"], unique=False)
    op.create_index("ix_links_resource_id", "links", ["resource_id"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "privacy",
            sa.Enum("discreet", "detailed", name="privacy", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("zipped", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("zipped_etag", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_feeds_organisation_id"),
        sa.PrimaryKeyConstraint("owner_id", "privacy", name="pk_feeds"),
    )
    op.create_index("ix_feeds_organisation_id", "feeds", ["organisation_id"], unique=False)
    for statement in APPEND_ONLY_UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in APPEND_ONLY_DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("feeds")
    op.drop_table("links")
    op.drop_table("idempotency")
    op.drop_table("change_sets")
    op.drop_table("audit_personal")
    op.drop_table("audit")
    op.drop_table("clearances")
    op.drop_table("holds")
