"""Availability: when the people and things that an appointment needs are all free.

Free time is working time without busy time. An appointment can start where every resource, each shifted to the phases
that need it, is free. Masks are integers over a ``DayGrid``; the caller keeps those of a resource until it changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from uuid import UUID

from scheduler.domain.day_grid import CELL_MINUTES, STRIDE, DayGrid, all_cells, starts_mask
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.slots import Span, needed_spans, total_minutes


@dataclass(frozen=True, slots=True)
class Diary:
    """One resource over a horizon: the cells it works, those that are taken, and what is left."""

    working: int
    busy: int
    free: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "free", self.working & ~self.busy)


Diaries = Mapping[UUID, Diary]


@dataclass(frozen=True, slots=True)
class Supply:
    """Whom and what an appointment may use, in the order of preference, and when its patient is elsewhere.

    ``practitioners`` are those qualified, ``devices`` those of the protocol's type.
    """

    practitioners: Diaries
    rooms: Diaries
    devices: Diaries
    patient_busy: int = 0

    def without_claims(self) -> "Supply":
        """As if nobody else had booked anything."""
        return Supply(*self._each(lambda diary: Diary(diary.working, 0)), 0)

    def without_hours(self, grid: DayGrid) -> "Supply":
        """As if everybody worked around the clock."""
        always = all_cells(grid)
        return Supply(*self._each(lambda diary: Diary(always, diary.busy)), self.patient_busy)

    def _each(self, change: Callable[[Diary], Diary]) -> tuple[Diaries, Diaries, Diaries]:
        people, rooms, devices = (
            {one: change(diary) for one, diary in kind.items()}
            for kind in (self.practitioners, self.rooms, self.devices)
        )
        return people, rooms, devices

    def with_practitioners(self, more: Diaries) -> "Supply":
        return replace(self, practitioners={**self.practitioners, **more})


@dataclass(frozen=True, slots=True)
class FreeStarts:
    """Where one kind of appointment can start: for each practitioner with some room and device, and for these alone.

    The practitioner is ``None`` when the phases need none; ``rooms`` and ``devices`` are empty when not needed. Theirs
    are masks as bytes, lowest first: single cells are looked up in them.
    """

    by_practitioner: Mapping[UUID | None, int]
    rooms: Mapping[UUID, bytes]
    devices: Mapping[UUID, bytes]

    def free_at(self, index: int, cell: int) -> dict[ResourceKind, list[UUID]]:
        """The rooms and devices, of each kind that is needed, with which an appointment can start at a cell."""
        at = index * STRIDE + cell
        kinds = {ResourceKind.ROOM: self.rooms, ResourceKind.DEVICE: self.devices}
        return {
            kind: [one for one, mask in masks.items() if mask[at >> 3] >> (at & 7) & 1]
            for kind, masks in kinds.items()
            if masks
        }


def free_starts(grid: DayGrid, phases: Sequence[Phase], supply: Supply) -> FreeStarts:
    """Where an appointment of these phases can start.

    A room serves all its spans, and so does a device: each is checked alone, then any one of them will do.
    """
    spans = needed_spans(phases)
    rooms = _starts(supply.rooms, spans.get(ResourceKind.ROOM))
    devices = _starts(supply.devices, spans.get(ResourceKind.DEVICE))
    people = _starts(supply.practitioners, spans.get(ResourceKind.PRACTITIONER))
    common = starts_mask(grid, total_minutes(phases))
    if None in spans:
        common &= _shifted(all_cells(grid) & ~supply.patient_busy, spans[None])
    for kind, masks in ((ResourceKind.ROOM, rooms), (ResourceKind.DEVICE, devices)):
        common &= reduce(or_, masks.values(), 0) if kind in spans else common
    free: dict[UUID | None, int] = {who: mask & common for who, mask in people.items()}
    if ResourceKind.PRACTITIONER not in spans:
        free = {None: common}
    return FreeStarts(free, grid.as_bytes(rooms), grid.as_bytes(devices))


def starts_by_step(grid: DayGrid, phases: Mapping[int, tuple[Phase, ...]], supply: Supply) -> dict[int, FreeStarts]:
    """The free starts for each session number; sessions with equal phases share theirs."""
    found: dict[tuple[Phase, ...], FreeStarts] = {}
    for needed in phases.values():
        if needed not in found:
            found[needed] = free_starts(grid, needed, supply)
    return {number: found[needed] for number, needed in phases.items()}


def _starts(diaries: Diaries, spans: Iterable[Span] | None) -> dict[UUID, int]:
    return {} if spans is None else {one: _shifted(diary.free, spans) for one, diary in diaries.items()}


def _shifted(free: int, spans: Iterable[Span]) -> int:
    """The starts from which every span is free."""
    found = -1
    for start, end in spans:
        first, last = start // CELL_MINUTES, -(-end // CELL_MINUTES)
        found &= _runs(free, last - first) >> first
    return found


def _runs(free: int, length: int) -> int:
    """The cells that begin so many free cells in a row, by doubling."""
    have = 1
    while have < length:
        step = min(have, length - have)
        free &= free >> step
        have += step
    return free
