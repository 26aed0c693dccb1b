"""Masks read from rows: what resources work and what is claimed of them, each over a window of days of its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from scheduler.domain.day_grid import DayGrid, day_grid, mask_of, span_mask
from scheduler.domain.slots import Stretch
from scheduler.storage.busy_time import claimed_spans
from scheduler.storage.working_time import working_stretches

BLOCK_DAYS = 64
"""Windows begin and end at a block of days, so that questions with near horizons share one."""
MOST_DAYS = 768
"""No window grows beyond this by being widened."""

Windows = Mapping[UUID, DayGrid]


def working_masks(tx: Transaction, clinic_id: UUID, windows: Windows) -> dict[UUID, int]:
    """The cells that each resource works at the clinic. Resources with the same hours share one integer."""
    if not windows:
        return {}
    first, last = _dates(windows.values())
    stretches = working_stretches(tx, clinic_id, windows.keys(), first, last)
    made: dict[tuple[int, DayGrid], int] = {}
    for resource_id, window in windows.items():
        hours = stretches[resource_id]
        if (id(hours), window) not in made:
            made[id(hours), window] = mask_of(window, [Stretch(resource_id, *each) for each in hours], outwards=False)
    return {resource_id: made[id(stretches[resource_id]), window] for resource_id, window in windows.items()}


def busy_masks(tx: Transaction, windows: Windows) -> dict[UUID, int]:
    """The cells that appointments claim of each resource, a cell that is claimed in part included."""
    if not windows:
        return {}
    begin = min(window.instant(0, 0) for window in windows.values())
    end = max(window.instant(window.days, 0) for window in windows.values())
    claims = claimed_spans(tx, windows.keys(), begin, end)
    return {
        resource_id: span_mask(window, claims.get(resource_id, ()), outwards=True)
        for resource_id, window in windows.items()
    }


def covers(window: DayGrid, grid: DayGrid) -> bool:
    """Whether a window has every day of a grid."""
    offset = (grid.first_day - window.first_day).days
    return window.zone == grid.zone and offset >= 0 and offset + grid.days <= window.days


def window_over(grid: DayGrid, others: Sequence[DayGrid]) -> DayGrid:
    """A window over a grid and, unless that grows too long, over other windows as well."""
    first, last = _dates([grid, *others])
    if (last - first).days > MOST_DAYS:
        first, last = _dates([grid])
    start = first.toordinal() // BLOCK_DAYS * BLOCK_DAYS
    blocks = (last.toordinal() - start) // BLOCK_DAYS + 1
    return day_grid(grid.zone, date.fromordinal(start), blocks * BLOCK_DAYS)


def _dates(windows: Iterable[DayGrid]) -> tuple[date, date]:
    """The first and the last date that any of the windows has."""
    spans = [(window.first_day, window.day(window.days - 1)) for window in windows]
    return min(first for first, _ in spans), max(last for _, last in spans)
