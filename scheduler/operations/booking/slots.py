"""Free slots for a visit outside a series, in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.availability import FreeStarts, free_starts
from scheduler.domain.blocked import blocking
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.day_grid import DayGrid, day_cells, day_grid
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.spacing import blocked_ranges
from scheduler.operations.booking.supplies import supply_of
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.patients.patients import patient_row
from scheduler.storage import entries
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import ClinicRow, EntryKind
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.types import new_id
from scheduler.storage.visits import new_visit


@dataclass(frozen=True, slots=True)
class SlotQuestion:
    """Which slots: for a visit type, from a clinic date on (today at the earliest), for so many days.

    Without a patient nobody's own appointments and holds are looked at.
    """

    clinic_id: UUID
    visit_type: str
    patient_id: UUID | None = None
    practitioner_id: UUID | None = None
    first: date | None = None
    days: int = 14
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A free start (UTC instant) and what the visit would use."""

    starts_at: datetime
    practitioner_id: UUID | None
    room_id: UUID | None
    device_id: UUID | None


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """Free slots in order of time, and the clinic's zone."""

    zone: str
    slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class FreeVisit:
    """Where a visit can start after ``now``: masks over a grid, and the indices of its days on which it may be."""

    grid: DayGrid
    starts: FreeStarts
    days: tuple[int, ...]
    now: datetime

    def later(self, index: int, cell: int) -> bool:
        """Whether a cell of a day is still to come."""
        return self.grid.instant(index, cell) > self.now

    def slot(self, index: int, cell: int, who: UUID | None) -> FreeSlot:
        """The start at a cell with a practitioner, and the first room and device that are free then."""
        free = self.starts.free_at(index, cell)
        room, device = (free.get(kind, [None])[0] for kind in (ResourceKind.ROOM, ResourceKind.DEVICE))
        return FreeSlot(self.grid.instant(index, cell), who, room, device)


def free_slots(context: Context, free_time: FreeTime, question: SlotQuestion) -> FreeSlots:
    """Where a visit could be booked. Raises ``NotFound``."""
    free = free_visit(context, free_time, question)
    return FreeSlots(free.grid.zone, tuple(islice(_in_order(free), question.limit)))


def free_visit(context: Context, free_time: FreeTime, question: SlotQuestion) -> FreeVisit:
    """All that is free for a visit, before anything is picked. Raises ``NotFound``."""
    require(context.actor, Action.SEE_SCHEDULE)
    clinic = clinic_of(context, question.clinic_id)
    today = clinic_date(context.now, clinic.zone)
    first = max(question.first or today, today)
    snapshot = _snapshot(context, question, clinic, first)
    grid = day_grid(clinic.zone, first, question.days)
    supply = supply_of(context, free_time, snapshot, grid).supply
    free = free_starts(grid, snapshot.series.protocol.phases, supply)
    return FreeVisit(grid, _asked_for(free, question), _open_days(snapshot, grid), context.now)


def _snapshot(context: Context, question: SlotQuestion, clinic: ClinicRow, first: date) -> Snapshot:
    """The visit that would be booked; without a patient a stranger's, who has neither holds nor appointments."""
    if question.patient_id is not None:
        patient_row(context, question.patient_id)
    entry = entries.current_entry(context.tx, context.organisation_id, EntryKind.VISIT_TYPE, question.visit_type)
    patient_id = question.patient_id or new_id()
    return new_visit(context.tx, clinic, patient_id, entry, (), new_id(), first, context.now)


def _open_days(snapshot: Snapshot, grid: DayGrid) -> tuple[int, ...]:
    last = grid.day(grid.days - 1)
    blocked = blocked_ranges(snapshot.series, snapshot.around, grid.first_day, last)
    return tuple(index for index in range(grid.days) if not blocking(blocked, grid.day(index)))


def _asked_for(free: FreeStarts, question: SlotQuestion) -> FreeStarts:
    only = question.practitioner_id
    people = {who: mask for who, mask in free.by_practitioner.items() if only is None or who == only}
    return replace(free, by_practitioner=people)


def _in_order(free: FreeVisit) -> Iterator[FreeSlot]:
    """By time; of one time the practitioners in turn, each with the same room and device."""
    for index in free.days:
        cells = {who: day_cells(mask, index) for who, mask in free.starts.by_practitioner.items()}
        anybody = reduce(or_, cells.values(), 0)
        for cell in (cell for cell in range(free.grid.cells(index)) if anybody >> cell & 1):
            if free.later(index, cell):
                yield from (free.slot(index, cell, who) for who, mask in cells.items() if mask >> cell & 1)
