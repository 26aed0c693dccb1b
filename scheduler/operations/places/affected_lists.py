"""Affected lists: whom an absence, a closure or changed hours leave without an appointment, and who was called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.places.affected import (
    Affected,
    affected_by_absence,
    affected_by_closures,
    affected_by_hours,
)
from scheduler.operations.places.affected_calls import AffectedCall, affected_calls
from scheduler.operations.places.locked_hours import resource_of, resources_at
from scheduler.storage.rows import AbsenceRow, ClosureRow


class CauseKind(StrEnum):
    """Why appointments cannot take place as they are. ``HOURS``: of one resource, ``CLINIC``: all reasons there."""

    ABSENCE = "absence"
    CLOSURE = "closure"
    HOURS = "hours"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Cause:
    """What the list is about: ``name`` of the resource or clinic, clinic dates, and UTC instants of an absence."""

    kind: CauseKind
    name: str
    zone: str
    label: str = ""
    first: date | None = None
    last: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AffectedList:
    """One list, by start. ``calls`` says what came of calling, by appointment."""

    cause: Cause
    items: tuple[Affected, ...]
    calls: Mapping[UUID, AffectedCall]


def affected_at(context: Context, *, clinic_id: UUID) -> AffectedList:
    """All that cannot take place as it is at a clinic, whatever the reason. Raises ``NotFound``."""
    require(context.actor, Action.SEE_PATIENTS)
    clinic = clinic_of(context, clinic_id)
    found = affected_by_hours(context, resources_at(context, clinic_id))
    return _list(context, Cause(CauseKind.CLINIC, clinic.name, clinic.zone), found)


def affected_of_resource(context: Context, *, resource_id: UUID) -> AffectedList:
    """The appointments of a resource outside of its working time, absences included. Raises ``NotFound``."""
    require(context.actor, Action.SEE_PATIENTS)
    row = resource_of(context, resource_id)
    cause = Cause(CauseKind.HOURS, row.name, clinic_of(context, row.clinic_id).zone)
    return _list(context, cause, affected_by_hours(context, [resource_id]))


def affected_of_absence(context: Context, *, absence_id: UUID) -> AffectedList:
    """The appointments that an absence leaves without their resource. Raises ``NotFound``."""
    require(context.actor, Action.SEE_PATIENTS)
    row = context.tx.get(AbsenceRow, absence_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such absence.", absence_id=str(absence_id))
    zone, name = clinic_of(context, row.clinic_id).zone, resource_of(context, row.resource_id).name
    days = clinic_date(row.starts_at, zone), clinic_date(row.ends_at, zone)
    cause = Cause(CauseKind.ABSENCE, name, zone, row.label, *days, row.starts_at, row.ends_at)
    return _list(context, cause, affected_by_absence(context, row.resource_id, row.starts_at, row.ends_at))


def affected_of_closure(context: Context, *, closure_id: UUID) -> AffectedList:
    """The appointments on the dates of a closure. Raises ``NotFound``."""
    require(context.actor, Action.SEE_PATIENTS)
    row = context.tx.get(ClosureRow, closure_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such closure.", closure_id=str(closure_id))
    clinic = clinic_of(context, row.clinic_id)
    cause = Cause(CauseKind.CLOSURE, clinic.name, clinic.zone, row.label, row.starts_on, row.ends_on)
    return _list(context, cause, affected_by_closures(context, clinic.id, [(row.starts_on, row.ends_on)]))


def _list(context: Context, cause: Cause, found: Iterable[Affected]) -> AffectedList:
    items = tuple(found)
    return AffectedList(cause, items, affected_calls(context, items))
