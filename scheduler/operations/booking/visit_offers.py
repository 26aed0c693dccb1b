"""Visit offers: the few free slots of the next weeks that suit a caller best."""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import islice
from operator import or_

from scheduler.domain.day_grid import STRIDE, DayGrid
from scheduler.domain.planning import PLANS
from scheduler.domain.wishes import WishedStarts, Wishes
from scheduler.operations.booking.slots import FreeSlot, FreeSlots, FreeVisit, SlotQuestion, free_visit
from scheduler.operations.context import Context
from scheduler.storage.free_time import FreeTime

DAYS = 28


def offer_visits(
    context: Context, free_time: FreeTime, question: SlotQuestion, wishes: Wishes, limit: int = PLANS
) -> FreeSlots:
    """Up to ``limit`` slots: those at preferred hours first, then by time; one for each date and practitioner.

    Dates to avoid, the practitioner and a pinned start are kept. Raises as ``free_slots`` does.
    """
    asked = replace(question, first=wishes.start_on, practitioner_id=wishes.practitioner_id, days=DAYS)
    free = free_visit(context, free_time, asked)
    return FreeSlots(free.grid.zone, tuple(islice(_one_each(free, wishes), limit)))


def _one_each(free: FreeVisit, wishes: Wishes) -> Iterator[FreeSlot]:
    """The first start of each practitioner on each date: whoever has one at preferred hours has no other."""
    people = tuple(free.starts.by_practitioner)
    pins = _pins(free.grid, wishes)
    masks = {turn: free.starts.by_practitioner[who] & pins for turn, who in enumerate(people)}
    wished = WishedStarts(free.grid, masks, wishes.prefer)
    seen: set[tuple[int, int]] = set()
    for fitting, days in ((True, wished.fitting_days), (False, wished.other_days)):
        for index in (one for one in _allowed(free, wishes) if days >> one & 1):
            for cell, turn in _firsts(free, wished, index, fitting):
                if (index, turn) not in seen:
                    seen.add((index, turn))
                    yield free.slot(index, cell, people[turn])


def _allowed(free: FreeVisit, wishes: Wishes) -> list[int]:
    dates = {index: free.grid.day(index) for index in free.days}
    return [index for index, on in dates.items() if not any(first <= on <= last for first, last in wishes.avoid)]


def _firsts(free: FreeVisit, wished: WishedStarts, index: int, fitting: bool) -> list[tuple[int, int]]:
    """Each practitioner's first cell of a day that is still to come, the earliest first."""
    found = []
    for turn, hours in wished.people(index, fitting):
        cells = (free.grid.cell_at(index, slot) for slot in range(hours.bit_length()) if hours >> slot & 1)
        cell = next((one for one in cells if free.later(index, one)), None)
        if cell is not None:
            found.append((cell, turn))
    return sorted(found)


def _pins(grid: DayGrid, wishes: Wishes) -> int:
    """The pinned starts as cells; every cell where nothing is pinned."""
    places = [place for at in wishes.pinned.values() if (place := grid.place(at))]
    return reduce(or_, (1 << index * STRIDE + cell for index, cell in places), 0) if wishes.pinned else -1
