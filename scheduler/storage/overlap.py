"""The backstop against double booking, in the schema itself.

Whatever the code above gets wrong, two claims of one subject never overlap: an exclusion constraint on PostgreSQL,
triggers on SQLite. Migrations and the start-up probe use these statements, and nothing else spells them.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

LONGEST = "12 hours"
LONGEST_CLAIM = timedelta(hours=12)
"""No claim is longer. An overlap query looks back no further than this, which keeps it fast in a large table."""

POSTGRESQL_UP: Sequence[str] = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE claims ADD CONSTRAINT ex_claims_no_overlap EXCLUDE USING gist"
    " (subject_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)",
    f"ALTER TABLE claims ADD CONSTRAINT ck_claims_longest CHECK (ends_at <= starts_at + interval '{LONGEST}')",
)
POSTGRESQL_DOWN: Sequence[str] = (
    "ALTER TABLE claims DROP CONSTRAINT ex_claims_no_overlap",
    "ALTER TABLE claims DROP CONSTRAINT ck_claims_longest",
)

# Text compares as instants do only while all of it has one format, so nothing else is let in.
_FORMAT = "GLOB '????-??-?? ??:??:??.??????'"
_GUARD = """
    SELECT RAISE(ABORT, 'ck_claims_instants') WHERE NOT (NEW.starts_at :format AND NEW.ends_at :format
        AND datetime(NEW.starts_at) IS NOT NULL AND datetime(NEW.ends_at) IS NOT NULL);
    SELECT RAISE(ABORT, 'ex_claims_no_overlap') WHERE EXISTS (
        SELECT 1 FROM claims
        WHERE subject_id = NEW.subject_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
          AND starts_at > datetime(NEW.starts_at, '-:longest') :others);
    SELECT RAISE(ABORT, 'ck_claims_longest') WHERE NEW.ends_at > strftime(
        '%Y-%m-%d %H:%M:%f', NEW.starts_at, '+:longest') || '000';
""".replace(":longest", LONGEST).replace(":format", _FORMAT)
_OTHERS = "AND NOT (subject_id = OLD.subject_id AND starts_at = OLD.starts_at)"

SQLITE_UP: Sequence[str] = (
    f"CREATE TRIGGER claims_insert BEFORE INSERT ON claims BEGIN {_GUARD.replace(':others', '')} END",
    f"CREATE TRIGGER claims_update BEFORE UPDATE ON claims BEGIN {_GUARD.replace(':others', _OTHERS)} END",
)
SQLITE_DOWN: Sequence[str] = ("DROP TRIGGER claims_insert", "DROP TRIGGER claims_update")

APPEND_ONLY_UP: Mapping[str, Sequence[str]] = {
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

APPEND_ONLY_DOWN: Mapping[str, Sequence[str]] = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", "DROP TRIGGER audit_no_replace"),
    "postgresql": (
        "DROP TRIGGER audit_append_only ON audit",
        "DROP TRIGGER audit_no_truncate ON audit",
        "DROP FUNCTION audit_append_only",
    ),
}
