"""Rosters: a resource's usual week, single dates that differ, and how far its roster is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.roster_checks import check_day, check_week
from scheduler.domain.rosters import Minutes
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.places.locked_hours import locked_resource, resource_of
from scheduler.operations.places.resources import ResourceChanged, Shift, changed
from scheduler.storage.rows import ResourceRow, RosterDayRow, WorkingHoursRow


@dataclass(frozen=True, slots=True)
class DayShift:
    """Hours of one date at one clinic, in minutes of its wall clock."""

    clinic_id: UUID
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class SingleDay:
    """One clinic date that differs from the usual week; without a shift it is a day off."""

    on: date
    shifts: tuple[DayShift, ...]


def list_single_days(context: Context, *, resource_id: UUID) -> tuple[SingleDay, ...]:
    """The dates from today on that differ from a resource's usual week, in order. Raises ``NotFound``."""
    require(context.actor, Action.SEE_CATALOGUE)
    row = resource_of(context, resource_id)
    today = clinic_date(context.now, clinic_of(context, row.clinic_id).zone)
    coming = (RosterDayRow.resource_id == resource_id, RosterDayRow.on_date >= today)
    query = select(RosterDayRow).where(*coming).order_by(RosterDayRow.on_date, RosterDayRow.starts_minute)
    by_date = groupby(context.tx.scalars(query), lambda one: one.on_date)
    return tuple(SingleDay(on, tuple(shift for one in rows for shift in _shifts(one))) for on, rows in by_date)


def _shifts(row: RosterDayRow) -> tuple[DayShift, ...]:
    if row.starts_minute is None or row.ends_minute is None:
        return ()
    return (DayShift(row.clinic_id, (row.starts_minute, row.ends_minute)),)


def set_usual_week(context: Context, *, resource_id: UUID, week: Sequence[Shift], seen: int | None) -> ResourceChanged:
    """Replace a resource's usual week, at every clinic; an empty one follows the opening hours of its clinic.

    Raises ``NotFound``, ``Stale``, and ``Invalid`` for hours that overlap or make no sense.
    """
    row = _managed(context, resource_id, seen)
    check_week([shift.hours for shift in week])
    _check_clinics(context, [shift.clinic_id for shift in week])
    context.tx.execute(delete(WorkingHoursRow).where(WorkingHoursRow.resource_id == resource_id))
    for shift in week:
        context.tx.add(_week_row(context, resource_id, shift))
    told = [[shift.hours.weekday, *shift.hours.minutes, str(shift.clinic_id)] for shift in week]
    return _noted(context, row, "usual_week_set", week=told)


def set_single_day(
    context: Context, *, resource_id: UUID, on: date, shifts: Sequence[DayShift], seen: int | None
) -> ResourceChanged:
    """Say when a resource works on one date, whatever its usual week; no shift is a day off.

    Raises ``NotFound``, ``Stale``, and ``Invalid`` for hours that overlap or make no sense.
    """
    row = _managed(context, resource_id, seen)
    check_day([shift.minutes for shift in shifts])
    _check_clinics(context, [shift.clinic_id for shift in shifts])
    _forget_day(context, resource_id, on)
    for shift in shifts:
        context.tx.add(_day_row(row, on, shift.clinic_id, shift.minutes))
    if not shifts:
        context.tx.add(_day_row(row, on, row.clinic_id, (None, None)))
    told = [[*shift.minutes, str(shift.clinic_id)] for shift in shifts]
    return _noted(context, row, "single_day_set", on=on.isoformat(), shifts=told)


def clear_single_day(context: Context, *, resource_id: UUID, on: date, seen: int | None) -> ResourceChanged:
    """Let the usual week hold again on a date. Raises ``NotFound``, ``Stale``."""
    row = _managed(context, resource_id, seen)
    _forget_day(context, resource_id, on)
    return _noted(context, row, "single_day_cleared", on=on.isoformat())


def publish_roster(context: Context, *, resource_id: UUID, until: date | None, seen: int | None) -> ResourceChanged:
    """Say up to which date a resource's roster is published. Raises ``NotFound``, ``Stale``."""
    row = _managed(context, resource_id, seen)
    row.roster_until = until
    return _noted(context, row, "roster_published", until=until and until.isoformat())


def _managed(context: Context, resource_id: UUID, seen: int | None) -> ResourceRow:
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    return locked_resource(context, resource_id, seen)


def _noted(context: Context, row: ResourceRow, action: str, **facts: Any) -> ResourceChanged:
    """Move the revision on, write the audit row, and say who is affected."""
    row.revision += 1
    record(context, action, "resource", row.id, clinic_id=row.clinic_id, **facts)
    return changed(context, row)


def _check_clinics(context: Context, clinic_ids: Sequence[UUID]) -> None:
    for clinic_id in set(clinic_ids):
        clinic_of(context, clinic_id)


def _forget_day(context: Context, resource_id: UUID, on: date) -> None:
    this = (RosterDayRow.resource_id == resource_id, RosterDayRow.on_date == on)
    context.tx.execute(delete(RosterDayRow).where(*this))


def _day_row(resource: ResourceRow, on: date, clinic_id: UUID, minutes: Minutes | tuple[None, None]) -> RosterDayRow:
    owner = {"organisation_id": resource.organisation_id, "clinic_id": clinic_id, "resource_id": resource.id}
    return RosterDayRow(**owner, on_date=on, starts_minute=minutes[0], ends_minute=minutes[1])


def _week_row(context: Context, resource_id: UUID, shift: Shift) -> WorkingHoursRow:
    hours = shift.hours
    return WorkingHoursRow(
        organisation_id=context.organisation_id,
        clinic_id=shift.clinic_id,
        resource_id=resource_id,
        weekday=hours.weekday,
        starts_minute=hours.minutes[0],
        ends_minute=hours.minutes[1],
        valid_from=hours.valid_from,
        valid_until=hours.valid_until,
    )
