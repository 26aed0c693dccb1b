"""The day grid: the days of a horizon in cells of five minutes, so that one integer holds a resource's whole year.

Every day has a fixed stride of bits, counted from the UTC instant of its local midnight; bit 0 of a stride is that
midnight. A day of 23, 25 or any other number of hours uses fewer or more of its bits, and the rest stay clear.
A *wall slot* is a five-minute step on the clinic's clock (0 to 287); it equals the cell on every day of 24 hours.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar

from scheduler.domain.clinic_days import exists, instant_of
from scheduler.domain.slots import Stretch

CELL_MINUTES = 5
CELL_SECONDS = CELL_MINUTES * 60
STRIDE_BYTES = 42  # 336 cells: no day since 1995 had more than 27 hours, and one bit stays clear
STRIDE = STRIDE_BYTES * 8
DAY_MASK = (1 << STRIDE) - 1
WALL_SLOTS = 24 * 60 // CELL_MINUTES
PLAIN_DAY_SECONDS = 24 * 60 * 60

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class DayGrid:
    """The clinic dates ``first_day`` and the ``days - 1`` after it.

    Appointments start on multiples of ``starts_every`` minutes of the wall clock, counted from midnight. ``midnights``
    are the epoch seconds of the local midnights, one more than days. ``odd_days`` maps the index of a day whose clock
    changes to its wall slots and their cells; a slot that the clock skips is missing, one that it shows twice has
    the first cell.
    """

    zone: str
    first_day: date
    days: int
    starts_every: int = 15
    midnights: tuple[int, ...] = field(init=False, compare=False, repr=False)
    odd_days: Mapping[int, Mapping[int, int]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.days < 1 or self.starts_every < CELL_MINUTES or self.starts_every % CELL_MINUTES:
            raise ValueError("a grid needs a day at least, and starts on multiples of five minutes")
        dates = [self.first_day + timedelta(n) for n in range(self.days + 1)]
        midnights = tuple(_epoch(instant_of(on, time.min, self.zone)) for on in dates)
        object.__setattr__(self, "midnights", midnights)
        odd = [n for n in range(self.days) if midnights[n + 1] - midnights[n] != PLAIN_DAY_SECONDS]
        object.__setattr__(self, "odd_days", {n: self._wall_cells(dates[n], midnights[n]) for n in odd})

    def _wall_cells(self, on: date, midnight: int) -> dict[int, int]:
        walls = {slot: datetime.combine(on, time(*divmod(slot * CELL_MINUTES, 60))) for slot in range(WALL_SLOTS)}
        return {
            slot: (_epoch(instant_of(on, wall.time(), self.zone)) - midnight) // CELL_SECONDS
            for slot, wall in walls.items()
            if exists(wall, self.zone)
        }

    def index(self, on: date) -> int:
        """The day's place in the horizon; outside of it the answer is below 0 or at least ``days``."""
        return (on - self.first_day).days

    def day(self, index: int) -> date:
        return self.first_day + timedelta(index)

    def cells(self, index: int) -> int:
        """How many cells the day has: 288, or 276 or 300 when the clock changes by an hour."""
        return min((self.midnights[index + 1] - self.midnights[index]) // CELL_SECONDS, STRIDE - 1)

    def instant(self, index: int, cell: int) -> datetime:
        """The UTC instant at which a cell begins."""
        return datetime.fromtimestamp(self.midnights[index] + cell * CELL_SECONDS, UTC)

    def place(self, instant: datetime) -> tuple[int, int] | None:
        """The day's index and the cell that begins at this instant; ``None`` when none does, or outside the horizon."""
        at = _epoch(instant)
        index = bisect_right(self.midnights, at) - 1
        if not 0 <= index < self.days or (at - self.midnights[index]) % CELL_SECONDS:
            return None
        return index, (at - self.midnights[index]) // CELL_SECONDS

    def cell_at(self, index: int, wall_slot: int) -> int:
        """The cell of a wall slot; raises ``KeyError`` for one that the clock skips."""
        return self.odd_days[index][wall_slot] if index in self.odd_days else wall_slot

    def wall_bits(self, index: int, cells: int) -> int:
        """A day's cells as wall slots; a cell that shows a slot for the second time has none."""
        if index not in self.odd_days:
            return cells
        return sum(1 << slot for slot, cell in self.odd_days[index].items() if cells >> cell & 1)

    def cell_bits(self, index: int, walls: int) -> int:
        """A day's wall slots as cells; slots that the clock skips are left out."""
        if index not in self.odd_days:
            return walls
        return sum(1 << cell for slot, cell in self.odd_days[index].items() if walls >> slot & 1)

    def as_bytes(self, masks: Mapping[Subject, int]) -> dict[Subject, bytes]:
        """Masks as bytes, a row of ``STRIDE_BYTES`` for each day: cheap to look up single cells in."""
        return {
            one: (mask & all_cells(self)).to_bytes(self.days * STRIDE_BYTES, "little") for one, mask in masks.items()
        }

    def span_cells(self, start: int, end: int, outwards: bool) -> Iterator[tuple[int, int, int]]:
        """For each day that a span of epoch seconds touches: its index, the first cell, and the cell after the last."""
        if end <= start:
            return
        index = max(bisect_right(self.midnights, start) - 1, 0)
        down, up = (0, CELL_SECONDS - 1) if outwards else (CELL_SECONDS - 1, 0)
        while index < self.days and self.midnights[index] < end:
            midnight = self.midnights[index]
            first, last = (start - midnight + down) // CELL_SECONDS, (end - midnight + up) // CELL_SECONDS
            yield index, max(first, 0), min(last, self.cells(index))
            index += 1


@lru_cache(maxsize=64)
def day_grid(zone: str, first_day: date, days: int, starts_every: int = 15) -> DayGrid:
    """The same grid for the same question: making one reads the clock rules of every day."""
    return DayGrid(zone, first_day, days, starts_every)


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp())


def mask_of(grid: DayGrid, stretches: Iterable[Stretch], *, outwards: bool) -> int:
    """The cells that these stretches cover, over the whole horizon.

    ``outwards`` counts a cell that is covered in part (for busy time), else only whole cells count (working time).
    """
    spans = ((_epoch(stretch.starts_at), _epoch(stretch.ends_at)) for stretch in stretches)
    return span_mask(grid, spans, outwards=outwards)


def span_mask(grid: DayGrid, spans: Iterable[tuple[int, int]], *, outwards: bool) -> int:
    """As ``mask_of``, for spans of epoch seconds.

    Built day by day and joined as bytes: the cost follows the spans, not the length of the horizon.
    """
    rows: dict[int, int] = {}
    for start, end in spans:
        for index, first, last in grid.span_cells(start, end, outwards):
            if first < last:
                rows[index] = rows.get(index, 0) | (1 << last) - (1 << first)
    return _joined(bytes(grid.days * STRIDE_BYTES), rows)


def _joined(plain: bytes, rows: Mapping[int, int]) -> int:
    held = bytearray(plain)
    for index, cells in rows.items():
        held[index * STRIDE_BYTES : (index + 1) * STRIDE_BYTES] = cells.to_bytes(STRIDE_BYTES, "little")
    return int.from_bytes(held, "little")


def weekly_mask(grid: DayGrid, walls_by_weekday: Sequence[int]) -> int:
    """The same wall slots on every such weekday (Monday first), put right on the days when the clock changes."""
    start = grid.first_day.weekday()
    week = b"".join(walls_by_weekday[(start + n) % 7].to_bytes(STRIDE_BYTES, "little") for n in range(7))
    plain = (week * (grid.days // 7 + 1))[: grid.days * STRIDE_BYTES]
    return _joined(plain, {n: grid.cell_bits(n, walls_by_weekday[(start + n) % 7]) for n in grid.odd_days})


@lru_cache(maxsize=256)
def starts_mask(grid: DayGrid, minutes: int) -> int:
    """Where an appointment of so many minutes may start: on the wall's marks, and over before the day ends."""
    marks = sum(1 << slot for slot in range(0, WALL_SLOTS, grid.starts_every // CELL_MINUTES))
    return weekly_mask(grid, [marks] * 7) & _early_cells(grid, -(-minutes // CELL_MINUTES))


@lru_cache(maxsize=64)
def all_cells(grid: DayGrid) -> int:
    """Every cell of every day."""
    return _early_cells(grid, 1)


def _early_cells(grid: DayGrid, length: int) -> int:
    def row(cells: int) -> int:
        return (1 << max(cells - length + 1, 0)) - 1

    plain = row(WALL_SLOTS).to_bytes(STRIDE_BYTES, "little") * grid.days
    return _joined(plain, {n: row(grid.cells(n)) for n in grid.odd_days})


_TOPS = bytes([ord("0")] * 128 + [ord("1")] * 128)


def days_with_any(grid: DayGrid, mask: int) -> int:
    """One bit for each day of the horizon that has any cell in the mask.

    Adding all ones below the clear top bit of each stride carries into that bit exactly when the day is not empty.
    """
    tops = (mask + _carries(grid)).to_bytes(grid.days * STRIDE_BYTES, "little")[STRIDE_BYTES - 1 :: STRIDE_BYTES]
    return int(tops.translate(_TOPS)[::-1], 2)


@lru_cache(maxsize=64)
def _carries(grid: DayGrid) -> int:
    return int.from_bytes((DAY_MASK >> 1).to_bytes(STRIDE_BYTES, "little") * grid.days, "little")


def day_cells(mask: int, index: int) -> int:
    """One day cut out of a horizon's mask."""
    return mask >> index * STRIDE & DAY_MASK
