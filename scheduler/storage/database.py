"""The database: one way to read, one way to write, the same on SQLite and PostgreSQL.

A write opens its transaction, locks, checks, writes and commits, or leaves nothing behind. On SQLite a writer begins
with ``BEGIN IMMEDIATE``, so writers queue instead of failing; on PostgreSQL an operation locks the rows it decides
about, patients by id first, then resources by id.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from scheduler.storage.kept_connections import KeptConnections
from scheduler.storage.turns import begin_writing
from scheduler.storage.violations import refusal_for

T = TypeVar("T")

ATTEMPTS = 8
"""How often a transaction that lost a race inside PostgreSQL is tried again."""

RETRYABLE = frozenset({"40001", "40P01"})
BUSY_MILLISECONDS = 15_000
CACHE_KILOBYTES = 512
"""Pages of the file that each connection keeps for itself; SQLite's own two megabytes add up over a pool."""
EVERY_ENGINE = {"max_overflow": 0, "pool_timeout": 10, "hide_parameters": True}
"""A crowd queues here and not at the server. An error names its statement, never its parameters: they are people's."""

SESSION = {
    "timezone": "UTC",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What PostgreSQL is told of every connection. A process that hangs must not hold its locks for ever."""

WIRE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds, and tries, after which a server that has vanished from the network counts as away."""


class Unavailable(Exception):
    """The database cannot be reached, or cannot store, at this moment. The same call may succeed later."""


class Database:
    """An engine with the connection settings that the write path relies on."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _sqlite(parsed, pool_size) if self.is_sqlite else _postgresql(parsed, pool_size)
        still = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**still)
        self._kept = KeptConnections(self.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading, which sees the database as it was at its first query, on both engines.

        Nothing is stored unless it is committed, which only ``write`` does. Raises ``Unavailable``.
        """
        with _reachable(), Session(self._reading, autoflush=False) as tx:
            yield tx

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in one transaction and commit it; a refusal or any error rolls all of it back.

        ``work`` may run several times, each time in a fresh transaction, when PostgreSQL had to break a deadlock.
        Raises what ``work`` raises, a ``Refusal`` for a constraint that was hit, and ``Unavailable``.
        """
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads rivals, hides nothing
            try:
                with _reachable():
                    return self._once(work)
            except DBAPIError as error:
                if _state_of(error) not in RETRYABLE:
                    raise
        raise Unavailable(f"the transaction lost {ATTEMPTS} races in a row")

    def _once(self, work: Callable[[Session], T]) -> T:
        with Session(self.engine, autoflush=False) as tx:
            tx.connection(execution_options={"writes": True})
            try:
                done = work(tx)
                tx.commit()
            except IntegrityError as error:
                if refusal := refusal_for(error):
                    raise refusal from error
                raise
            return done

    def look_up(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row for a statement in the driver's own words, past sessions and transactions; ``None`` for none.

        For what is most of the traffic; everything else reads through ``read``. Raises ``Unavailable``.
        """
        with _reachable():
            return self._kept.first(statement, values)

    def dispose(self) -> None:
        """Close every connection; a process does so before it forks."""
        self._kept.close()
        self.engine.dispose()


def _sqlite(url: URL, pool_size: int) -> Engine:
    engine = create_engine(url, pool_size=pool_size, **EVERY_ENGINE)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL, pool_size: int) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    wire = {name: value for name, value in WIRE.items() if name not in url.query}
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"options": options, **wire},
        **EVERY_ENGINE,
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Python's own transactions are off: they would begin without ``IMMEDIATE`` and keep foreign keys off.

    Each connection's own cache of pages stays small: a process has many, and the system caches the file for all.
    """
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{CACHE_KILOBYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        begin_writing(driver, BUSY_MILLISECONDS / 1000)
    except sqlite3.OperationalError:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last attempt, whose error reaches us as any other
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _state_of(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


AWAY_IN_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
AWAY_IN_POSTGRESQL = ("08", "53", "55P03", "57014", "57P", "58")
"""Beginnings of SQLSTATEs: no connection, no room, a lock or a statement that took too long, shut down, no disk."""


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_away(error):
            raise Unavailable(str(error.orig)) from error
        raise
    except PoolTimeout as error:
        raise Unavailable(str(error)) from error


def _is_away(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in AWAY_IN_SQLITE
    state = _state_of(error)
    return isinstance(error, OperationalError) if state is None else state.startswith(AWAY_IN_POSTGRESQL)
