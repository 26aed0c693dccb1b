"""The schema: brought up to date, and proven to bite.

A migration can lose a trigger or an exclusion constraint without a word, so after every migration and at start-up the
probes try to break the rules and must be refused.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, update
from sqlalchemy.exc import IntegrityError

from scheduler.storage.database import Database
from scheduler.storage.rows import (
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


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at ``url`` up to a revision, then prove the constraints. Raises ``SchemaError``."""
    database = Database(url)
    try:
        command.upgrade(alembic_config(database.engine), revision)
        probe(database)
    finally:
        database.dispose()


def is_current(database: Database) -> bool:
    """Whether the newest migration has been applied."""
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    with database.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def probe(database: Database) -> None:
    """Try an overlapping insert, an overlapping update, an empty and an endless claim; all must be refused.

    Works in a transaction that is rolled back. Raises ``SchemaError`` naming what was let through.
    """
    with database.engine.connect().execution_options(writes=True) as connection:
        try:
            subject = _two_claims(connection)
            for what, allowed in _attempts(connection, subject):
                if allowed:
                    raise SchemaError(f"the database let through {what}: a constraint or trigger is missing")
        finally:
            connection.rollback()


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


def _attempts(connection: Connection, claim: dict[str, UUID]) -> Iterator[tuple[str, bool]]:
    half = HOUR / 2
    yield (
        "an overlapping insert",
        _allows(connection, insert(ClaimRow).values(**claim, starts_at=NOON + half, ends_at=NOON + HOUR + half)),
    )
    yield (
        "an insert that encloses",
        _allows(connection, insert(ClaimRow).values(**claim, starts_at=NOON - half, ends_at=NOON + 4 * HOUR)),
    )
    yield (
        "an empty claim",
        _allows(connection, insert(ClaimRow).values(**claim, starts_at=NOON + 9 * HOUR, ends_at=NOON + 9 * HOUR)),
    )
    yield (
        "an endless claim",
        _allows(connection, insert(ClaimRow).values(**claim, starts_at=NOON + 9 * HOUR, ends_at=NOON + 30 * HOUR)),
    )
    second = (ClaimRow.subject_id == claim["subject_id"], ClaimRow.starts_at == NOON + 2 * HOUR)
    yield "an overlapping update", _allows(connection, update(ClaimRow).where(*second).values(starts_at=NOON + half))


def _allows(connection: Connection, statement: Any) -> bool:
    savepoint = connection.begin_nested()
    try:
        connection.execute(statement)
    except IntegrityError as error:
        savepoint.rollback()
        return not constraint_of(error)
    savepoint.rollback()
    return True
