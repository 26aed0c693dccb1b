"""Working time as it is stored: the hours of a clinic and its resources, read in a constant number of queries."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
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
    table,
)

ABSENCES = table(AbsenceRow)
CLINICS = table(ClinicRow)
CLOSURES = table(ClosureRow)
OPENING_HOURS = table(OpeningHoursRow)
RESOURCES = table(ResourceRow)
ROSTER_DAYS = table(RosterDayRow)
WORKING_HOURS = table(WorkingHoursRow)

# Statements of the hot path are built once: to build one costs more than to run it.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_AT_CLINIC = OPENING_HOURS.c.clinic_id == bindparam("clinic")
_ZONE = select(CLINICS.c.zone).where(CLINICS.c.id == bindparam("clinic"))
_OPENING = select(OPENING_HOURS.c.weekday, OPENING_HOURS.c.opens_minute, OPENING_HOURS.c.closes_minute).where(
    _AT_CLINIC
)
_CLOSURES = select(CLOSURES.c.starts_on, CLOSURES.c.ends_on).where(
    CLOSURES.c.clinic_id == bindparam("clinic"),
    CLOSURES.c.ends_on >= bindparam("first"),
    CLOSURES.c.starts_on <= bindparam("last"),
)
_RESOURCES = select(RESOURCES.c.id, RESOURCES.c.clinic_id, RESOURCES.c.active, RESOURCES.c.roster_until).where(
    RESOURCES.c.id.in_(_IDS)
)
_WEEKLY = select(
    WORKING_HOURS.c.resource_id,
    WORKING_HOURS.c.clinic_id,
    WORKING_HOURS.c.weekday,
    WORKING_HOURS.c.starts_minute,
    WORKING_HOURS.c.ends_minute,
    WORKING_HOURS.c.valid_from,
    WORKING_HOURS.c.valid_until,
).where(WORKING_HOURS.c.resource_id.in_(_IDS))
_DAYS = select(
    ROSTER_DAYS.c.resource_id,
    ROSTER_DAYS.c.clinic_id,
    ROSTER_DAYS.c.on_date,
    ROSTER_DAYS.c.starts_minute,
    ROSTER_DAYS.c.ends_minute,
).where(ROSTER_DAYS.c.resource_id.in_(_IDS), ROSTER_DAYS.c.on_date.between(bindparam("first"), bindparam("last")))
_ABSENCES = select(ABSENCES.c.resource_id, ABSENCES.c.starts_at, ABSENCES.c.ends_at).where(
    ABSENCES.c.resource_id.in_(_IDS), ABSENCES.c.ends_at > bindparam("begin"), ABSENCES.c.starts_at < bindparam("end")
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
    asked = {"clinic": clinic_id, "first": first, "last": last}
    zone = tx.execute(_ZONE, asked).scalar_one()
    week = tx.execute(_OPENING, asked).all()
    closed = {
        on for row in tx.execute(_CLOSURES, asked) for on in dates(max(row.starts_on, first), min(row.ends_on, last))
    }
    weekly = tuple(WeeklyHours(row.weekday, (row.opens_minute, row.closes_minute)) for row in week)
    return ClinicHours(zone, weekly, frozenset(closed))


def rosters(
    tx: Transaction, clinic_id: UUID, zone: str, resource_ids: Collection[UUID], first: date, last: date
) -> dict[UUID, Roster]:
    """Each resource's roster at a clinic, with single dates and absences on the dates ``first`` to ``last``."""
    resources = tx.execute(_RESOURCES, {"ids": list(resource_ids)}).all()
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
    for row in tx.execute(_WEEKLY, {"ids": list(resource_ids)}):
        minutes = (row.starts_minute, row.ends_minute)
        here = row.clinic_id == clinic_id
        yield row.resource_id, WeeklyHours(row.weekday, minutes, row.valid_from, row.valid_until, here)


def _single_days(
    tx: Transaction, clinic_id: UUID, resource_ids: Collection[UUID], first: date, last: date
) -> Iterable[tuple[UUID, tuple[date, Minutes | None]]]:
    """The dates that differ; without minutes where the resource does not work at this clinic."""
    for row in tx.execute(_DAYS, {"ids": list(resource_ids), "first": first, "last": last}):
        works = row.starts_minute is not None and row.clinic_id == clinic_id
        yield row.resource_id, (row.on_date, (row.starts_minute, row.ends_minute) if works else None)


def _absences(
    tx: Transaction, zone: str, resource_ids: Collection[UUID], first: date, last: date
) -> Iterable[tuple[UUID, Instants]]:
    begin, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    for row in tx.execute(_ABSENCES, {"ids": list(resource_ids), "begin": begin, "end": end}):
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
