"""The probe finds a guard that a migration lost, and leaves the database as it was."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from scheduler.storage.database import Database
from scheduler.storage.schema import SchemaError, probe
from tests.support.crowd import contents
from tests.support.databases import Databases

IN_SQLITE = {
    "DROP TRIGGER claims_insert": "an overlapping insert: ex_claims_no_overlap",
    "DROP TRIGGER claims_update": "an overlapping update: ex_claims_no_overlap",
    "DROP TRIGGER audit_no_update": "a changed audit row: audit_append_only",
    "DROP TRIGGER audit_no_delete": "a deleted audit row: audit_append_only",
}
IN_POSTGRESQL = {
    "ALTER TABLE claims DROP CONSTRAINT ex_claims_no_overlap": "an overlapping insert: ex_claims_no_overlap",
    "ALTER TABLE claims DROP CONSTRAINT ck_claims_instants": "an empty claim: ck_claims_instants",
    "ALTER TABLE claims DROP CONSTRAINT ck_claims_longest": "an endless claim: ck_claims_longest",
    "ALTER TABLE audit DISABLE TRIGGER audit_append_only": "a changed audit row: audit_append_only",
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def test_a_migrated_database_passes_and_is_left_as_it_was(database: Database) -> None:
    probe(database)
    probe(database)
    with database.read() as tx:
        assert {table: rows for table, rows in contents(tx.connection()).items() if rows} == {}


def test_the_probe_uses_up_no_number_of_the_audit_trail(database: Database) -> None:
    query = "SELECT count(*) FROM sqlite_sequence" if database.is_sqlite else "SELECT count(last_value) FROM SEQUENCES"
    query = query.replace("SEQUENCES", "pg_sequences WHERE sequencename = 'audit_number_seq'")
    probe(database)
    with database.read() as tx:
        assert tx.scalar(text(query)) == 0


@pytest.mark.parametrize(
    ("engine", "loss", "said"),
    [("sqlite", *each) for each in IN_SQLITE.items()] + [("postgresql", *each) for each in IN_POSTGRESQL.items()],
)
def test_a_lost_guard_is_named(
    request: pytest.FixtureRequest, databases: Databases, engine: str, loss: str, said: str
) -> None:
    if engine == "postgresql":
        request.getfixturevalue("postgres_server")
    url = databases.new(engine)
    database = Database(url)
    database.write(lambda tx: tx.execute(text(loss)))
    with pytest.raises(SchemaError, match=f"let through {said} is missing"):
        probe(database)
    database.dispose()
    databases.drop(url)


def test_a_database_without_tables_is_no_database_of_ours(databases: Databases) -> None:
    url = databases.new("sqlite", migrated=False)
    database = Database(url)
    with pytest.raises(SchemaError, match="lacks tables or columns"):
        probe(database)
    database.dispose()
    databases.drop(url)
