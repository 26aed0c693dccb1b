"""Day columns: the resources of a clinic on one date, when each works, and why not in between."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, or_, select

from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.intervals import common, joined, without
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.rosters import ClinicHours, Instants, Roster, working_time
from scheduler.operations.context import Context
from scheduler.operations.places.locked_hours import resources_at
from scheduler.storage.rows import AbsenceRow, ResourceRow
from scheduler.storage.working_time import rosters

Labelled = tuple[Instants, str]


class ClosedBecause(StrEnum):
    """Why nobody can be booked with a resource for a while."""

    CLOSURE = "closure"
    OFF = "off"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class ClosedStretch:
    """Between two UTC instants the resource cannot be booked. ``label`` is the absence's, or empty."""

    starts_at: datetime
    ends_at: datetime
    because: ClosedBecause
    label: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One resource on a day: the UTC stretches that it works, and the rest of the day with the reason."""

    resource_id: UUID
    kind: ResourceKind
    name: str
    working: tuple[Instants, ...]
    closed: tuple[ClosedStretch, ...]


def day_columns(
    context: Context, clinic_id: UUID, hours: ClinicHours, on: date, booked: Collection[UUID]
) -> tuple[Column, ...]:
    """The resources of a clinic on a date, by name: those in use, and whatever is booked on it all the same.

    Left out is what does not work on this date at all, for another reason than a closure or an absence.
    """
    ids = list({*resources_at(context, clinic_id), *booked})
    rows = context.tx.connection().execute(_RESOURCES, {"ids": ids, "booked": list(booked)}).all()
    found = rosters(context.tx, clinic_id, hours.zone, ids, on, on)
    labels = _absence_labels(context, ids, day_bounds(on, hours.zone))
    made = (_column(row, hours, found[row.id], on, labels.get(row.id, ())) for row in rows)
    return tuple(column for column in made if column.resource_id in booked or not _off(column))


def columns_by_day(
    context: Context, clinic_id: UUID, hours: ClinicHours, resource: ResourceRow, days: Sequence[date]
) -> Mapping[date, Column]:
    """One resource at a clinic on each of these dates, which follow one another."""
    first, last = days[0], days[-1]
    roster = rosters(context.tx, clinic_id, hours.zone, [resource.id], first, last)[resource.id]
    bounds = day_bounds(first, hours.zone)[0], day_bounds(last, hours.zone)[1]
    labels = _absence_labels(context, [resource.id], bounds).get(resource.id, [])
    return {on: _column(resource, hours, roster, on, labels) for on in days}


def _column(row: Any, hours: ClinicHours, roster: Roster, on: date, absences: Iterable[Labelled]) -> Column:
    working = tuple(working_time(hours, roster, on, on))
    return Column(row.id, row.kind, row.name, working, tuple(_closed(hours, roster, on, absences)))


def _off(column: Column) -> bool:
    return not column.working and all(stretch.because is ClosedBecause.OFF for stretch in column.closed)


def _absence_labels(context: Context, ids: Collection[UUID], day: Instants) -> dict[UUID, list[Labelled]]:
    begin, end = day
    found: dict[UUID, list[Labelled]] = {}
    for row in context.tx.connection().execute(_ABSENCES, {"ids": list(ids), "begin": begin, "end": end}):
        found.setdefault(row.resource_id, []).append(((row.starts_at, row.ends_at), row.label))
    return found


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_BOOKED: BindParameter[Any] = bindparam("booked", expanding=True)
_RESOURCES = (
    select(ResourceRow.id, ResourceRow.kind, ResourceRow.name)
    .where(ResourceRow.id.in_(_IDS), or_(ResourceRow.active, ResourceRow.id.in_(_BOOKED)))
    .order_by(ResourceRow.name, ResourceRow.id)
)
_ABSENCES = (
    select(AbsenceRow.resource_id, AbsenceRow.starts_at, AbsenceRow.ends_at, AbsenceRow.label)
    .where(AbsenceRow.resource_id.in_(_IDS))
    .where(AbsenceRow.ends_at > bindparam("begin"), AbsenceRow.starts_at < bindparam("end"))
    .order_by(AbsenceRow.starts_at, AbsenceRow.id)
)


def _closed(hours: ClinicHours, roster: Roster, on: date, absences: Iterable[Labelled]) -> Iterator[ClosedStretch]:
    """The day without working time, in order. Of absences only what falls into working hours is shown as such."""
    present = working_time(hours, replace(roster, absences=()), on, on)
    because = ClosedBecause.CLOSURE if on in hours.closed else ClosedBecause.OFF
    off = [ClosedStretch(*times, because) for times in without([day_bounds(on, hours.zone)], present)]
    away = [ClosedStretch(*times, ClosedBecause.ABSENCE, label) for times, label in _one_by_one(present, absences)]
    yield from sorted([*off, *away], key=lambda stretch: stretch.starts_at)


def _one_by_one(present: Sequence[Instants], absences: Iterable[Labelled]) -> Iterator[Labelled]:
    """Absences within working hours; where two overlap the first one is shown."""
    left = list(present)
    for times, label in absences:
        yield from ((shared, label) for shared in common(left, [times]))
        left = without(left, joined([times]))
