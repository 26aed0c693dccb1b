"""Supply: whom and what a treatment may use at a clinic, with their free time ready for a planner."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.availability import Diary, Supply
from scheduler.domain.day_grid import STRIDE, DayGrid
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slot_conflicts import Qualification
from scheduler.storage.busy_time import load_overlay
from scheduler.storage.free_time import FreeTime, patient_busy
from scheduler.storage.rows import QualificationRow, ResourceRow, RosterDayRow, WorkingHoursRow


@dataclass(frozen=True, slots=True)
class Staffing:
    """What a planner may use, and the diaries of the practitioners whose qualification forbids some or all dates."""

    supply: Supply
    unqualified: dict[UUID, Diary]


def load_staffing(
    tx: Transaction,
    free_time: FreeTime,
    *,
    clinic_id: UUID,
    patient_id: UUID,
    qualification: str | None,
    device_type: str | None,
    grid: DayGrid,
    now: datetime,
    ignoring: Collection[UUID] = (),
) -> Staffing:
    """The resources in use at a clinic, by name, over the days of a grid in the clinic's zone.

    ``qualification`` is the code that a practitioner must be qualified for, ``device_type`` the type of device, when
    any. ``ignoring`` are appointments and keeps whose claims do not count.
    """
    rows = _candidates(tx, clinic_id, qualification, device_type)
    overlay = load_overlay(tx, clinic_id, now, ignoring)
    diaries = free_time.diaries(tx, clinic_id, [row.id for row in rows], grid, overlay)
    kinds = {kind: {row.id: diaries[row.id] for row in rows if row.kind is kind} for kind in ResourceKind}
    able = kinds[ResourceKind.PRACTITIONER] if qualification is None else dict(_qualified(rows, diaries, grid))
    unable = {one: diary for one, diary in kinds[ResourceKind.PRACTITIONER].items() if able.get(one) != diary}
    busy = patient_busy(tx, patient_id, grid, overlay)
    return Staffing(Supply(able, kinds[ResourceKind.ROOM], kinds[ResourceKind.DEVICE], busy), unable)


def _candidates(tx: Transaction, clinic_id: UUID, qualification: str | None, device_type: str | None) -> Sequence[Any]:
    """The clinic's own resources in use and those that come to work here, with the qualification when there is one."""
    row, qualified = ResourceRow, QualificationRow
    visiting = (
        select(where.resource_id).where(where.clinic_id == clinic_id) for where in (WorkingHoursRow, RosterDayRow)
    )
    here = or_(row.clinic_id == clinic_id, *(row.id.in_(ids) for ids in visiting))
    suitable = or_(row.kind != ResourceKind.DEVICE, row.type == device_type)
    columns = (row.id, row.kind, qualified.id.label("qualified"), qualified.valid_until, qualified.renewal_expected)
    query = (
        select(*columns)
        .outerjoin(qualified, and_(qualified.resource_id == row.id, qualified.protocol_code == qualification))
        .where(row.active, here, suitable)
    )
    return tx.execute(query.order_by(row.name, row.id)).all()


def _qualified(rows: Sequence[Any], diaries: dict[UUID, Diary], grid: DayGrid) -> Iterator[tuple[UUID, Diary]]:
    """Practitioners with the qualification, who do not work beyond its end unless its renewal is expected."""
    for row in rows:
        if row.kind is ResourceKind.PRACTITIONER and row.qualified is not None:
            yield row.id, _until_it_ends(diaries[row.id], Qualification(row.valid_until, row.renewal_expected), grid)


def _until_it_ends(diary: Diary, qualification: Qualification, grid: DayGrid) -> Diary:
    if qualification.valid_until is None or qualification.holds_on(grid.day(grid.days - 1)):
        return diary
    days = max(grid.index(qualification.valid_until) + 1, 0)
    return Diary(diary.working & (1 << days * STRIDE) - 1, diary.busy)
