"""Closures: whole clinic dates on which a clinic is closed, entered by hand or taken from the public holidays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from scheduler.calendars.public_holidays import public_holidays
from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.pages import Page, page_of
from scheduler.operations.places.affected import Affected, affected_by_closures
from scheduler.operations.places.locked_hours import locked_clinic
from scheduler.storage.rows import ClinicRow, ClosureRow, ClosureSource
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class Closure:
    """A clinic is closed on the dates ``starts_on`` to ``ends_on``, both included."""

    id: UUID
    starts_on: date
    ends_on: date
    label: str
    source: ClosureSource

    @classmethod
    def of(cls, row: ClosureRow) -> Self:
        return cls(row.id, row.starts_on, row.ends_on, row.label, row.source)


@dataclass(frozen=True, slots=True)
class ClosuresAdded:
    """New closures, the clinic's revision after them, and the appointments that they leave before closed doors.

    ``known`` are holidays on file already. After a dry run nothing of it is stored and the revision is unchanged.
    """

    closures: tuple[Closure, ...]
    revision: int
    affected: tuple[Affected, ...]
    known: int = 0


def close(
    context: Context, *, clinic_id: UUID, starts_on: date, ends_on: date, label: str, seen: int | None
) -> ClosuresAdded:
    """Close a clinic on these dates. Raises ``NotFound``, ``Stale``, and ``Invalid`` when they are reversed."""
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    if ends_on < starts_on:
        raise Invalid("A closure must not end before it starts.", code="dates_reversed")
    clinic = locked_clinic(context, clinic_id, seen)
    return _add(context, clinic, [_row(context, clinic, starts_on, ends_on, label, ClosureSource.STAFF)])


def reopen(context: Context, *, clinic_id: UUID, closure_id: UUID, seen: int | None) -> int:
    """Take a closure back; returns the clinic's new revision. Raises ``NotFound``, ``Stale``."""
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    clinic = locked_clinic(context, clinic_id, seen)
    row = context.tx.get(ClosureRow, closure_id)
    if row is None or row.clinic_id != clinic_id:
        raise NotFound("There is no such closure.", closure_id=str(closure_id))
    context.tx.delete(row)
    clinic.revision += 1
    context.tx.flush()
    record(context, "clinic_reopened", "clinic", clinic_id, clinic_id=clinic_id, closures=_dates([row]))
    return clinic.revision


def close_on_holidays(
    context: Context, *, clinic_id: UUID, years: Collection[int], seen: int | None, dry_run: bool = False
) -> ClosuresAdded:
    """Close a clinic on the public holidays of its country and region in these years.

    A date that a holiday closes already is left as it is, so that a second run adds nothing. Raises ``NotFound``,
    ``Stale``, and ``Invalid`` for a country that is not covered.
    """
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    clinic = locked_clinic(context, clinic_id, seen)
    found = public_holidays(clinic.country, clinic.region, years)
    known = _holidays_on_file(context, clinic_id)
    rows = [_row(context, clinic, on, on, label, ClosureSource.HOLIDAY) for on, label in found if on not in known]
    if dry_run or not rows:
        return _told(context, clinic, rows, len(found) - len(rows))
    return _add(context, clinic, rows, len(found) - len(rows))


def list_closures(context: Context, *, clinic_id: UUID, after: UUID | None = None, limit: int = 25) -> Page[Closure]:
    """The closures of a clinic that are not over, by date, a page at a time. Raises ``NotFound``."""
    require(context.actor, Action.SEE_CATALOGUE)
    today = clinic_date(context.now, clinic_of(context, clinic_id).zone)
    coming = (ClosureRow.clinic_id == clinic_id, ClosureRow.ends_on >= today)
    query = select(ClosureRow).where(*coming).order_by(ClosureRow.starts_on, ClosureRow.id)
    if after is not None:
        last = aliased(ClosureRow)
        start = select(last.starts_on).where(last.id == after).scalar_subquery()
        query = query.where(tuple_(ClosureRow.starts_on, ClosureRow.id) > tuple_(start, after))
    found = [Closure.of(row) for row in context.tx.scalars(query.limit(limit + 1))]
    return page_of(found, limit, lambda closure: closure.id)


def _row(
    context: Context, clinic: ClinicRow, starts_on: date, ends_on: date, label: str, source: ClosureSource
) -> ClosureRow:
    return ClosureRow(
        id=new_id(),
        organisation_id=clinic.organisation_id,
        clinic_id=clinic.id,
        starts_on=starts_on,
        ends_on=ends_on,
        label=label,
        source=source,
        created_by=context.actor.user_id,
    )


def _holidays_on_file(context: Context, clinic_id: UUID) -> set[date]:
    mine = (ClosureRow.clinic_id == clinic_id, ClosureRow.source == ClosureSource.HOLIDAY)
    return set(context.tx.scalars(select(ClosureRow.starts_on).where(*mine)))


def _add(context: Context, clinic: ClinicRow, rows: Sequence[ClosureRow], known: int = 0) -> ClosuresAdded:
    context.tx.add_all(rows)
    clinic.revision += 1
    context.tx.flush()
    record(context, "clinic_closed", "clinic", clinic.id, clinic_id=clinic.id, closures=_dates(rows))
    return _told(context, clinic, rows, known)


def _told(context: Context, clinic: ClinicRow, rows: Sequence[ClosureRow], known: int) -> ClosuresAdded:
    affected = affected_by_closures(context, clinic.id, [(row.starts_on, row.ends_on) for row in rows])
    return ClosuresAdded(tuple(map(Closure.of, rows)), clinic.revision, affected, known)


def _dates(rows: Sequence[ClosureRow]) -> list[list[str]]:
    return [[row.starts_on.isoformat(), row.ends_on.isoformat(), row.label] for row in rows]
