"""Locks are held in one order, and a transaction that loses a race inside the database is tried again, for a while."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from scheduler.storage import database as storage
from scheduler.storage.database import ATTEMPTS, Database, Unavailable
from scheduler.storage.locking import lock_patients, lock_resources
from scheduler.storage.rows import PatientRow, ResourceRow
from tests.support.databases import Databases
from tests.support.queries import counted
from tests.support.rows import Ground


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def on_postgresql(databases: Databases, postgres_server: str) -> Iterator[Database]:
    url = databases.new("postgresql")
    database = Database(url)
    yield database
    database.dispose()
    databases.drop(url)


def resources(database: Database, number: int) -> list[UUID]:
    return database.write(lambda tx: sorted(Ground(tx).resource() for _ in range(number)))


def count_up(tx: Session, resource_id: UUID) -> None:
    busier = {"busy_revision": ResourceRow.busy_revision + 1}
    tx.execute(update(ResourceRow).where(ResourceRow.id == resource_id).values(busier))


def counts(database: Database) -> list[int]:
    with database.read() as tx:
        return list(tx.scalars(select(ResourceRow.busy_revision).order_by(ResourceRow.id)))


@dataclass
class Rival:
    """Counts two resources up in its own order, and waits after the first until its rival has the other."""

    first: UUID
    second: UUID
    meeting: threading.Barrier
    attempts: list[int] = field(default_factory=list)

    def work(self, tx: Session) -> None:
        self.attempts.append(1)
        count_up(tx, self.first)
        if len(self.attempts) == 1:
            self.meeting.wait(20)
        count_up(tx, self.second)


def test_a_deadlock_is_broken_and_both_writes_are_made_once(on_postgresql: Database) -> None:
    one, other = resources(on_postgresql, 2)
    meeting = threading.Barrier(2)
    rivals = [Rival(one, other, meeting), Rival(other, one, meeting)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda rival: on_postgresql.write(rival.work), rivals))
    assert counts(on_postgresql) == [3, 3]
    assert sum(len(rival.attempts) for rival in rivals) > 2


@pytest.mark.parametrize("state", sorted(storage.RETRYABLE))
def test_a_race_that_is_always_lost_is_given_up(on_postgresql: Database, state: str) -> None:
    (one,) = resources(on_postgresql, 1)
    attempts = []

    def lose(tx: Session) -> None:
        attempts.append(1)
        count_up(tx, one)
        tx.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$"))

    began = time.monotonic()
    with pytest.raises(Unavailable, match="lost 8 races in a row"):
        on_postgresql.write(lose)
    assert len(attempts) == ATTEMPTS
    assert time.monotonic() - began < 10
    assert counts(on_postgresql) == [1]


def test_a_race_that_is_lost_at_first_is_won_later(on_postgresql: Database) -> None:
    (one,) = resources(on_postgresql, 1)
    attempts = []

    def lose_twice(tx: Session) -> int:
        attempts.append(1)
        count_up(tx, one)
        if len(attempts) < 3:
            tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$"))
        return len(attempts)

    assert on_postgresql.write(lose_twice) == 3
    assert counts(on_postgresql) == [2]


def test_a_lock_that_does_not_come_free_is_unavailable_and_not_tried_again(
    on_postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(storage.SESSION, "lock_timeout", "100ms")
    impatient = Database(on_postgresql.engine.url.render_as_string(hide_password=False))
    (one,) = resources(on_postgresql, 1)
    attempts = []

    def wait(tx: Session) -> None:
        attempts.append(1)
        lock_resources(tx, [one])

    def hold(tx: Session) -> None:
        lock_resources(tx, [one])
        with pytest.raises(Unavailable, match="lock timeout"):
            impatient.write(wait)

    on_postgresql.write(hold)
    assert attempts == [1]
    impatient.dispose()


LOCKS: dict[str, Callable[[Session, Sequence[UUID]], None]] = {"patients": lock_patients, "resources": lock_resources}


@pytest.mark.parametrize("kind", sorted(LOCKS))
def test_locks_asked_for_in_any_order_never_meet_in_a_circle(on_postgresql: Database, kind: str) -> None:
    def make(tx: Session) -> list[UUID]:
        ground = Ground(tx)
        return [ground.patient() if kind == "patients" else ground.resource() for _ in range(6)]

    ids = on_postgresql.write(make)
    attempts = []

    def lock(n: int) -> None:
        def work(tx: Session) -> None:
            attempts.append(n)
            LOCKS[kind](tx, ids[n % 6 :] + ids[: n % 6] if n % 2 else ids[::-1])

        on_postgresql.write(work)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lock, range(60)))
    assert sorted(attempts) == list(range(60))


def test_what_is_locked_waits_and_what_refers_to_it_does_not(on_postgresql: Database) -> None:
    """A booking elsewhere that only refers to a resource must not queue behind one that decides about it."""
    ground_ids = on_postgresql.write(lambda tx: (lambda g: (g.patient(), g.resource()))(Ground(tx)))
    patient, resource = ground_ids

    def hold(tx: Session) -> None:
        lock_patients(tx, [patient])
        lock_resources(tx, [resource])
        for taken, query in ((patient, PatientRow), (resource, ResourceRow)):
            with on_postgresql.read() as rival:
                refer = select(query.id).where(query.id == taken).with_for_update(key_share=True, read=True)
                assert rival.scalar(refer) == taken
            with on_postgresql.read() as rival:
                decide = select(query.id).where(query.id == taken).with_for_update(key_share=True, skip_locked=True)
                assert rival.scalar(decide) is None

    on_postgresql.write(hold)


def test_patients_are_never_locked_after_resources(database: Database) -> None:
    def wrong(tx: Session) -> None:
        ground = Ground(tx)
        lock_resources(tx, [ground.resource()])
        lock_patients(tx, [ground.patient()])

    with pytest.raises(RuntimeError, match="patients must be locked before resources"):
        database.write(wrong)


def test_the_order_is_asked_of_each_transaction_alone(database: Database) -> None:
    (one,) = resources(database, 1)
    for _ in range(2):
        database.write(lambda tx: (lock_patients(tx, [one]), lock_resources(tx, [one])))


def test_locking_nobody_asks_the_database_nothing(database: Database) -> None:
    with counted(database.engine) as sent:
        database.write(lambda tx: (lock_patients(tx, []), lock_resources(tx, [])))
    assert sent == []
