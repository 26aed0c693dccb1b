"""Look-ups through connections of the driver's own: they heal, they end, and they say when the database is away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from scheduler.storage.database import Database, Unavailable


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.dispose()


def asked(database: Database, value: int) -> Any:
    """A look-up that gives back what it was asked."""
    found = database.look_up("SELECT ?" if database.is_sqlite else "SELECT %s::int", value)
    return found and found[0]


def free(database: Database) -> list[Any]:
    return list(database._kept._free)


def test_a_look_up_gives_the_first_row_or_none(database: Database) -> None:
    assert database.look_up("SELECT 1 UNION SELECT 2 ORDER BY 1") == (1,)
    assert database.look_up("SELECT 1 WHERE 1 = 2") is None


def test_one_after_another_share_a_connection(database: Database) -> None:
    assert [asked(database, number) for number in range(5)] == [0, 1, 2, 3, 4]
    assert len(free(database)) == 1


def test_many_at_once_get_their_own_answers(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: asked(database, number), range(400)))
    assert answers == list(range(400))
    assert len(free(database)) <= 8


def test_a_connection_that_was_cut_is_replaced(database: Database) -> None:
    assert asked(database, 1) == 1
    (kept,) = free(database)
    if database.is_sqlite:
        kept.close()
    else:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": kept.info.backend_pid})
    assert asked(database, 2) == 2
    assert kept not in free(database)


def test_a_connection_sees_what_others_commit(database: Database) -> None:
    count = "SELECT count(*) FROM organisations"
    assert database.look_up(count) == (0,)
    database.write(lambda tx: tx.execute(text("INSERT INTO organisations (id, name) VALUES (:id, 'x')"), {"id": ID}))
    assert database.look_up(count) == (1,)


ID = "00000000000070008000000000000000"


def test_disposing_closes_them(database: Database) -> None:
    asked(database, 1)
    (kept,) = free(database)
    database.dispose()
    assert free(database) == []
    with pytest.raises(Exception, match=r"closed"):
        kept.execute("SELECT 1")
    assert asked(database, 2) == 2


@pytest.mark.parametrize("url", ["sqlite:///{folder}/nowhere/x.sqlite3", "postgresql://127.0.0.1:1/nothing"])
def test_a_database_that_is_away_is_said_to_be(tmp_path: Path, url: str) -> None:
    away = Database(url.format(folder=tmp_path))
    for _ in range(2):
        with pytest.raises(Unavailable):
            away.look_up("SELECT 1")


def test_a_mistake_of_ours_is_not_called_an_outage(database: Database) -> None:
    with pytest.raises(Exception, match="nothing_like_this") as told:
        database.look_up("SELECT * FROM nothing_like_this")
    assert not isinstance(told.value, Unavailable)
    assert asked(database, 1) == 1
