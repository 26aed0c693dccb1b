"""When the clocks of a zone change, found by asking the zone database at one instant after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

START = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(days=7)  # shorter than any pair of changes that cancel each other: Ramadan pauses last a month


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change: its UTC instant, the offsets from UTC before and after, and the zone's abbreviation afterwards."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def wall(self) -> datetime:
        """What the clock was about to show when it was changed: a naive local time, as iCalendar writes onsets."""
        return (self.at + self.before).replace(tzinfo=None)


@lru_cache(maxsize=1024)
def clock_changes(zone: str, last_year: int) -> tuple[ClockChange, ...]:
    """All changes of the zone's clocks from 1970 to the end of ``last_year``, in order.

    Raises ``ZoneInfoNotFoundError`` for a zone that nobody knows.
    """
    return tuple(_search(ZoneInfo(zone), START, datetime(last_year + 1, 1, 1, tzinfo=UTC)))


def _search(info: ZoneInfo, start: datetime, end: datetime) -> Iterator[ClockChange]:
    while start < end:
        stop = start + STEP
        before, after = _offset(info, start), _offset(info, stop)
        if before != after:
            at = _first_second(info, start, stop)
            yield ClockChange(at, before, after, _name(info, at))
        start = stop


def _first_second(info: ZoneInfo, start: datetime, stop: datetime) -> datetime:
    """The first whole second of the offset that is in force at ``stop`` and is not yet at ``start``."""
    low, high = 0, int((stop - start).total_seconds())
    before = _offset(info, start)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(info, start + timedelta(seconds=middle)) == before:
            low = middle
        else:
            high = middle
    return start + timedelta(seconds=high)


def _offset(info: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(info).replace(tzinfo=UTC) - instant


def _name(info: ZoneInfo, instant: datetime) -> str:
    return instant.astimezone(info).tzname() or ""


def standing_offset(zone: str, instant: datetime) -> tuple[timedelta, str]:
    """The zone's offset from UTC at the instant, and its abbreviation."""
    info = ZoneInfo(zone)
    return _offset(info, instant), _name(info, instant)
