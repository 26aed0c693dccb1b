"""Clock changes that follow one simple rule a year, such as "the last Sunday in March at one"."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scheduler.calendars.clock_changes import ClockChange, clock_changes

PROVEN_UNTIL = 2050  # a rule counts as one when it explains every change from its first to the end of this year
LEAST_YEARS = 20  # fewer years may agree by chance
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class YearlyRule:
    """A change that comes every year on the nth weekday of a month (-1: the last), from ``first`` on."""

    first: ClockChange
    month: int
    weekday: str
    nth: int


@lru_cache(maxsize=1024)
def yearly_rules(zone: str) -> tuple[YearlyRule, ...]:
    """The two rules that the zone's clocks follow for good, or nothing where there is no such pair.

    Together they explain every change since the later of their beginnings.
    """
    changes = clock_changes(zone, PROVEN_UNTIL)
    latest = [change for change in changes if change.wall.year == PROVEN_UNTIL]
    if len(latest) != 2:
        return ()
    runs = [_run([change for change in changes if _kind(change) == _kind(last)]) for last in latest]
    since = max(run[0].at for run in runs)
    explained = set(runs[0]) | set(runs[1])
    is_complete = all(change in explained for change in changes if change.at >= since)
    if not is_complete or min(map(len, runs)) < LEAST_YEARS:
        return ()
    return tuple(_rule(run) for run in runs)


def _kind(change: ClockChange) -> tuple[object, ...]:
    """What two changes share when one rule may stand for both."""
    wall = change.wall
    return change.before, change.after, change.name, wall.month, wall.weekday(), wall.time()


def _run(changes: Sequence[ClockChange]) -> list[ClockChange]:
    """The longest unbroken run of years, up to the last change, with the same weekday of the month."""
    run, fitting = [changes[-1]], _positions(changes[-1])
    for change in reversed(changes[:-1]):
        fitting &= _positions(change)
        if change.wall.year != run[0].wall.year - 1 or not fitting:
            break
        run.insert(0, change)
    return run


def _rule(run: Sequence[ClockChange]) -> YearlyRule:
    wall = run[0].wall
    nth = min(set.intersection(*map(_positions, run)))
    return YearlyRule(run[0], wall.month, WEEKDAYS[wall.weekday()], nth)


def _positions(change: ClockChange) -> set[int]:
    """Which weekday of its month the change falls on: the nth, and -1 when it is also the last."""
    wall = change.wall
    nth = (wall.day - 1) // 7 + 1
    is_last = monthrange(wall.year, wall.month)[1] - wall.day < 7
    return {nth, -1} if is_last else {nth}
