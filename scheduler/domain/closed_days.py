"""Closed days: when a clinic opens next, and for how many days on end it is closed after that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.blocked import ONE_DAY

Closure = tuple[date, date, str]
"""The first and the last clinic date, both included, and what it is called."""

WEEKDAYS = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """``opens_on`` is the first open date from today on, ``None`` when the clinic never opens again.

    After it the clinic is never closed for more than ``longest`` days on end: a bound, not the exact number.
    """

    opens_on: date | None
    longest: int


def closed_days(today: date, closures: Sequence[Closure], weekdays: frozenset[int]) -> ClosedDays:
    """From the closures and the weekdays (Monday 0) without opening hours."""
    opens_on = _first_open(today, closures, weekdays)
    if opens_on is None:
        return ClosedDays(None, 0)
    opening = ((start, _first_open(start, closures, weekdays)) for start, _, _ in closures if start > opens_on)
    longest = max((((opens or date.max) - start).days for start, opens in opening), default=0)
    return ClosedDays(opens_on, longest + len(weekdays))  # closed weekdays may lie right before a closure


def _first_open(on: date, closures: Sequence[Closure], weekdays: frozenset[int]) -> date | None:
    while weekdays < WEEKDAYS:
        ends = [last for first, last, _ in closures if first <= on <= last]
        if on.weekday() in weekdays:
            ends.append(on)
        if not ends:
            return on
        if max(ends) == date.max:
            return None
        on = max(ends) + ONE_DAY
    return None
