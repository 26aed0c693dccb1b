"""The database: one way to read, one way to write, the same on SQLite and PostgreSQL.

A write opens its transaction, locks, checks, writes and commits, or leaves nothing behind. On SQLite a writer begins
with ``BEGIN IMMEDIATE``, so writers queue instead of failing; on PostgreSQL an operation locks the rows it decides
about, patients by id first, then resources by id.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from scheduler.domain.refusals import Refusal
from scheduler.storage.violations import refusal_for

T = TypeVar("T")

ATTEMPTS = 8
"""How often a transaction that lost a race inside PostgreSQL is tried again."""

RETRYABLE = frozenset({"40001", "40P01"})
BUSY_MILLISECONDS = 15_000


class Unavailable(Exception):
    """The database cannot be reached, or cannot store, at this moment. The same call may succeed later."""


class Database:
    """An engine with the connection settings that the write path relies on."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        self.engine = _engine(url, pool_size)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading. Whatever happens in it, nothing is stored. Raises ``Unavailable``."""
        with _reachable(), Session(self.engine, autoflush=False) as tx:
            yield tx

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in one transaction and commit it; a refusal or any error rolls all of it back.

        ``work`` may run several times, each time in a fresh transaction, when PostgreSQL had to break a deadlock.
        Raises what ``work`` raises, a ``Refusal`` for a constraint that was hit, and ``Unavailable``.
        """
        for attempt in range(ATTEMPTS):
            try:
                with _reachable():
                    return self._once(work)
            except DBAPIError as error:
                if _state_of(error) not in RETRYABLE or attempt == ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads rivals, hides nothing
        raise AssertionError("unreachable")

    def _once(self, work: Callable[[Session], T]) -> T:
        with Session(self.engine, autoflush=False) as tx:
            tx.connection(execution_options={"writes": True})
            try:
                done = work(tx)
                tx.commit()
            except IntegrityError as error:
                raise refusal_for(error) or error from error
            return done

    def dispose(self) -> None:
        """Close every connection; a process does so before it forks."""
        self.engine.dispose()


def _engine(url: str, pool_size: int) -> Engine:
    """An error names the statement that failed and never its parameters, which are people's."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = "-c timezone=UTC -c lock_timeout=10000 -c statement_timeout=30000"
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=10,
        isolation_level="READ COMMITTED",
        connect_args={"options": options, "connect_timeout": 5},
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _state_of(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


UNREACHABLE_SQLITE = ("database is locked", "disk is full", "disk I/O error", "unable to open", "readonly database")
UNREACHABLE_STATES = ("08", "57P", "53", "55P03", "57014")


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except Refusal:
        raise
    except DBAPIError as error:
        if _is_unreachable(error):
            raise Unavailable(str(error.orig)) from error
        raise
    except PoolTimeout as error:
        raise Unavailable(str(error)) from error


def _is_unreachable(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = _state_of(error)
    if state is not None:
        return state.startswith(UNREACHABLE_STATES)
    return isinstance(error, OperationalError) and (
        not hasattr(error.orig, "sqlite_errorcode") or any(words in str(error.orig) for words in UNREACHABLE_SQLITE)
    )
