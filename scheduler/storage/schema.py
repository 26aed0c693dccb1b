"""The schema: brought up to date, and proven to bite.

A migration can lose a trigger or an exclusion constraint without a word, so after every migration and at start-up the
probes try to break the rules and must be refused.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Executable, delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from scheduler.storage.database import Database
from scheduler.storage.rows import (
    AuditRow,
    CatalogueEntryRow,
    ClaimRow,
    ClinicRow,
    EntryKind,
    KeepRow,
    OrganisationRow,
    PatientRow,
    SeriesRow,
    UserRow,
)
from scheduler.storage.violations import constraint_of

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class SchemaError(Exception):
    """The schema is out of date, or a constraint that must refuse did not."""


def alembic_config(engine: Engine) -> Config:
    """Alembic, told where the migrations lie and which engine to use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def migrate(url: str) -> None:
    """Bring the database at ``url`` up to date, then prove the constraints. Raises ``SchemaError``."""
    database = Database(url)
    try:
        command.upgrade(alembic_config(database.engine), "head")
        probe(database)
    finally:
        database.dispose()


def is_current(database: Database) -> bool:
    """Whether the newest migration has been applied. Raises ``Unavailable``."""
    with database.read() as tx:
        return set(MigrationContext.configure(tx.connection()).get_current_heads()) == _heads()


@cache
def _heads() -> set[str]:
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())


@cache
def known_revisions() -> frozenset[str]:
    """Every migration that this version knows."""
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


class _AsItWas(Exception):
    """Ends the probe's transaction, so that nothing of it stays."""


def probe(database: Database) -> None:
    """Try what must never be, each attempt by itself: claims that overlap, are empty or endless, and a changed audit.

    Works in a transaction that is rolled back. Raises ``SchemaError`` naming what was let through, and ``Unavailable``.
    """
    try:
        with suppress(_AsItWas):
            database.write(_try_everything)
    except DBAPIError as error:
        raise SchemaError("the database lacks tables or columns of this version") from error


def _try_everything(tx: Session) -> None:
    connection = tx.connection()
    for what, guard, statement in (*_claim_attempts(_two_claims(connection)), *_audit_attempts(connection)):
        if _guard_that_refuses(connection, statement) != guard:
            raise SchemaError(f"the database let through {what}: {guard} is missing")
    raise _AsItWas


def _guard_that_refuses(connection: Connection, statement: Executable) -> str:
    savepoint = connection.begin_nested()
    try:
        connection.execute(statement)
    except IntegrityError as error:
        return constraint_of(error)
    finally:
        savepoint.rollback()
    return ""


NOON = datetime(2000, 1, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _two_claims(connection: Connection) -> dict[str, UUID]:
    """One subject, claimed from twelve to one and from two to three, by a keep made for the purpose."""
    ids = {name: uuid4() for name in ("organisation_id", "clinic_id", "user", "patient", "series", "keep", "entry")}
    owner = {"organisation_id": ids["organisation_id"]}
    at_clinic = owner | {"clinic_id": ids["clinic_id"]}
    connection.execute(insert(OrganisationRow).values(id=ids["organisation_id"], name="probe"))
    connection.execute(
        insert(ClinicRow).values(**owner, id=ids["clinic_id"], name="probe", zone="UTC", country="GB", created_at=NOON)
    )
    connection.execute(insert(UserRow).values(**owner, id=ids["user"], name="probe"))
    connection.execute(
        insert(PatientRow).values(**owner, id=ids["patient"], name="probe", search_text="probe", created_at=NOON)
    )
    entry = {"kind": EntryKind.PROTOCOL, "code": "probe", "version": 1, "definition": {}, "created_at": NOON}
    connection.execute(insert(CatalogueEntryRow).values(**owner, id=ids["entry"], **entry))
    course = {"patient_id": ids["patient"], "protocol_id": ids["entry"], "start_on": NOON.date(), "sites": []}
    connection.execute(insert(SeriesRow).values(**at_clinic, id=ids["series"], **course, created_at=NOON))
    kept = {"patient_id": ids["patient"], "series_id": ids["series"], "kept_by": ids["user"], "placements": []}
    connection.execute(insert(KeepRow).values(**at_clinic, id=ids["keep"], **kept, kept_until=NOON, created_at=NOON))
    claim = at_clinic | {"subject_id": uuid4(), "keep_id": ids["keep"]}
    for start in (NOON, NOON + 2 * HOUR):
        connection.execute(insert(ClaimRow).values(**claim, starts_at=start, ends_at=start + HOUR))
    return claim


Attempt = tuple[str, str, Executable]
"""What is tried, the constraint or trigger that must refuse it, and the statement."""


def _claim_attempts(claim: dict[str, UUID]) -> Iterator[Attempt]:
    overlap, instants, longest = "ex_claims_no_overlap", "ck_claims_instants", "ck_claims_longest"
    of_subject = ClaimRow.subject_id == claim["subject_id"]
    first, second = (update(ClaimRow).where(of_subject, ClaimRow.starts_at == NOON + n * HOUR) for n in (0, 2))

    def another(starts: float, ends: float) -> Executable:
        return insert(ClaimRow).values(**claim, starts_at=NOON + starts * HOUR, ends_at=NOON + ends * HOUR)

    yield "an overlapping insert", overlap, another(0.5, 1.5)
    yield "an insert that encloses", overlap, another(-0.5, 4)
    yield "an overlapping update", overlap, second.values(starts_at=NOON + HOUR / 2)
    yield "an update that encloses", overlap, first.values(ends_at=NOON + 4 * HOUR)
    yield "an empty claim", instants, another(9, 9)
    yield "an update to an empty claim", instants, first.values(ends_at=NOON)
    yield "an endless claim", longest, another(9, 30)
    yield "an update to an endless claim", longest, second.values(ends_at=NOON + 30 * HOUR)


def _audit_attempts(connection: Connection) -> Iterator[Attempt]:
    ids = {name: uuid4() for name in ("organisation_id", "actor_id", "about_id")}
    connection.execute(insert(OrganisationRow).values(id=ids["organisation_id"], name="probe"))
    entry = {"number": 0, "at": NOON, "action": "probe", "about": "probe", "facts": {}}
    connection.execute(insert(AuditRow).values(**ids, **entry))
    guard, this = "audit_append_only", AuditRow.number == 0
    yield "a changed audit row", guard, update(AuditRow).where(this).values(action="changed")
    yield "a deleted audit row", guard, delete(AuditRow).where(this)
