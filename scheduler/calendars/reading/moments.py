"""Dates and times of a file: what is written, in which zone, and the instant that it means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import vDDDTypes

from scheduler.calendars.reading.budget import Unreadable, quoted
from scheduler.calendars.reading.nodes import Line

Zone = Callable[[datetime], datetime]
"""Turns what a zone's clock shows (a naive time) into the instant in UTC."""

FindZone = Callable[[str], Zone]
"""The zone of a name. Raises ``Unreadable`` for one that nobody knows."""

library_value: Callable[[str], object] = vDDDTypes.from_ical


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a time on one: what the clock shows (naive; midnight for a day) and whose clock it is."""

    wall: datetime
    zone: Zone
    is_day: bool

    @property
    def instant(self) -> datetime:
        return self.zone(self.wall)

    def at(self, wall: datetime) -> "Moment":
        """Another moment on the same clock."""
        return Moment(wall, self.zone, self.is_day)

    def moved(self, by: timedelta) -> "Moment":
        """The moment that much later on the same clock."""
        return self.at(self.wall + by)


@dataclass(frozen=True, slots=True)
class Length:
    """How long something takes: whole days on the clock, then an exact time."""

    days: int = 0
    exact: timedelta = timedelta(0)

    def end_of(self, start: Moment) -> datetime:
        """The UTC instant at which it is over."""
        return start.moved(timedelta(days=self.days)).instant + self.exact

    @property
    def rough(self) -> timedelta:
        return timedelta(days=self.days) + self.exact


class Moments:
    """A set of moments to test others against: a day matches all of its times, times match as instants."""

    def __init__(self, found: Iterable[Moment]) -> None:
        listed = list(found)
        self._dates = {moment.wall.date() for moment in listed}
        self._days = {moment.wall.date() for moment in listed if moment.is_day}
        self._instants = {moment.instant for moment in listed if not moment.is_day}

    def has(self, moment: Moment) -> bool:
        """True when the moment is in the set; a day is when any time of it is."""
        if moment.wall.date() in (self._dates if moment.is_day else self._days):
            return True
        return not moment.is_day and moment.instant in self._instants


def utc(wall: datetime) -> datetime:
    """The zone of times that are written in UTC."""
    return wall.replace(tzinfo=UTC)


def until(start: Moment, end: Moment) -> Length:
    """The length from one moment to another, in days when both are days. Raises ``Unreadable`` when it is negative."""
    if start.is_day != end.is_day:
        raise Unreadable("Its start is a day and its end is a time, or the other way round.")
    length = Length(days=(end.wall - start.wall).days) if start.is_day else Length(exact=end.instant - start.instant)
    if length.rough < timedelta(0):
        raise Unreadable("It ends before it starts.")
    return length


def duration(text: str) -> Length:
    """A duration as written. Weeks and days are days on the clock, the rest is exact. Raises ``Unreadable``."""
    value = _value(text)
    if not isinstance(value, timedelta) or value < timedelta(0):
        raise Unreadable(f"Its duration, {quoted(text)}, is none.")
    return Length(days=value.days) if "T" not in text.upper() else Length(exact=value)


def read_moment(line: Line, find_zone: FindZone, floating: Zone) -> Moment:
    """The moment that a property names; a time without a zone is on the ``floating`` clock. Raises ``Unreadable``."""
    return _moment(line.value, _zone_of(line, find_zone, floating))


def read_moments(line: Line, find_zone: FindZone, floating: Zone) -> list[tuple[Moment, Length | None]]:
    """The moments of a list, each with its length where it is a period. Raises ``Unreadable``."""
    zone = _zone_of(line, find_zone, floating)
    return [_period(text, zone) for text in line.value.split(",") if text.strip()]


def moment_of(value: date, zone: Zone) -> Moment:
    """The moment of a date or time from the library, which marks only UTC."""
    if not isinstance(value, datetime):
        return Moment(datetime.combine(value, time.min), zone, is_day=True)
    return Moment(value.replace(tzinfo=None), utc if value.tzinfo else zone, is_day=False)


def _zone_of(line: Line, find_zone: FindZone, floating: Zone) -> Zone:
    """A day that names a zone is still the clinic's day."""
    name = line.params.get("TZID", "")
    return find_zone(name) if name and line.params.get("VALUE", "").upper() != "DATE" else floating


def _period(text: str, zone: Zone) -> tuple[Moment, Length | None]:
    start, slash, end = text.partition("/")
    moment = _moment(start, zone)
    if not slash:
        return moment, None
    is_duration = end.strip().upper().startswith(("P", "+P", "-P"))
    return moment, duration(end.strip()) if is_duration else until(moment, _moment(end, zone))


def _moment(text: str, zone: Zone) -> Moment:
    value = _value(text)
    if not isinstance(value, date):
        raise Unreadable(f"{quoted(text)} is neither a date nor a time.")
    return moment_of(value, zone)


def _value(text: str) -> object:
    try:
        return library_value(text.strip())
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{quoted(text)} is neither a date nor a time.") from error
