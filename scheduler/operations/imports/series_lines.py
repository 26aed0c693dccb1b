"""Lines of a list of series: what one says, before anything is looked up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid
from scheduler.domain.spelling import clean, in_utc, read_day, read_instant

T = TypeVar("T")

REQUIRED = ("patient", "protocol", "sessions", "body_sites")
COLUMNS = (*REQUIRED, "performed", "booked", *(kind.value for kind in ResourceKind))
BETWEEN = "|"
"""What stands between several values in one column."""


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series. ``performed`` are clinic dates, ``booked`` UTC instants, both in order; ``resources`` are names."""

    patient: str
    protocol: str
    sessions: int
    sites: tuple[str, ...]
    performed: tuple[date, ...]
    booked: tuple[datetime, ...]
    resources: Mapping[ResourceKind, str]


def read_series_line(values: Mapping[str, str]) -> SeriesLine:
    """Read one line, given by column. Raises ``Invalid`` (``unreadable_line``) for the first value that is wrong."""
    line = SeriesLine(
        patient=_read(values, "patient", clean),
        protocol=_read(values, "protocol", clean),
        sessions=_read(values, "sessions", _number),
        sites=_many(values, "body_sites", clean),
        performed=tuple(sorted(_many(values, "performed", read_day))),
        booked=tuple(sorted(_many(values, "booked", _instant))),
        resources={kind: _read(values, kind.value, clean) for kind in ResourceKind if _text(values, kind.value)},
    )
    if len(line.performed) + len(line.booked) > line.sessions:
        raise Invalid("There are more dates than sessions.", code="unreadable_line")
    return line


def _text(values: Mapping[str, str], column: str) -> str:
    return values.get(column, "").strip(" ")


def _read(values: Mapping[str, str], column: str, reader: Callable[[str], T]) -> T:
    return _value(column, _text(values, column), reader)


def _many(values: Mapping[str, str], column: str, reader: Callable[[str], T]) -> tuple[T, ...]:
    text = _text(values, column)
    parts = text.split(BETWEEN) if text else []
    return tuple(_value(column, part.strip(" "), reader) for part in parts)


def _value(column: str, text: str, reader: Callable[[str], T]) -> T:
    try:
        return reader(text)
    except (ValueError, OverflowError) as fault:
        raise Invalid(f"{column} {fault}.", code="unreadable_line", column=column) from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ValueError("must be a whole number")
    return int(text)


def _instant(text: str) -> datetime:
    return in_utc(read_instant(text))
