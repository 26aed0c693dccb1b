"""One way to read, one way to write, on both engines."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.storage import database as storage
from scheduler.storage.database import Database, Unavailable
from scheduler.storage.rows import OrganisationRow, UserRow
from tests.support.databases import Databases

ID = uuid4()
COUNT = select(func.count()).select_from(OrganisationRow)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def in_a_file(databases: Databases) -> Iterator[Database]:
    database = Database(databases.new("sqlite"))
    yield database
    database.dispose()


def add(tx: Session, name: str = "Skin", id_: UUID | None = None) -> str:
    tx.execute(insert(OrganisationRow).values(id=id_ or uuid4(), name=name))
    return name


def rename(tx: Session, name: str) -> None:
    tx.execute(update(OrganisationRow).where(OrganisationRow.id == ID).values(name=name))


def name_now(database: Database) -> str | None:
    with database.read() as tx:
        return tx.scalar(select(OrganisationRow.name).where(OrganisationRow.id == ID))


def count(database: Database) -> int | None:
    with database.read() as tx:
        return tx.scalar(COUNT)


def test_a_write_gives_back_what_its_work_gives_and_stores_it(database: Database) -> None:
    assert database.write(lambda tx: add(tx, "Skin", ID)) == "Skin"
    assert name_now(database) == "Skin"


@pytest.mark.parametrize("error", [RuleBroken("No."), Invalid("No."), ValueError("no"), KeyboardInterrupt()])
def test_whatever_ends_a_write_early_leaves_nothing(database: Database, error: BaseException) -> None:
    def half(tx: Session) -> None:
        add(tx)
        tx.add(OrganisationRow(name="Second"))
        tx.flush()
        raise error

    with pytest.raises(type(error)):
        database.write(half)
    assert count(database) == 0
    database.write(add)
    assert count(database) == 1


def test_a_read_leaves_nothing(database: Database) -> None:
    with database.read() as tx:
        add(tx)
        assert tx.scalar(COUNT) == 1
    assert count(database) == 0


def test_a_read_sees_one_state_however_much_is_written_meanwhile(database: Database) -> None:
    database.write(lambda tx: add(tx, "before", ID))
    with database.read() as tx:
        assert tx.scalar(select(OrganisationRow.name)) == "before"
        database.write(lambda rival: rename(rival, "after"))
        tx.expire_all()
        assert tx.scalar(select(OrganisationRow.name)) == "before"
    assert name_now(database) == "after"


def test_a_write_sees_what_rivals_committed_before_it_took_its_lock(database: Database) -> None:
    database.write(lambda tx: add(tx, "0", ID))

    def count_up(tx: Session) -> None:
        locked = select(OrganisationRow.name).where(OrganisationRow.id == ID).with_for_update(key_share=True)
        rename(tx, str(int(tx.scalars(locked).one()) + 1))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: database.write(count_up), range(80)))
    assert name_now(database) == "80"


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    database.write(lambda tx: add(tx, "before", ID))

    def write_slowly(tx: Session) -> float:
        rename(tx, "after")
        began = time.monotonic()
        with ThreadPoolExecutor(4) as readers:
            assert list(readers.map(lambda _: name_now(database), range(20))) == ["before"] * 20
        return time.monotonic() - began

    assert database.write(write_slowly) < 5
    assert name_now(database) == "after"


def test_a_writer_does_not_wait_for_readers(database: Database) -> None:
    database.write(lambda tx: add(tx, "before", ID))
    with database.read() as tx:
        tx.execute(select(OrganisationRow)).all()
        began = time.monotonic()
        database.write(lambda rival: rename(rival, "after"))
        assert time.monotonic() - began < 5


def test_eight_writers_queue_without_an_error(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(lambda n: database.write(lambda tx: add(tx, str(n))), range(400)))
    assert names == [str(n) for n in range(400)]
    assert count(database) == 400


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        database.write(lambda tx: tx.execute(insert(UserRow).values(organisation_id=uuid4(), name="Nobody's")))


def test_every_connection_to_a_file_is_set_up_for_queueing_and_power_cuts(in_a_file: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}
    with in_a_file.read() as one, in_a_file.read() as other:
        for tx in (one, other):
            assert {name: tx.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted


def test_postgresql_is_told_how_long_to_wait(databases: Databases, postgres_server: str) -> None:
    database = Database(databases.new("postgresql"))
    wanted = storage.SESSION | {
        "idle_in_transaction_session_timeout": "1min",
        "transaction_isolation": "read committed",
    }
    said = database.write(lambda tx: {name: tx.scalar(text(f"SHOW {name}")) for name in wanted})
    database.dispose()
    assert said == wanted


def test_only_writers_queue_for_the_file(in_a_file: Database) -> None:
    """A read may begin, and end, while a writer has the file; a second writer may not."""
    inside, leave = threading.Event(), threading.Event()

    def stay(tx: Session) -> None:
        add(tx)
        inside.set()
        assert leave.wait(20)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(in_a_file.write, stay)
        assert inside.wait(20)
        assert count(in_a_file) == 0
        second = threads.submit(in_a_file.write, add)
        time.sleep(0.2)
        assert not second.done()
        leave.set()
        assert (first.result(20), second.result(20)) == (None, "Skin")
    assert count(in_a_file) == 2


def test_a_file_that_another_program_holds_too_long_is_unavailable_to_writers_alone(
    in_a_file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_a_file.engine.connect().execution_options(writes=True) as holder:
        holder.execute(text("SELECT 1"))
        monkeypatch.setattr(storage, "BUSY_MILLISECONDS", 100)
        rival = Database(in_a_file.engine.url.render_as_string())
        with pytest.raises(Unavailable, match="database is locked"):
            rival.write(add)
        assert count(rival) == 0
    assert rival.write(add) == "Skin"
    rival.dispose()


def test_a_crowd_that_finds_no_free_connection_is_told_to_come_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(storage.EVERY_ENGINE, "pool_timeout", 0.1)
    small = Database(database_url, pool_size=1)
    with small.read() as tx:
        tx.execute(text("SELECT 1"))
        with pytest.raises(Unavailable, match="limit of size 1"):
            small.write(add)
        with pytest.raises(Unavailable, match="limit of size 1"):
            count(small)
    assert small.write(add) == "Skin"
    small.dispose()


def test_an_error_does_not_tell_what_people_are_called(database: Database) -> None:
    database.write(lambda tx: add(tx, "Zoë Ångström", ID))
    with pytest.raises(IntegrityError) as caught:
        database.write(lambda tx: add(tx, "Zoë Ångström", ID))
    assert "Zoë" not in str(caught.value)
