"""Free time, kept ready: what each resource works and what is claimed of it, as masks that a process builds once.

A mask is good as long as the revisions it was built under stand: the resource's and the clinic's for working time, the
resource's busy revision for claims. One small query tells which have moved on; only those are read again. A keep runs
out without any write, so what keeps claim is never in these masks and is added to each answer.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.availability import Diary
from scheduler.domain.day_grid import STRIDE, DayGrid, mask_of, span_mask
from scheduler.domain.slots import Stretch
from scheduler.storage.busy_time import Overlay, claimed_spans
from scheduler.storage.masks import busy_masks, covers, window_over, working_masks
from scheduler.storage.rows import ClinicRow, ResourceRow

MOST_RESOURCES = 1_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """The revisions that a resource's masks depend on: of the resource and its clinic, and of its claims."""

    hours: tuple[int, int]
    busy: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one resource at one clinic over a window of days, as of a stamp."""

    window: DayGrid
    stamp: Stamp
    working: int
    busy: int


class FreeTime:
    """The masks that one process keeps. Safe to share between threads; the least used resources are forgotten."""

    def __init__(self, most_resources: int = MOST_RESOURCES) -> None:
        self._most = most_resources
        self._known: OrderedDict[tuple[UUID, UUID], Known] = OrderedDict()
        self._lock = Lock()

    def diaries(
        self,
        tx: Transaction,
        clinic_id: UUID,
        resource_ids: Collection[UUID],
        grid: DayGrid,
        overlay: Overlay,
    ) -> dict[UUID, Diary]:
        """What each resource works at the clinic and what is claimed of it, over the days of the grid.

        The grid has the clinic's zone. An unknown resource is left out.
        """
        stamps = _stamps(tx, clinic_id, resource_ids)
        known = self._up_to_date(tx, clinic_id, grid, stamps)
        return {
            resource_id: _diary(resource_id, known[resource_id], grid, overlay)
            for resource_id in resource_ids
            if resource_id in known
        }

    def _up_to_date(
        self, tx: Transaction, clinic_id: UUID, grid: DayGrid, stamps: Mapping[UUID, Stamp]
    ) -> dict[UUID, Known]:
        """What is known of each resource, brought up to its stamp.

        What a writer reads is not kept: it may see changes of its own that are never committed.
        """
        known = self._recall(clinic_id, stamps)
        fresh = _read_again(tx, clinic_id, _over(grid, known, stamps), stamps)
        if fresh and not tx.connection().get_execution_options().get("writes"):
            self._remember(clinic_id, fresh)
        return {**known, **fresh}

    def _recall(self, clinic_id: UUID, resource_ids: Iterable[UUID]) -> dict[UUID, Known]:
        found = {}
        with self._lock:
            for resource_id in resource_ids:
                if known := self._known.get((clinic_id, resource_id)):
                    self._known.move_to_end((clinic_id, resource_id))
                    found[resource_id] = known
        return found

    def _remember(self, clinic_id: UUID, fresh: Mapping[UUID, Known]) -> None:
        with self._lock:
            for resource_id, known in fresh.items():
                self._known[clinic_id, resource_id] = known
                self._known.move_to_end((clinic_id, resource_id))
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def patient_busy(tx: Transaction, patient_id: UUID, grid: DayGrid, overlay: Overlay) -> int:
    """The cells of the grid in which a patient is claimed, at any clinic."""
    begin, end = grid.instant(0, 0), grid.instant(grid.days, 0)
    taken = span_mask(grid, claimed_spans(tx, [patient_id], begin, end).get(patient_id, ()), outwards=True)
    released = _cells(grid, overlay.released.get(patient_id, ()), outwards=False)
    return taken & ~released | _cells(grid, overlay.kept.get(patient_id, ()), outwards=True)


def _stamps(tx: Transaction, clinic_id: UUID, resource_ids: Collection[UUID]) -> dict[UUID, Stamp]:
    """The present revisions. They are read before what depends on them, so no mask is older than its stamp."""
    rows = tx.connection().execute(_STAMPS, {"clinic": clinic_id, "ids": list(resource_ids)})
    return {resource_id: Stamp((revision, clinic), busy) for resource_id, revision, clinic, busy in rows}


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_STAMPS = (
    select(ResourceRow.id, ResourceRow.revision, ClinicRow.revision, ResourceRow.busy_revision)
    .join(ClinicRow, ClinicRow.organisation_id == ResourceRow.organisation_id)
    .where(ClinicRow.id == bindparam("clinic"), ResourceRow.id.in_(_IDS))
)
NEVER = Stamp((0, 0), 0)


def _over(grid: DayGrid, known: Mapping[UUID, Known], resource_ids: Iterable[UUID]) -> dict[UUID, Known]:
    """What is known over the whole grid; of a resource that is not, nothing, over a window that is wide enough."""
    nothing = Known(window_over(grid, [each.window for each in known.values()]), NEVER, 0, 0)
    wide = {resource_id: each for resource_id, each in known.items() if covers(each.window, grid)}
    return {resource_id: wide.get(resource_id, nothing) for resource_id in resource_ids}


def _read_again(
    tx: Transaction, clinic_id: UUID, known: Mapping[UUID, Known], stamps: Mapping[UUID, Stamp]
) -> dict[UUID, Known]:
    """What is stale, read anew: working time, claims, or both."""
    moved = {r: each for r, each in known.items() if each.stamp != stamps[r]}
    hours = {r: each.window for r, each in moved.items() if each.stamp.hours != stamps[r].hours}
    claims = {r: each.window for r, each in moved.items() if each.stamp.busy != stamps[r].busy}
    working, busy = working_masks(tx, clinic_id, hours), busy_masks(tx, claims)
    return {
        r: replace(each, stamp=stamps[r], working=working.get(r, each.working), busy=busy.get(r, each.busy))
        for r, each in moved.items()
    }


def _diary(resource_id: UUID, known: Known, grid: DayGrid, overlay: Overlay) -> Diary:
    """Cut to the grid. Of released time only whole cells are given back: a neighbour may have the rest of a cell."""
    offset = (grid.first_day - known.window.first_day).days * STRIDE
    every = (1 << grid.days * STRIDE) - 1
    released = _cells(grid, overlay.released.get(resource_id, ()), outwards=False)
    kept = _cells(grid, overlay.kept.get(resource_id, ()), outwards=True)
    return Diary(known.working >> offset & every, known.busy >> offset & every & ~released | kept)


def _cells(grid: DayGrid, stretches: Collection[Stretch], *, outwards: bool) -> int:
    return mask_of(grid, stretches, outwards=outwards) if stretches else 0
