"""Zones that a file describes itself (VTIMEZONE), by the shifts of their clocks."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import vUTCOffset

from scheduler.calendars.reading.budget import Budget, Unreadable, quoted
from scheduler.calendars.reading.moments import Zone, read_moment, read_moments, utc
from scheduler.calendars.reading.nodes import Line, Node
from scheduler.calendars.reading.recurrence import rule_times
from scheduler.calendars.reading.rules import read_rules

library_offset: Callable[[str], timedelta] = vUTCOffset.from_ical


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of clocks: the naive time on the old clock, and the offsets from UTC before and after."""

    onset: datetime
    before: timedelta
    after: timedelta


def described_zone(node: Node, horizon_end: datetime, budget: Budget) -> Zone:
    """The zone of a VTIMEZONE. Raises ``Unreadable`` where something is missing or wrong."""
    observances = [child for child in node.children if child.name in ("STANDARD", "DAYLIGHT")]
    for part in (node, *observances):
        if part.fault:
            raise Unreadable(part.fault)
    shifts = [shift for child in observances for shift in _shifts(child, horizon_end, budget)]
    if not shifts:
        raise Unreadable("It has neither STANDARD nor DAYLIGHT.")
    return _zone(sorted(shifts, key=lambda shift: shift.onset - shift.before))


def _zone(shifts: Sequence[Shift]) -> Zone:
    """A time that is shown twice means the first; one that is skipped is read with the offset before the jump."""
    offsets = [shifts[0].before, *(shift.after for shift in shifts)]
    starts = [shift.onset + max(shift.after - shift.before, timedelta(0)) for shift in shifts]
    return lambda wall: utc(wall) - offsets[bisect_right(starts, wall)]


def _shifts(node: Node, horizon_end: datetime, budget: Budget) -> Iterator[Shift]:
    """Each shift of one observance up to the end of the horizon."""
    before, after = _offset(node, "TZOFFSETFROM"), _offset(node, "TZOFFSETTO")
    for moment in _onsets(node, lambda wall: utc(wall) - before, horizon_end, budget):
        yield Shift(moment, before, after)


def _onsets(node: Node, clock: Zone, horizon_end: datetime, budget: Budget) -> Iterator[datetime]:
    start = read_moment(_needed(node, "DTSTART"), _no_zone, clock)
    yield start.wall
    for line in node.all("RDATE"):
        yield from (moment.wall for moment, _ in read_moments(line, _no_zone, clock))
    for rule in read_rules(node.all("RRULE"), start):
        yield from rule_times(rule, start, start.wall, horizon_end.replace(tzinfo=None) + timedelta(days=2), budget)


def _needed(node: Node, name: str) -> Line:
    line = node.first(name)
    if line is None:
        raise Unreadable(f"It has no {name}.")
    return line


def _offset(node: Node, name: str) -> timedelta:
    return library_offset(_needed(node, name).value.strip())


def _no_zone(name: str) -> Zone:
    raise Unreadable(f"Its clocks are described by another zone, {quoted(name)}.")
