"""Near slots: where an appointment can go when the time that is wanted for it cannot be had."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.day_grid import DayGrid, day_cells
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Slot


def near_slots(grid: DayGrid, free: FreeStarts, wanted: Slot, without: Collection[Slot] = ()) -> list[Slot]:
    """The free slot of each day that is closest to the wanted start, the closest first; at one start, the wanted
    people and things if they can be had. What begins when one of ``without`` does is left out.
    """
    taken = {slot.starts_at for slot in without}
    best = (_best(grid, free, wanted, taken, index) for index in range(grid.days))
    return sorted((slot for slot in best if slot), key=lambda slot: _distance(slot.starts_at, wanted))


def _best(grid: DayGrid, free: FreeStarts, wanted: Slot, taken: Collection[datetime], index: int) -> Slot | None:
    found = [start for start in _starts(grid, free, index) if start[0] not in taken]
    if not found:
        return None
    liked = wanted.resources.get(ResourceKind.PRACTITIONER)
    starts_at, cell, who = min(found, key=lambda start: (_distance(start[0], wanted), start[2] != liked))
    return _slot(free, wanted, starts_at, who, index, cell)


def _starts(grid: DayGrid, free: FreeStarts, index: int) -> Iterator[tuple[datetime, int, UUID | None]]:
    for who, mask in free.by_practitioner.items():
        cells = day_cells(mask, index)
        yield from ((grid.instant(index, cell), cell, who) for cell in range(grid.cells(index)) if cells >> cell & 1)


def _distance(starts_at: datetime, wanted: Slot) -> timedelta:
    return abs(starts_at - wanted.starts_at)


def _slot(free: FreeStarts, wanted: Slot, starts_at: datetime, who: UUID | None, index: int, cell: int) -> Slot:
    resources = {
        kind: liked if (liked := wanted.resources.get(kind)) in ones else ones[0]
        for kind, ones in free.free_at(index, cell).items()
    }
    return Slot(starts_at, resources | ({ResourceKind.PRACTITIONER: who} if who else {}))
