"""Migrations go up, down and up again with ten thousand rows, and what guards the claims never gets lost."""

import multiprocessing
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from scheduler.storage import schema
from scheduler.storage.database import Database
from scheduler.storage.rows import Row
from tests.support import breaches, crowd
from tests.support.databases import ENGINES, Databases

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server")
    url = databases.new(request.param, migrated=False)
    yield url
    databases.drop(url)


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.dispose()


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    with database.engine.connect().execution_options(writes=True) as connection:
        yield connection
        connection.commit()


def up(database: Database, revision: str) -> None:
    command.upgrade(schema.alembic_config(database.engine), revision)


def down(database: Database, revision: str) -> None:
    command.downgrade(schema.alembic_config(database.engine), revision)


def fill(database: Database) -> Contents:
    """Write what is missing of the crowd, and read everything."""
    with writing(database) as connection:
        crowd.fill(connection)
        return crowd.contents(connection)


def contents(database: Database) -> Contents:
    with database.engine.connect() as connection:
        return crowd.contents(connection)


def breach(database: Database) -> dict[str, str]:
    with writing(database) as connection:
        return breaches.outcomes(connection)


SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
POSTGRESQL_SCHEMA = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE proname LIKE 'audit%'
    UNION ALL SELECT table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'"""


def described(database: Database) -> set[tuple[str, ...]]:
    """Every table, index, constraint and trigger, as the database itself tells it, whatever the order of its lines."""
    query = SQLITE_SCHEMA if database.is_sqlite else POSTGRESQL_SCHEMA
    with database.engine.connect() as connection:
        rows = [tuple(map(str, row)) for row in connection.execute(text(query)) if "alembic_version" not in row]
    return {(kind, name, *sorted(line.strip(" ,\t") for line in told.splitlines())) for kind, name, told in rows}


def differences(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), Row.metadata)


def test_ten_thousand_rows_survive_every_step_down_and_up(database: Database) -> None:
    told = {}
    for revision in REVISIONS:
        up(database, revision)
        told[revision] = described(database)
    before = fill(database)
    assert sum(map(len, before.values())) > 10_000
    assert breach(database) == breaches.REFUSED
    for revision, below in pairwise(reversed(("base", *REVISIONS))):
        down(database, below)
        assert described(database) == told.get(below, set())
        assert contents(database) == {table: before[table] for table in contents(database)}
        up(database, revision)
        assert described(database) == told[revision]
        assert fill(database) == {table: before[table] for table in contents(database)}
        assert revision < "0003" or breach(database) == breaches.REFUSED
        down(database, below)
    up(database, "head")
    assert described(database) == told[REVISIONS[-1]]
    assert fill(database) == before
    assert breach(database) == breaches.REFUSED
    assert differences(database) == []


def test_the_newest_migration_alone_is_current(database: Database) -> None:
    assert not schema.is_current(database)
    up(database, "0002")
    assert not schema.is_current(database)
    up(database, "head")
    assert schema.is_current(database)
    down(database, "0002")
    assert not schema.is_current(database)


AUDIT_IN_SQLITE = {"audit_no_update", "audit_no_delete", "audit_no_replace"}
GUARDS = {
    "sqlite": {"claims_insert", "claims_update"} | AUDIT_IN_SQLITE,
    "postgresql": {"ex_claims_no_overlap", "ck_claims_longest", "audit_append_only", "audit_no_truncate"},
}
"""What no row describes and migrations alone make."""


def test_the_migrations_make_what_the_rows_describe_and_the_guards(database: Database, databases: Databases) -> None:
    up(database, "head")
    url = databases.new(database.engine.dialect.name, migrated=False)
    made_from_rows = Database(url)
    with writing(made_from_rows) as connection:
        Row.metadata.create_all(connection)
    migrated, rows = described(database), described(made_from_rows)
    assert rows - migrated == set()
    assert {name for _, name, *_ in migrated - rows} == GUARDS[database.engine.dialect.name]
    made_from_rows.dispose()
    databases.drop(url)


def test_a_migration_takes_nothing_from_the_code_that_may_change() -> None:
    files = sorted((schema.MIGRATIONS / "versions").glob("*.py"))
    assert [file.name[:4] for file in files] == list(REVISIONS)
    ours = {
        line for file in files for line in file.read_text().splitlines() if "scheduler" in line and "import" in line
    }
    assert ours == {"from scheduler.storage.types import Instant"}


def test_a_migration_that_fails_leaves_nothing_of_itself(database: Database) -> None:
    up(database, "0003")
    with writing(database) as connection:
        connection.execute(text("CREATE TABLE feeds (n INTEGER)"))
    before = described(database)
    with pytest.raises(DBAPIError):
        up(database, "head")
    assert described(database) == before


def test_on_sqlite_a_run_that_fails_leaves_nothing_of_any_migration(databases: Databases) -> None:
    """One transaction holds the file from the first to the last, so that no other run can come in between."""
    url = databases.new("sqlite", migrated=False)
    database = Database(url)
    with writing(database) as connection:
        connection.execute(text("CREATE TABLE feeds (n INTEGER)"))
    before = described(database)
    with pytest.raises(DBAPIError):
        up(database, "head")
    assert described(database) == before
    database.dispose()
    databases.drop(url)


def test_two_processes_that_migrate_at_once_wait_for_each_other(database: Database, empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    rivals = [spawn.Process(target=schema.migrate, args=(empty_url,)) for _ in range(2)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert [rival.exitcode for rival in rivals] == [0, 0]
    assert schema.is_current(database)


PLANTED = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    with op.batch_alter_table("{table}", recreate="always") as batch:
        batch.add_column(sa.Column("planted", sa.Text()))


def downgrade() -> None:
    op.drop_column("{table}", "planted")
"""


def plant(monkeypatch: pytest.MonkeyPatch, folder: Path, table: str) -> None:
    """A next migration, which rebuilds a table as Alembic does on SQLite."""
    shutil.copytree(schema.MIGRATIONS, folder / "migrations")
    code = PLANTED.format(table=table, head=REVISIONS[-1])
    (folder / "migrations/versions/9999_planted.py").write_text(code)
    monkeypatch.setattr(schema, "MIGRATIONS", folder / "migrations")


def test_a_migration_that_loses_the_triggers_without_a_word_is_found(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = databases.new("sqlite")
    plant(monkeypatch, tmp_path, "claims")
    with pytest.raises(schema.SchemaError, match="let through an overlapping insert: ex_claims_no_overlap is missing"):
        schema.migrate(url)
    databases.drop(url)


def test_a_table_that_others_refer_to_can_be_rebuilt(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = databases.new("sqlite")
    database = Database(url)
    before = fill(database)
    plant(monkeypatch, tmp_path, "patients")
    schema.migrate(url)
    assert contents(database) == before
    with database.engine.connect() as connection, pytest.raises(DBAPIError, match="FOREIGN KEY"):
        connection.execute(text("DELETE FROM patients"))
    database.dispose()
    databases.drop(url)
