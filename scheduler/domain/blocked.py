"""Blocked dates: stretches of clinic dates on which a session cannot be booked, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

ONE_DAY = timedelta(days=1)


class BlockedBy(StrEnum):
    """What blocks. The value is the stable code of the refusal."""

    HOLD = "on_hold"
    CLOSURE = "closed_day"
    OTHER_PROCEDURE = "other_procedure_too_near"


@dataclass(frozen=True, slots=True)
class Blocked:
    """Clinic dates ``first`` to ``last``, both inclusive, blocked for one reason."""

    first: date
    last: date
    by: BlockedBy
    detail: str
    source_id: UUID | None = None

    def covers(self, on: date) -> bool:
        return self.first <= on <= self.last


def blocking(ranges: Iterable[Blocked], on: date) -> tuple[Blocked, ...]:
    """Every reason why this date is blocked."""
    return tuple(blocked for blocked in ranges if blocked.covers(on))


def first_free(ranges: Sequence[Blocked], first: date, last: date) -> date | None:
    """The first date in ``[first, last]`` that nothing blocks."""
    on = first
    while on <= last:
        covering = blocking(ranges, on)
        if not covering:
            return on
        furthest = max(blocked.last for blocked in covering)
        if furthest >= last:
            return None
        on = furthest + ONE_DAY
    return None


def last_free(ranges: Sequence[Blocked], first: date, last: date) -> date | None:
    """The last date in ``[first, last]`` that nothing blocks."""
    on = last
    while on >= first:
        covering = blocking(ranges, on)
        if not covering:
            return on
        nearest = min(blocked.first for blocked in covering)
        if nearest <= first:
            return None
        on = nearest - ONE_DAY
    return None
