"""What every command needs: the database, the clock and the keys; and how a command says no, in one line.

Exit codes: 0 done, 1 what was asked cannot be done, 2 the command was not understood, 3 the database is away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from scheduler.domain.refusals import Refusal
from scheduler.operations.context import Context
from scheduler.operations.naming import organisation_named
from scheduler.operations.staff.operators import operator_of
from scheduler.storage.database import Database, Unavailable
from scheduler.storage.free_time import FreeTime
from scheduler.storage.schema import SchemaError, is_current

NAME = "interval-terminal"
REFUSED, AWAY = 1, 3

ORGANISATION = click.option("--organisation", metavar="NAME", help="Which organisation, when there are several.")

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Terminal:
    """The service as the command line sees it. ``clock`` gives the instant in UTC.

    ``not_set_up`` says in a sentence each what messages have to do without.
    """

    database: Database
    database_url: str = field(repr=False)
    clock: Callable[[], datetime]
    public_url: str
    link_key: str = field(repr=False)
    production: bool
    not_set_up: tuple[str, ...] = ()
    free_time: FreeTime = field(default_factory=FreeTime, repr=False)

    def do(self, organisation_id: UUID, deed: Callable[[Context], T]) -> T:
        """Run one operation as the operator, in a transaction of its own."""
        now = self.clock()
        return self.database.write(lambda tx: deed(Context(tx, operator_of(tx, organisation_id), now)))


def organisation_of(terminal: Terminal, name: str | None) -> UUID:
    """The organisation that a command is about."""
    with terminal.database.read() as tx:
        return organisation_named(tx, name)


def this_terminal() -> Terminal:
    """The terminal of the application whose command runs."""
    return cast(Terminal, current_app.extensions[NAME])


class Refused(click.ClickException):
    """What was asked cannot be done; one line says why."""

    exit_code = REFUSED

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class Away(Refused):
    """The database cannot be reached: the same command may work later."""

    exit_code = AWAY


def command(work: Callable[Concatenate[Terminal, P], R]) -> Callable[P, R]:
    """A command's function: it gets the terminal first, and whatever it refuses becomes one line and an exit code."""
    return _in_application(work, ready=True)


def command_on_any_schema(work: Callable[Concatenate[Terminal, P], R]) -> Callable[P, R]:
    """As ``command``, for what has to work on a database that is empty or out of date as well."""
    return _in_application(work, ready=False)


def _in_application(work: Callable[Concatenate[Terminal, P], R], *, ready: bool) -> Callable[P, R]:
    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        terminal = this_terminal()
        with plainly():
            if ready:
                expect_schema(terminal.database)
            return work(terminal, *args, **kwargs)

    return cast(Callable[P, R], with_appcontext(run))


def expect_schema(database: Database) -> None:
    """Raise ``SchemaError`` unless the database has the schema of this version."""
    if not is_current(database):
        raise SchemaError("The database is not up to date. Run: alembic upgrade head")


@contextmanager
def plainly() -> Iterator[None]:
    """Turn every refusal and every failure of the world outside into one line; never a traceback."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(f"{refusal.detail} {refusal.remedy}") from None
    except Unavailable as error:
        raise Away(f"The database cannot be reached: {error}") from None
    except (SchemaError, OSError) as error:
        raise Refused(str(error)) from None
    except DBAPIError as error:
        raise Refused(f"The database answered with an error: {error.orig}") from None


class Day(click.ParamType[date]):
    """A date such as 2026-03-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no date such as 2026-03-31.", param, ctx)


def start_of(day: date | None) -> datetime | None:
    """The first instant of a date in UTC."""
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
