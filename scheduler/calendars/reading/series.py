"""From one event with its repetitions and exceptions to the stretches of time that it takes."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from scheduler.calendars.reading.budget import Budget, Unreadable
from scheduler.calendars.reading.entries import Entry
from scheduler.calendars.reading.moments import Length, Moment, Moments
from scheduler.calendars.reading.recurrence import rule_times
from scheduler.calendars.reading.rules import Rule

MOST_REPETITIONS = 2_000
CLOCKS_APART = timedelta(days=2)  # no two clocks of the world differ by more

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The time of interest, between two instants in UTC."""

    starts_at: datetime
    ends_at: datetime

    def touches(self, span: Span) -> bool:
        """True for a stretch that takes time, some of it inside the horizon."""
        starts_at, ends_at = span
        return starts_at < ends_at and starts_at < self.ends_at and ends_at > self.starts_at


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A change of one repetition and all after it: since when, moved by how much, and how long each then takes."""

    since: datetime
    moved_by: timedelta
    length: Length


class Exceptions:
    """What was changed about single repetitions of an event, or about one and all after it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.replaced = Moments(entry.replaces for entry in entries if entry.replaces)
        changes = [change for entry in entries if (change := _change_for_later(entry))]
        self._changes = sorted(changes, key=_since)
        self.reach = max((change.length.rough + abs(change.moved_by) for change in changes), default=timedelta(0))

    def in_force(self, instant: datetime) -> LaterChange | None:
        """The last change for later repetitions that was made by this instant."""
        made = bisect_right(self._changes, instant, key=_since)
        return self._changes[made - 1] if made else None


def exception_spans(entry: Entry, horizon: Horizon) -> list[Span]:
    """The stretch, in UTC, of a repetition that was changed by itself, if it takes time inside the horizon."""
    span = entry.start.instant, entry.length.end_of(entry.start)
    return [span] if horizon.touches(span) and not entry.idle else []


def series_spans(main: Entry, exceptions: Exceptions, horizon: Horizon, budget: Budget) -> list[Span]:
    """The stretches, in UTC, that one event takes inside the horizon, without those that an exception replaces.

    Raises ``Unreadable`` when there are too many.
    """
    found: set[Span] = set()
    for start, length in _repetitions(main, exceptions.reach, horizon, budget):
        change = exceptions.in_force(start.instant)
        span = _span(start, Length() if main.idle else length, change)
        if horizon.touches(span) and not exceptions.replaced.has(start):
            found.add(span)
        if len(found) > MOST_REPETITIONS:
            raise Unreadable(f"It takes place more than {MOST_REPETITIONS:,} times.")
    return sorted(found)


def _since(change: LaterChange) -> datetime:
    return change.since


def _change_for_later(entry: Entry) -> LaterChange | None:
    if entry.replaces is None or not entry.is_for_later_too:
        return None
    length = Length() if entry.idle else entry.length
    return LaterChange(entry.replaces.instant, entry.start.wall - entry.replaces.wall, length)


def _span(start: Moment, length: Length, change: LaterChange | None) -> Span:
    """Where one repetition lies after the change that holds for it; what is idle has no length."""
    if change:
        start, length = start.moved(change.moved_by), change.length
    return start.instant, length.end_of(start)


def _repetitions(main: Entry, moved_by: timedelta, horizon: Horizon, budget: Budget) -> Iterator[tuple[Moment, Length]]:
    """All starts that may touch the horizon, excluded ones left out; the event's own start is always one."""
    reach = CLOCKS_APART + max(main.length.rough, moved_by)
    between = horizon.starts_at.replace(tzinfo=None) - reach, horizon.ends_at.replace(tzinfo=None) + reach
    excluded = set(_walls(main, main.excluded_rules, between, budget))
    ruled = ((main.start.at(wall), None) for wall in _walls(main, main.rules, between, budget))
    for start, length in chain([(main.start, None)], main.extra, ruled):
        if start.wall not in excluded and not main.excluded.has(start):
            yield start, length or main.length


def _walls(main: Entry, rules: Sequence[Rule], between: Span, budget: Budget) -> Iterator[datetime]:
    for rule in rules:
        yield from rule_times(rule, main.start, *between, budget)
