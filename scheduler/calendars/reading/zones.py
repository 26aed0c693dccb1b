"""Whose clock a file means: zones by their IANA or Windows names, and those that the file describes itself."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler.calendars.reading.budget import Budget, Unreadable, quoted
from scheduler.calendars.reading.described_zones import described_zone
from scheduler.calendars.reading.moments import Zone
from scheduler.calendars.reading.nodes import Node

OTHER_NAMES = {"tzone://Microsoft/Utc": "UTC", "Z": "UTC"}


class Zones:
    """The zones of one file, by name. ``horizon_end`` (UTC) bounds how far clocks are followed."""

    def __init__(self, nodes: Sequence[Node], horizon_end: datetime, budget: Budget) -> None:
        self._described = {line.value.strip(): node for node in nodes if (line := node.first("TZID"))}
        self._horizon_end = horizon_end
        self._budget = budget
        self._found: dict[str, Zone] = {}

    def find(self, name: str) -> Zone:
        """The zone of that name. Raises ``Unreadable`` when nobody knows it."""
        name = name.strip()
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> Zone:
        """A region such as Europe/Berlin is the world's; other names, such as EST, are first what the file says."""
        if region := _region(name):
            return iana_zone(region)
        if name in self._described:
            return self._describe(name)
        known = OTHER_NAMES.get(name) or WINDOWS_TO_OLSON.get(name) or name
        if known not in _zone_names():
            raise Unreadable(f"It is in the time zone {quoted(name)}, which is not known here.")
        return iana_zone(known)

    def _describe(self, name: str) -> Zone:
        try:
            return described_zone(self._described[name], self._horizon_end, self._budget)
        except (Unreadable, ValueError, OverflowError) as error:
            raise Unreadable(f"The file describes its zone, {quoted(name)}, in a way that cannot be read.") from error


@lru_cache(maxsize=1024)
def iana_zone(name: str) -> Zone:
    """The zone of an IANA name. Raises ``ZoneInfoNotFoundError`` for an unknown one."""
    info = ZoneInfo(name)
    return lambda wall: wall.replace(tzinfo=info).astimezone(UTC)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _region(name: str) -> str:
    """The IANA region that a name is or, after a vendor's prefix, ends in: /example.org/2005/Europe/Berlin."""
    parts = name.strip("/").split("/")
    starts = range(len(parts) - 1) if name.startswith("/") else range(1)
    endings = ("/".join(parts[start:]) for start in starts)
    return next((ending for ending in endings if "/" in ending and ending in _zone_names()), "")
