"""Supplies: who and what could serve an appointment, over the days that a plan looks at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from scheduler.domain.availability import Diary, Supply
from scheduler.domain.blocked import ONE_DAY
from scheduler.domain.day_grid import STRIDE, DayGrid, mask_of
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Stretch
from scheduler.operations.context import Context
from scheduler.storage.busy_time import load_overlay
from scheduler.storage.free_time import FreeTime, patient_busy
from scheduler.storage.rows import QualificationRow, ResourceRow, RosterDayRow, WorkingHoursRow
from scheduler.storage.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Supplied:
    """What an appointment of a series or visit may use, and the names of these resources."""

    supply: Supply
    names: Mapping[UUID, str]


def supply_of(
    context: Context, free_time: FreeTime, snapshot: Snapshot, grid: DayGrid, ignoring: Collection[UUID] = ()
) -> Supplied:
    """Read who and what is free over the grid, save by the appointments and keeps in ``ignoring``."""
    series = snapshot.series
    rows = context.tx.execute(_candidates(context, snapshot, _able(snapshot.qualification))).all()
    ids = [row.id for row in rows]
    overlay = load_overlay(context.tx, series.clinic_id, context.now, ignoring)
    diaries = free_time.diaries(context.tx, series.clinic_id, ids, grid, overlay)
    of_kind = {
        kind: {row.id: _while_qualified(diaries[row.id], row, grid) for row in rows if row.kind is kind}
        for kind in ResourceKind
    }
    busy = patient_busy(context.tx, series.patient_id, grid, overlay) | _gone_by(context, grid)
    supply = Supply(of_kind[ResourceKind.PRACTITIONER], of_kind[ResourceKind.ROOM], of_kind[ResourceKind.DEVICE], busy)
    return Supplied(supply, {row.id: row.name for row in rows})


def unqualified(context: Context, free_time: FreeTime, snapshot: Snapshot, grid: DayGrid) -> dict[UUID, Diary]:
    """The practitioners of the clinic who could serve the appointment, were they qualified."""
    query = _candidates(context, snapshot, QualificationRow.resource_id.is_(None)).where(
        ResourceRow.kind == ResourceKind.PRACTITIONER
    )
    ids = [row.id for row in context.tx.execute(query)]
    overlay = load_overlay(context.tx, snapshot.series.clinic_id, context.now)
    return free_time.diaries(context.tx, snapshot.series.clinic_id, ids, grid, overlay)


def _gone_by(context: Context, grid: DayGrid) -> int:
    """The cells of the grid that have begun: nothing starts in the past."""
    return mask_of(grid, [Stretch(context.actor.user_id, grid.instant(0, 0), context.now)], outwards=True)


def _candidates(context: Context, snapshot: Snapshot, able: Any) -> Any:
    """The clinic's rooms, its devices of the type, and whoever is able and works there, in a stable order."""
    series, code = snapshot.series, snapshot.qualification
    qualified = and_(QualificationRow.resource_id == ResourceRow.id, QualificationRow.protocol_code == code)
    here = or_(
        *(
            exists().where(hours.resource_id == ResourceRow.id, hours.clinic_id == series.clinic_id)
            for hours in (WorkingHoursRow, RosterDayRow)
        )
    )
    practitioner = ResourceRow.kind == ResourceKind.PRACTITIONER
    fits = or_(
        and_(practitioner, or_(ResourceRow.clinic_id == series.clinic_id, here), able),
        and_(ResourceRow.kind == ResourceKind.ROOM, ResourceRow.clinic_id == series.clinic_id),
        and_(
            ResourceRow.kind == ResourceKind.DEVICE,
            ResourceRow.clinic_id == series.clinic_id,
            ResourceRow.type == series.protocol.device_type,
        ),
    )
    columns = (ResourceRow.id, ResourceRow.kind, ResourceRow.name)
    qualification = (QualificationRow.valid_until, QualificationRow.renewal_expected)
    return (
        select(*columns, *qualification)
        .outerjoin(QualificationRow, qualified)
        .where(ResourceRow.organisation_id == context.organisation_id, ResourceRow.active, fits)
        .order_by(ResourceRow.name, ResourceRow.id)
    )


def _able(code: str | None) -> Any:
    return True if code is None else QualificationRow.resource_id.is_not(None)


def _while_qualified(diary: Diary, row: Any, grid: DayGrid) -> Diary:
    """A qualification that ends within the horizon excludes its holder from then on, unless renewal is expected."""
    if row.valid_until is None or row.renewal_expected:
        return diary
    days = min(max((row.valid_until + ONE_DAY - grid.first_day).days, 0), grid.days)
    return Diary(diary.working & ((1 << days * STRIDE) - 1), diary.busy)
