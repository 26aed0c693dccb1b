"""Tables of reports: the same rows on the page and in the file that a spreadsheet opens."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.numbers import format_decimal, format_percent

from scheduler.web.pages.words import short_day, words

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be reckoned by a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; ``None`` where there is no whole."""

    of_one: float | None


Cell = str | int | date | Share


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its head; the first cell of each row names it. ``dates`` in the head are Mondays."""

    title: str
    head: tuple[str | date, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def shown_head(self) -> Sequence[str]:
        return [shown(cell) for cell in self.head]

    @property
    def shown_rows(self) -> Sequence[Sequence[str]]:
        return [[shown(cell) for cell in row] for row in self.rows]


def to_csv(tables: Sequence[Table]) -> bytes:
    """Comma-separated, in UTF-8 with the mark by which spreadsheets know it; shares from 0 to 1, dates as ISO.

    An empty line stands between tables.
    """
    text = io.StringIO()
    for number, one in enumerate(tables):
        csv.writer(text).writerows([[]] if number else [])
        csv.writer(text).writerows([[_plain(cell) for cell in row] for row in (one.head, *one.rows)])
    return text.getvalue().encode("utf-8-sig")


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    match cell:
        case Share(of_one=None):
            return "–"
        case Share():
            return percent(cell.of_one)
        case date():
            return short_day(cell)
        case int():
            return str(format_decimal(cell, locale=words().locale))
    return cell


def percent(of_one: float | None) -> str:
    """“12%” in English, “12 %” in German; “–” where there is nothing to tell."""
    return "–" if of_one is None else str(format_percent(of_one, locale=words().locale))


def _plain(cell: Cell) -> str:
    match cell:
        case Share():
            return "" if cell.of_one is None else f"{cell.of_one:.4f}"
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
    return f"'{cell}" if cell.startswith(FORMULA) else cell
