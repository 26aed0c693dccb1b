"""Supplies: who and what could serve an appointment, over the days that a plan looks at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, true

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

RESOURCES, HELD = ResourceRow, QualificationRow


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
    able = _QUALIFIED if snapshot.qualification else _ANYBODY
    rows = context.tx.execute(able, _asked(context, snapshot)).all()
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
    ids = [row.id for row in context.tx.execute(_UNQUALIFIED, _asked(context, snapshot))]
    overlay = load_overlay(context.tx, snapshot.series.clinic_id, context.now)
    return free_time.diaries(context.tx, snapshot.series.clinic_id, ids, grid, overlay)


def _gone_by(context: Context, grid: DayGrid) -> int:
    """The cells of the grid that have begun: nothing starts in the past."""
    return mask_of(grid, [Stretch(context.actor.user_id, grid.instant(0, 0), context.now)], outwards=True)


def _asked(context: Context, snapshot: Snapshot) -> dict[str, Any]:
    series = snapshot.series
    return {
        "organisation": context.organisation_id,
        "clinic": series.clinic_id,
        "code": snapshot.qualification,
        "device_type": series.protocol.device_type,
    }


def _candidates(able: ColumnElement[bool]) -> Select[UUID, ResourceKind, str, date | None, bool]:
    """The clinic's rooms, its devices of the type, and whoever is able and works there, in a stable order."""
    at_home = RESOURCES.clinic_id == bindparam("clinic")
    here = [
        exists().where(hours.resource_id == RESOURCES.id, hours.clinic_id == bindparam("clinic"))
        for hours in (WorkingHoursRow, RosterDayRow)
    ]
    fits = or_(
        and_(RESOURCES.kind == ResourceKind.PRACTITIONER, or_(at_home, *here), able),
        and_(RESOURCES.kind == ResourceKind.ROOM, at_home),
        and_(RESOURCES.kind == ResourceKind.DEVICE, at_home, RESOURCES.type == bindparam("device_type")),
    )
    qualified = and_(HELD.resource_id == RESOURCES.id, HELD.protocol_code == bindparam("code"))
    return (
        select(RESOURCES.id, RESOURCES.kind, RESOURCES.name, HELD.valid_until, HELD.renewal_expected)
        .outerjoin(HELD, qualified)
        .where(RESOURCES.organisation_id == bindparam("organisation"), RESOURCES.active, fits)
        .order_by(RESOURCES.name, RESOURCES.id)
    )


# Statements of the hot path are built once: to build one costs more than to run it.
_ANYBODY = _candidates(true())
_QUALIFIED = _candidates(HELD.resource_id.is_not(None))
_UNQUALIFIED = _candidates(HELD.resource_id.is_(None)).where(RESOURCES.kind == ResourceKind.PRACTITIONER)


def _while_qualified(diary: Diary, row: Any, grid: DayGrid) -> Diary:
    """A qualification that ends within the horizon excludes its holder from then on, unless renewal is expected."""
    if row.valid_until is None or row.renewal_expected:
        return diary
    days = min(max((row.valid_until + ONE_DAY - grid.first_day).days, 0), grid.days)
    return Diary(diary.working & ((1 << days * STRIDE) - 1), diary.busy)
