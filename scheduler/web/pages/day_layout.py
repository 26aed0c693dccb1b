"""Where things stand in the grid of a day: minutes as classes of the stylesheet, as the content policy wants it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
DIGITS = (1000, 100, 10, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of a day that is drawn, between two UTC instants; ``zone`` is the clinic's."""

    begins_at: datetime
    ends_at: datetime
    zone: str

    @property
    def minutes(self) -> int:
        """How long it is. A day on which the clock changes is drawn as long as it is."""
        return self.minute(self.ends_at)

    def minute(self, instant: datetime) -> int:
        """Minutes from the beginning; never outside."""
        inside = min(max(instant, self.begins_at), self.ends_at)
        return int((inside - self.begins_at).total_seconds()) // 60

    def holds(self, instant: datetime) -> bool:
        return self.begins_at <= instant < self.ends_at

    def place(self, start: datetime, end: datetime) -> str:
        """The classes that put something from one instant to another."""
        first = self.minute(start)
        return f"{at(first)} {long(self.minute(end) - first)}"

    def hours(self) -> Iterator[tuple[str, str]]:
        """Each full hour on the clinic's wall: how it is called, and its classes."""
        instant = self.begins_at
        while instant < self.ends_at:
            wall = instant.astimezone(ZoneInfo(self.zone))
            if wall.minute == 0:
                yield f"{wall:%H:%M}", at(self.minute(instant))
            instant += QUARTER


def span_of(times: Iterable[tuple[datetime, datetime]], zone: str) -> Span | None:
    """From the full hour before the first to the full hour after the last; ``None`` without any."""
    known = list(times)
    if not known:
        return None
    first, last = min(start for start, _ in known), max(end for _, end in known)
    return Span(_full_hour(first, zone), _full_hour(last + HOUR - timedelta(microseconds=1), zone), zone)


def _full_hour(instant: datetime, zone: str) -> datetime:
    wall = instant.astimezone(ZoneInfo(zone))
    return instant - timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


def at(minutes: int) -> str:
    """The classes of a beginning: 135 is ``a100 a30 a5``."""
    return _digits("a", minutes)


def long(minutes: int) -> str:
    """The classes of a length: 45 is ``n40 n5``."""
    return _digits("n", minutes)


@lru_cache(4096)
def _digits(letter: str, minutes: int) -> str:
    parts = (minutes // digit % 10 * digit for digit in DIGITS)
    return " ".join(f"{letter}{part}" for part in parts if part)


def lanes(things: Sequence[tuple[datetime, datetime, T]]) -> Iterator[tuple[T, int, int]]:
    """Each thing with its lane and the number of lanes beside each other, so that none covers another.

    ``things`` are sorted by their start. One patient's cream takes effect while another is treated.
    """
    for group in _groups(things):
        ends: list[datetime] = []
        placed = []
        for start, end, thing in group:
            free = next((number for number, until in enumerate(ends) if until <= start), len(ends))
            ends[free : free + 1] = [end]
            placed.append((thing, free))
        yield from ((thing, lane, len(ends)) for thing, lane in placed)


def _groups(things: Sequence[tuple[datetime, datetime, T]]) -> Iterator[list[tuple[datetime, datetime, T]]]:
    """Runs of things that overlap, one after another."""
    group: list[tuple[datetime, datetime, T]] = []
    for thing in things:
        if group and thing[0] >= max(end for _, end, _ in group):
            yield group
            group = []
        group.append(thing)
    if group:
        yield group
