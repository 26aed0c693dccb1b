"""Connections of the database's driver, kept open for the few look-ups that are most of the traffic.

Everything else goes through the engine, whose care for each statement costs more than such a look-up itself.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

Values = tuple[Any, ...]
CACHE_KILOBYTES = 256
"""A look-up reads a few pages, and there may be a connection for each thread."""


class KeptConnections:
    """As many connections as there were ever look-ups at one time. None is in a transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: deque[Any] = deque()
        self._ask: Callable[[Any, str, Values], list[Values]] = _ask_sqlite if _is_sqlite(engine) else _ask_postgresql

    def first(self, statement: str, values: Values) -> Values | None:
        """The first row of a statement in the driver's own words, ``None`` when there is none.

        A connection that fails is closed, and the statement is asked once more over a fresh one: the database may have
        been away meanwhile. Raises ``DBAPIError``.
        """
        try:
            connection = self._free.pop()
        except IndexError:
            return self._first(self._opened(), statement, values)
        try:
            return self._first(connection, statement, values)
        except DBAPIError:
            return self._first(self._opened(), statement, values)

    def close(self) -> None:
        """Close what is not in use; a process does so before it forks."""
        while self._free:
            self._free.pop().close()

    def _first(self, connection: Any, statement: str, values: Values) -> Values | None:
        try:
            rows = self._ask(connection, statement, values)
        except self._engine.dialect.loaded_dbapi.Error as error:
            connection.close()
            raise self._told(error) from error
        self._free.append(connection)
        return rows[0] if rows else None

    def _opened(self) -> Any:
        """A connection with the engine's settings, out of its pool's care and without transactions."""
        try:
            pooled = self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._told(error) from error
        connection: Any = pooled.dbapi_connection
        pooled.detach()
        if _is_sqlite(self._engine):
            connection.execute(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")
        else:
            connection.autocommit = True
        return connection

    def _told(self, error: Any) -> Exception:
        known = self._engine.dialect.loaded_dbapi.Error
        told = DBAPIError.instance("", None, error, known, hide_parameters=True, dialect=self._engine.dialect)
        return cast(Exception, told)


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _ask_sqlite(connection: Any, statement: str, values: Values) -> list[Values]:
    found: list[Values] = connection.execute(statement, values).fetchall()
    return found


def _ask_postgresql(connection: Any, statement: str, values: Values) -> list[Values]:
    found: list[Values] = connection.execute(statement, values, prepare=True, binary=True).fetchall()
    return found
