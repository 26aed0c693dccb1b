"""Working time as it is stored: the hours of a clinic and its resources, read in a constant number of queries."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.rosters import ClinicHours, Instants, Minutes, Roster, WeeklyHours, dates, working_time
from scheduler.storage.rows import (
    AbsenceRow,
    ClinicRow,
    ClosureRow,
    OpeningHoursRow,
    ResourceRow,
    RosterDayRow,
    WorkingHoursRow,
)


def working_stretches(
    tx: Transaction, clinic_id: UUID, resource_ids: Collection[UUID], first: date, last: date
) -> dict[UUID, list[Instants]]:
    """For each resource the UTC stretches in which it works at the clinic on the dates ``first`` to ``last``.

    Sorted and disjoint; none for a resource that is no longer in use. Raises ``NoResultFound`` for an unknown clinic.
    """
    hours = clinic_hours(tx, clinic_id, first, last)
    usual = working_time(hours, Roster(), first, last)
    return {
        resource_id: usual if roster == Roster() else working_time(hours, roster, first, last)
        for resource_id, roster in rosters(tx, clinic_id, hours.zone, resource_ids, first, last).items()
    }


def clinic_hours(tx: Transaction, clinic_id: UUID, first: date, last: date) -> ClinicHours:
    """When a clinic is open, with its closures on the dates ``first`` to ``last``."""
    zone = tx.execute(select(ClinicRow.zone).where(ClinicRow.id == clinic_id)).scalar_one()
    opening = (OpeningHoursRow.weekday, OpeningHoursRow.opens_minute, OpeningHoursRow.closes_minute)
    week = tx.execute(select(*opening).where(OpeningHoursRow.clinic_id == clinic_id)).all()
    closures = select(ClosureRow.starts_on, ClosureRow.ends_on).where(
        ClosureRow.clinic_id == clinic_id, ClosureRow.ends_on >= first, ClosureRow.starts_on <= last
    )
    closed = {on for row in tx.execute(closures) for on in dates(max(row.starts_on, first), min(row.ends_on, last))}
    weekly = tuple(WeeklyHours(row.weekday, (row.opens_minute, row.closes_minute)) for row in week)
    return ClinicHours(zone, weekly, frozenset(closed))


def rosters(
    tx: Transaction, clinic_id: UUID, zone: str, resource_ids: Collection[UUID], first: date, last: date
) -> dict[UUID, Roster]:
    """Each resource's roster at a clinic, with single dates and absences on the dates ``first`` to ``last``."""
    columns = (ResourceRow.id, ResourceRow.clinic_id, ResourceRow.active, ResourceRow.roster_until)
    resources = tx.execute(select(*columns).where(ResourceRow.id.in_(resource_ids))).all()
    weeks = _by_resource(_weekly_hours(tx, clinic_id, resource_ids))
    days = _by_resource(_single_days(tx, clinic_id, resource_ids, first, last))
    absences = _by_resource(_absences(tx, zone, resource_ids, first, last))
    return {
        row.id: Roster(
            week=tuple(weeks.get(row.id, ())),
            days=_minutes_by_date(days.get(row.id, ())),
            published_until=row.roster_until,
            absences=tuple(absences.get(row.id, ())),
            at_home=row.clinic_id == clinic_id,
        )
        for row in resources
        if row.active
    } | {row.id: Roster(at_home=False) for row in resources if not row.active}


def _weekly_hours(
    tx: Transaction, clinic_id: UUID, resource_ids: Collection[UUID]
) -> Iterable[tuple[UUID, WeeklyHours]]:
    """The usual weeks, at this clinic and elsewhere: hours elsewhere mean that the clinic's own do not apply."""
    hours = WorkingHoursRow
    columns = (
        hours.resource_id,
        hours.clinic_id,
        hours.weekday,
        hours.starts_minute,
        hours.ends_minute,
        hours.valid_from,
        hours.valid_until,
    )
    for row in tx.execute(select(*columns).where(hours.resource_id.in_(resource_ids))):
        minutes = (row.starts_minute, row.ends_minute)
        here = row.clinic_id == clinic_id
        yield row.resource_id, WeeklyHours(row.weekday, minutes, row.valid_from, row.valid_until, here)


def _single_days(
    tx: Transaction, clinic_id: UUID, resource_ids: Collection[UUID], first: date, last: date
) -> Iterable[tuple[UUID, tuple[date, Minutes | None]]]:
    """The dates that differ; without minutes where the resource does not work at this clinic."""
    day = RosterDayRow
    columns = (day.resource_id, day.clinic_id, day.on_date, day.starts_minute, day.ends_minute)
    query = select(*columns).where(day.resource_id.in_(resource_ids), day.on_date.between(first, last))
    for row in tx.execute(query):
        works = row.starts_minute is not None and row.clinic_id == clinic_id
        yield row.resource_id, (row.on_date, (row.starts_minute, row.ends_minute) if works else None)


def _absences(
    tx: Transaction, zone: str, resource_ids: Collection[UUID], first: date, last: date
) -> Iterable[tuple[UUID, Instants]]:
    begin, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    columns = (AbsenceRow.resource_id, AbsenceRow.starts_at, AbsenceRow.ends_at)
    query = select(*columns).where(
        AbsenceRow.resource_id.in_(resource_ids), AbsenceRow.ends_at > begin, AbsenceRow.starts_at < end
    )
    for row in tx.execute(query):
        yield row.resource_id, (row.starts_at, row.ends_at)


def _by_resource(pairs: Iterable[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for resource_id, value in pairs:
        found.setdefault(resource_id, []).append(value)
    return found


def _minutes_by_date(days: Iterable[tuple[date, Minutes | None]]) -> dict[date, tuple[Minutes, ...]]:
    found: dict[date, tuple[Minutes, ...]] = {}
    for on, minutes in days:
        found[on] = (*found.get(on, ()), minutes) if minutes else found.get(on, ())
    return found
