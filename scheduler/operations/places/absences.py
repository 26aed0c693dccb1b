"""Absences: stretches in which a resource cannot be booked. Nothing is cancelled; the affected are named."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, Allowance, allowance, require
from scheduler.domain.clinic_days import clinic_date, day_bounds
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.pages import Page, page_of
from scheduler.operations.places.affected import Affected, affected_by_absence
from scheduler.operations.places.locked_hours import locked_resource, resource_of
from scheduler.storage.rows import AbsenceRow, AbsenceSource, ResourceRow
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class Absence:
    """A resource is away, or blocked, between two UTC instants. ``source`` says whether a calendar brought it."""

    id: UUID
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    label: str
    source: AbsenceSource

    @classmethod
    def of(cls, row: AbsenceRow) -> Self:
        return cls(row.id, row.resource_id, row.starts_at, row.ends_at, row.label, row.source)


@dataclass(frozen=True, slots=True)
class AbsenceAdded:
    """The absence, the resource's new revision, and the appointments that it leaves without the resource."""

    absence: Absence
    revision: int
    affected: tuple[Affected, ...]


def add_absence(
    context: Context,
    *,
    resource_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    label: str = "",
    seen: int | None,
) -> AbsenceAdded:
    """Take a resource out of the plan between two instants.

    Managers may for any time; reception for today, a practitioner for today and themselves. Raises ``NotAllowed``,
    ``NotFound``, ``Stale``, and ``Invalid`` when it does not end after it starts.
    """
    if not starts_at < ends_at:
        raise Invalid("An absence must end after it starts.", code="dates_reversed")
    resource = _blockable(context, resource_id, seen)
    _check_day(context, resource, starts_at, ends_at)
    row = AbsenceRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        clinic_id=resource.clinic_id,
        resource_id=resource_id,
        starts_at=starts_at,
        ends_at=ends_at,
        label=label,
        source=AbsenceSource.STAFF,
    )
    context.tx.add(row)
    _note(context, resource, row, "absence_added")
    affected = affected_by_absence(context, resource_id, starts_at, ends_at)
    return AbsenceAdded(Absence.of(row), resource.revision, affected)


def remove_absence(context: Context, *, resource_id: UUID, absence_id: UUID, seen: int | None) -> int:
    """Take an absence back, under the same rules; returns the resource's new revision."""
    resource = _blockable(context, resource_id, seen)
    row = context.tx.get(AbsenceRow, absence_id)
    if row is None or row.resource_id != resource_id:
        raise NotFound("There is no such absence.", absence_id=str(absence_id))
    _check_day(context, resource, row.starts_at, row.ends_at)
    context.tx.delete(row)
    _note(context, resource, row, "absence_removed")
    return resource.revision


def list_absences(context: Context, *, resource_id: UUID, after: UUID | None = None, limit: int = 25) -> Page[Absence]:
    """The absences of a resource that are not over, by start, a page at a time. Raises ``NotFound``."""
    require(context.actor, Action.SEE_CATALOGUE)
    resource_of(context, resource_id)
    coming = (AbsenceRow.resource_id == resource_id, AbsenceRow.ends_at > context.now)
    query = select(AbsenceRow).where(*coming).order_by(AbsenceRow.starts_at, AbsenceRow.id)
    if after is not None:
        last = aliased(AbsenceRow)
        start = select(last.starts_at).where(last.id == after).scalar_subquery()
        query = query.where(tuple_(AbsenceRow.starts_at, AbsenceRow.id) > tuple_(start, after))
    found = [Absence.of(row) for row in context.tx.scalars(query.limit(limit + 1))]
    return page_of(found, limit, lambda absence: absence.id)


def next_absences(context: Context, resource_ids: Collection[UUID]) -> Mapping[UUID, Absence]:
    """The absence of each of these resources of the organisation that is on, or comes next; none for most."""
    require(context.actor, Action.SEE_CATALOGUE)
    mine = (AbsenceRow.organisation_id == context.organisation_id, AbsenceRow.resource_id.in_(resource_ids))
    first = (
        select(AbsenceRow.resource_id, func.min(AbsenceRow.starts_at).label("starts_at"))
        .where(*mine, AbsenceRow.ends_at > context.now)
        .group_by(AbsenceRow.resource_id)
        .subquery()
    )
    same = (AbsenceRow.resource_id == first.c.resource_id) & (AbsenceRow.starts_at == first.c.starts_at)
    rows = context.tx.scalars(select(AbsenceRow).join(first, same).where(AbsenceRow.ends_at > context.now))
    return {row.resource_id: Absence.of(row) for row in rows}


def _blockable(context: Context, resource_id: UUID, seen: int | None) -> ResourceRow:
    """The locked resource, which the actor may block."""
    width = require(context.actor, Action.BLOCK_SAME_DAY)
    if width is Allowance.OWN and context.actor.resource_id != resource_id:
        raise NotAllowed("You may block your own time only.", code="not_your_own", remedy="Ask reception.")
    return locked_resource(context, resource_id, seen)


def _check_day(context: Context, resource: ResourceRow, starts_at: datetime, ends_at: datetime) -> None:
    """Raise ``NotAllowed`` for time beyond today, unless the actor manages resources."""
    zone = clinic_of(context, resource.clinic_id).zone
    begin, end = day_bounds(clinic_date(context.now, zone), zone)
    manages = allowance(context.actor.roles, Action.MANAGE_RESOURCES) is Allowance.YES
    if not manages and not begin <= starts_at < ends_at <= end:
        raise NotAllowed("Only a manager may block another day than today.", code="not_today", remedy="Ask a manager.")


def _note(context: Context, resource: ResourceRow, row: AbsenceRow, action: str) -> None:
    resource.revision += 1
    context.tx.flush()
    times: dict[str, Any] = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
    record(context, action, "resource", resource.id, clinic_id=resource.clinic_id, absence_id=str(row.id), **times)
