"""Wishes: what a caller asks of a plan, and the starts that are left when they are heard."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache, reduce
from operator import or_
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.day_grid import CELL_MINUTES, STRIDE, WALL_SLOTS, DayGrid, day_cells, days_with_any, weekly_mask


@dataclass(frozen=True, slots=True)
class Preference:
    """A weekday (Monday 0) and hours of the wall clock: it fits a session that starts in ``[from_time, to_time)``.

    Midnight as ``to_time`` is the end of the day. Raises ``ValueError`` when no time lies between the two.
    """

    weekday: int
    from_time: time
    to_time: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6 or self._until <= self._since:
            raise ValueError("a preference needs a weekday from 0 to 6 and hours that follow one another")

    @property
    def _since(self) -> int:
        return _minute(self.from_time)

    @property
    def _until(self) -> int:
        return _minute(self.to_time) or WALL_SLOTS * CELL_MINUTES

    def fits(self, wall: datetime) -> bool:
        return wall.weekday() == self.weekday and self._since <= _minute(wall.time()) < self._until

    @property
    def wall_slots(self) -> int:
        """The five-minute steps of the wall clock that fit, as bits."""
        first, last = (-(-minute // CELL_MINUTES) for minute in (self._since, self._until))
        return (1 << last) - (1 << first)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asks for. Only ``prefer`` is soft: each session that fits none of it is one broken wish.

    ``start_on`` is the first clinic date that will do, ``avoid`` inclusive dates, ``pinned`` the instants at which
    sessions must start, by number. ``same_practitioner`` asks for one practitioner in all sessions that are placed.
    """

    start_on: date | None = None
    prefer: tuple[Preference, ...] = ()
    avoid: tuple[tuple[date, date], ...] = ()
    pinned: Mapping[int, datetime] = field(default_factory=dict)
    practitioner_id: UUID | None = None
    same_practitioner: bool = False

    def fits(self, wall: datetime) -> bool:
        """Whether a session that starts at this wall time is as preferred; without preferences every one is."""
        return not self.prefer or any(one.fits(wall) for one in self.prefer)


@lru_cache(maxsize=256)
def _preferred(prefer: tuple[Preference, ...]) -> tuple[int, ...]:
    found = [0 if prefer else (1 << WALL_SLOTS) - 1] * 7
    for preference in prefer:
        found[preference.weekday] |= preference.wall_slots
    return tuple(found)


@lru_cache(maxsize=64)
def _preferred_mask(grid: DayGrid, prefer: tuple[Preference, ...]) -> int:
    return weekly_mask(grid, _preferred(prefer))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


class WishedStarts:
    """The starts of one kind of appointment that keep the hard wishes, told apart by the soft one.

    Days are bits counted from the grid's first day, hours are wall slots of one day, and practitioners are known by
    their turn in the offer.
    """

    def __init__(self, grid: DayGrid, masks: Mapping[int, int], prefer: tuple[Preference, ...]) -> None:
        self._grid = grid
        self._masks = masks
        self._preferred = _preferred(prefer)
        anywhere = reduce(or_, masks.values(), 0)
        fitting = anywhere & _preferred_mask(grid, prefer) if prefer else anywhere
        self.fitting_days = days_with_any(grid, fitting)
        self.other_days = days_with_any(grid, anywhere ^ fitting) if prefer else 0

    def people(self, index: int, fitting: bool) -> Iterator[tuple[int, int]]:
        """Who can start on a day, and when, at hours that fit the preference, or at the others only."""
        wanted = self._preferred[self._grid.day(index).weekday()]
        for turn, mask in self._masks.items():
            hours = self._grid.wall_bits(index, day_cells(mask, index))
            if left := hours & wanted if fitting else hours & ~wanted:
                yield turn, left


def wished_starts(
    grid: DayGrid, starts: Mapping[int, FreeStarts], wishes: Wishes, turns: Mapping[UUID | None, int]
) -> dict[int, WishedStarts]:
    """For each session number what the wishes leave of its starts; sessions that differ in nothing share it."""
    shared = {
        id(free): WishedStarts(grid, _wished(free, wishes, turns), wishes.prefer)
        for free in {id(free): free for free in starts.values()}.values()
    }
    return {
        number: WishedStarts(grid, _pinned(_wished(free, wishes, turns), grid, wishes.pinned[number]), wishes.prefer)
        if number in wishes.pinned
        else shared[id(free)]
        for number, free in starts.items()
    }


def _wished(starts: FreeStarts, wishes: Wishes, turns: Mapping[UUID | None, int]) -> dict[int, int]:
    only = wishes.practitioner_id
    return {turns[who]: mask for who, mask in starts.by_practitioner.items() if only is None or who == only}


def _pinned(masks: Mapping[int, int], grid: DayGrid, at: datetime) -> dict[int, int]:
    place = grid.place(at)
    pin = 0 if place is None else 1 << place[0] * STRIDE + place[1]
    return {turn: mask & pin for turn, mask in masks.items()}
