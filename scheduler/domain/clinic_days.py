"""Clinic days: the one place where instants and a clinic's calendar dates meet.

Instants are aware and in UTC. A date is the date on the clinic's wall. Intervals between sessions are counted in dates;
28 days across a clock change are 671 or 673 hours, so nothing here subtracts instants to find days.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def clinic_date(instant: datetime, zone: str) -> date:
    """The date on the clinic's wall at this instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def wall_time(instant: datetime, zone: str) -> datetime:
    """What the clinic's clock shows: a naive local date and time."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def instant_of(on: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall time.

    A time that the clock shows twice means the first; one that it skips means the instant of the jump plus as much as
    was asked beyond it, which is how the standard library reads it and how wall clocks are put right.
    """
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def day_bounds(on: date, zone: str) -> tuple[datetime, datetime]:
    """The UTC instants of the day's local midnights: 23, 24 or 25 hours apart, other where clocks shift by less."""
    return instant_of(on, time.min, zone), instant_of(on + timedelta(days=1), time.min, zone)


def exists(wall: datetime, zone: str) -> bool:
    """False for a naive wall time that the clinic's clock skips."""
    aware = wall.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
