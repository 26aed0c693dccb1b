"""A database that goes away is told apart from a mistake, loses nothing, and is found again by itself."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler.storage import schema
from scheduler.storage.database import Database, Unavailable
from scheduler.storage.rows import OrganisationRow
from tests.support.databases import Databases
from tests.support.postgres import Cluster, free_port

DEEDS = 3


def add(tx: Session, name: str = "Skin") -> str:
    tx.execute(insert(OrganisationRow).values(id=uuid4(), name=name))
    return name


def names(database: Database) -> list[str]:
    with database.read() as tx:
        return sorted(tx.scalars(select(OrganisationRow.name)))


@pytest.fixture
def on_its_own(durable_postgres: Cluster) -> Iterator[Database]:
    """A migrated database on a server that may be killed, with eight connections that are already open."""
    schema.migrate(durable_postgres.url())
    database = Database(durable_postgres.url())
    open_connections = [database.engine.connect() for _ in range(8)]
    for connection in open_connections:
        connection.close()
    yield database
    database.dispose()


END: dict[str, Callable[[Cluster], None]] = {"stopped": Cluster.stop, "killed": Cluster.kill}


@pytest.mark.parametrize("end", sorted(END))
def test_a_server_that_goes_away_is_unavailable_keeps_what_it_acknowledged_and_is_found_again(
    durable_postgres: Cluster, on_its_own: Database, end: str
) -> None:
    def half(tx: Session) -> None:
        add(tx, "half")
        END[end](durable_postgres)
        add(tx, "other half")

    on_its_own.write(lambda tx: add(tx, "before"))
    for attempt in (half, *[add] * 10):
        with pytest.raises(Unavailable):
            on_its_own.write(attempt)
    for look in (names, schema.is_current, schema.probe):
        with pytest.raises(Unavailable):
            look(on_its_own)
    durable_postgres.start()
    on_its_own.write(lambda tx: add(tx, "after"))
    assert names(on_its_own) == ["after", "before"]
    assert schema.is_current(on_its_own)


def test_a_read_or_a_commit_that_loses_its_server_is_unavailable(
    durable_postgres: Cluster, on_its_own: Database
) -> None:
    def read_on() -> None:
        with on_its_own.read() as tx:
            tx.execute(text("SELECT 1"))
            durable_postgres.kill()
            tx.execute(text("SELECT 1"))

    def commit(tx: Session) -> None:
        add(tx)
        durable_postgres.kill()

    with pytest.raises(Unavailable):
        read_on()
    durable_postgres.start()
    with pytest.raises(Unavailable):
        on_its_own.write(commit)


def test_a_server_that_was_never_there_is_unavailable() -> None:
    nowhere = Database(f"postgresql://interval@127.0.0.1:{free_port()}/none")
    with pytest.raises(Unavailable):
        nowhere.write(add)
    with pytest.raises(Unavailable):
        names(nowhere)


def test_a_server_that_lets_nobody_in_any_more_is_unavailable(durable_postgres: Cluster, on_its_own: Database) -> None:
    lent = Database(durable_postgres.url())
    on_its_own.dispose()
    with on_its_own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ALTER DATABASE postgres CONNECTION LIMIT 0"))
        connection.execute(text("ALTER ROLE interval NOSUPERUSER"))
        with pytest.raises(Unavailable, match="too many connections"):
            lent.write(add)
    lent.dispose()


def test_a_mistake_of_ours_is_no_outage(database_url: str) -> None:
    database = Database(database_url)
    for statement in ("SELECT * FROM no_such_table", "SELEKT", "INSERT INTO organisations (id) VALUES ('x')"):
        with pytest.raises(DBAPIError):
            database.write(lambda tx, statement=statement: tx.execute(text(statement)))
    database.dispose()


@pytest.fixture
def file(databases: Databases) -> Iterator[Path]:
    url = databases.new("sqlite")
    yield Path(url.removeprefix("sqlite:///"))
    databases.drop(url)


def fill_up(database: Database) -> None:
    """Let the file grow no further, on every connection, as a full disk does; the next page does not fit."""
    with database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))


def free_up(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count=1000000"))


def test_a_full_disk_stops_writes_and_not_reads_and_recovers_by_itself(file: Path) -> None:
    database = Database(f"sqlite:///{file}", pool_size=1)
    database.write(lambda tx: add(tx, "before"))
    fill_up(database)
    for _ in range(DEEDS):
        with pytest.raises(Unavailable, match="database or disk is full"):
            database.write(lambda tx: [add(tx, "x" * 3000) for _ in range(50)])
        assert names(database) == ["before"]
    free_up(database)
    database.write(lambda tx: [add(tx, "x" * 3000) for _ in range(50)])
    assert len(names(database)) == 51
    database.dispose()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder/interval.sqlite3")
    with pytest.raises(Unavailable, match="unable to open database file"):
        database.write(add)


def test_a_file_that_may_not_be_written_is_unavailable_to_writers(file: Path) -> None:
    database = Database(f"sqlite:///{file}", pool_size=1)
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA query_only=ON"))
    with pytest.raises(Unavailable, match="readonly database"):
        database.write(add)
    assert names(database) == []
    database.dispose()


WRITER = """
import sys
from uuid import uuid4
from sqlalchemy import insert
from scheduler.storage.database import Database
from scheduler.storage.rows import OrganisationRow

database, n = Database(sys.argv[1]), 0
while True:
    database.write(lambda tx: tx.execute(insert(OrganisationRow).values(id=uuid4(), name=f"{n:06}")))
    print(f"{n:06}", flush=True)
    n += 1
"""


def test_a_killed_writer_loses_nothing_that_it_acknowledged(database_url: str) -> None:
    command = [sys.executable, "-c", WRITER, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(50)]
        writer.kill()
        acknowledged += writer.stdout.read().split()
    database = Database(database_url)
    stored = names(database)
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) - len(acknowledged) in (0, 1)
    database.write(lambda tx: add(tx, "afterwards"))
    with database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(OrganisationRow)) == len(stored) + 1
    database.dispose()
