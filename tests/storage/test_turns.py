"""Writers of SQLite wait for one another, and whoever has waited longest asks most often."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from scheduler.storage import turns
from scheduler.storage.database import BUSY_MILLISECONDS, Database, Unavailable
from scheduler.storage.turns import FIRST_PAUSE, LAST_PAUSE, begin_writing
from tests.support.databases import Databases


class FakeTime:
    """A clock that only sleeping moves. After ``ends`` seconds the other writer ends."""

    def __init__(self, other: sqlite3.Connection, ends: float = 1000.0) -> None:
        self.now, self.pauses, self._other, self._ends = 0.0, list[float](), other, ends

    def monotonic(self) -> float:
        return self.now

    def sleep(self, pause: float) -> None:
        self.pauses.append(pause)
        self.now += pause
        if self.now >= self._ends and self._other.in_transaction:
            self._other.execute("ROLLBACK")


@pytest.fixture
def file(databases: Databases) -> Iterator[Path]:
    url = databases.new("sqlite")
    yield Path(url.removeprefix("sqlite:///"))
    databases.drop(url)


@pytest.fixture
def other(file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who is writing."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


@pytest.fixture
def waiting(file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who wants to write, and leaves no waiting to SQLite."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as connection:
        yield connection


def test_a_writer_gets_its_turn_when_the_other_ends(
    other: sqlite3.Connection, waiting: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeTime(other, ends=0.5)
    monkeypatch.setattr(turns, "time", clock)
    begin_writing(waiting, patience=15)
    assert waiting.in_transaction
    assert 0.5 <= clock.now < 0.5 + FIRST_PAUSE


def test_pauses_get_shorter_the_longer_a_writer_waits_and_then_it_gives_up(
    other: sqlite3.Connection, waiting: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeTime(other)
    monkeypatch.setattr(turns, "time", clock)
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        begin_writing(waiting, patience=1)
    assert (clock.pauses[0], clock.pauses[-1]) == (FIRST_PAUSE, LAST_PAUSE)
    assert all(later <= earlier for earlier, later in pairwise(clock.pauses))
    assert 1 < clock.now < 1 + 2 * LAST_PAUSE


def test_what_is_no_waiting_is_told_at_once(waiting: sqlite3.Connection) -> None:
    waiting.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        begin_writing(waiting, patience=15)


def test_a_database_whose_writer_does_not_end_is_unavailable_and_waits_as_before_afterwards(
    file: Path, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "time", FakeTime(other))
    database = Database(f"sqlite:///{file}", pool_size=1)
    with pytest.raises(Unavailable, match="database is locked"):
        database.write(lambda tx: tx.execute(text("SELECT 1")))
    other.execute("ROLLBACK")
    database.write(lambda tx: tx.execute(text("SELECT 1")))
    with database.read() as tx:
        assert tx.execute(text("PRAGMA busy_timeout")).scalar_one() == BUSY_MILLISECONDS
    database.dispose()
