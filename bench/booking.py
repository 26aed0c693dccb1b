"""Booking a series of six, against a raw transaction that writes the very same rows."""

import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from typing import Any
from uuid import UUID

from sqlalchemy import event, make_url

from bench.crowds import SIZES, Crowded, crowd
from bench.rounds import Bar, at_least, seconds
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import plan_series

BOOKINGS = 40
Statement = tuple[str, Any, bool]


def bars() -> Iterator[Bar]:
    """The whole operation: locks, checks, claims, audit, undo, message, commit with a full sync."""
    with ExitStack() as stack:
        crowds = {size: stack.enter_context(crowd(size)) for size in SIZES}
        spent: dict[str, list[float]] = {size: [] for size in crowds}
        ratios: list[float] = []
        for _ in range(BOOKINGS):
            for size, one in crowds.items():
                raw, whole = _one(one)
                spent[size].append(whole)
                ratios.append(raw / whole)
        medians = {size: statistics.median(times) for size, times in spent.items()}
        for size, took in medians.items():
            print(f"     a series of six booked, {size} appointments: {took * 1000:.2f} ms")
        yield at_least("booking a series of six, of the raw transaction's rate", statistics.median(ratios), 0.30)
        growth = medians["10,000"] / medians["1,000,000"]
        yield at_least("booking rate at 1,000,000 to that at 10,000", growth, 0.9)


class _Discarded(Exception):
    """Ends a transaction that must leave nothing behind."""


def _one(crowded: Crowded) -> tuple[float, float]:
    """Seconds for the raw statements, rolled back by hand, and for the operation."""
    series_id = crowded.new_series()
    placements = _best(crowded, series_id)
    statements = _recorded(crowded, series_id, placements)
    raw = _replayed(crowded, series_id, statements)
    return raw, seconds(lambda: _book(crowded, series_id, placements))


def _best(crowded: Crowded, series_id: UUID) -> list[Placement]:
    with crowded.database.read() as tx:
        found = plan_series(crowded.context(tx), crowded.free_time, series_id=series_id, wishes=Wishes(), limit=1)
    return [Placement(one.number, one.slot) for one in found.plans[0].plan.placements]


def _book(crowded: Crowded, series_id: UUID, placements: Sequence[Placement]) -> object:
    return crowded.database.write(
        lambda tx: book_sessions(crowded.context(tx), series_id=series_id, placements=placements)
    )


def _recorded(crowded: Crowded, series_id: UUID, placements: Sequence[Placement]) -> list[Statement]:
    """What the operation writes, as the database driver gets it."""
    written: list[Statement] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append((statement, values, many))

    def discarded(tx: Any) -> None:
        book_sessions(crowded.context(tx), series_id=series_id, placements=placements)
        raise _Discarded

    event.listen(crowded.database.engine, "before_cursor_execute", listen)
    try:
        crowded.database.write(discarded)
    except _Discarded:
        pass
    finally:
        event.remove(crowded.database.engine, "before_cursor_execute", listen)
    return written


def _replayed(crowded: Crowded, series_id: UUID, statements: Sequence[Statement]) -> float:
    """The raw baseline: the same statements through the driver alone, committed, then taken back."""
    path = str(make_url(crowded.url).database)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        spent = seconds(lambda: _run(connection, statements))
        mine = "(SELECT id FROM appointments WHERE series_id = ?)"
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"DELETE FROM claims WHERE appointment_id IN {mine}", (series_id.hex,))
        for table in ("appointments", "change_sets"):
            connection.execute(f"DELETE FROM {table} WHERE series_id = ?", (series_id.hex,))
        connection.execute("DELETE FROM outbox")
        connection.execute("UPDATE series SET state = 'draft' WHERE id = ?", (series_id.hex,))
        connection.execute("COMMIT")
    return spent


def _run(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement, values, many in statements:
        (connection.executemany if many else connection.execute)(statement, values)
    connection.execute("COMMIT")
