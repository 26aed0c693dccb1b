"""Working time as it is stored: the hours of a clinic and its resources, read in a constant number of queries."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
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


# Statements of the hot path are built once: to build one costs more than to run it.
_IDS = bindparam("ids", expanding=True)
_AT_CLINIC = OpeningHoursRow.clinic_id == bindparam("clinic")
_ZONE = select(ClinicRow.zone).where(ClinicRow.id == bindparam("clinic"))
_OPENING = select(OpeningHoursRow.weekday, OpeningHoursRow.opens_minute, OpeningHoursRow.closes_minute).where(
    _AT_CLINIC
)
_CLOSURES = select(ClosureRow.starts_on, ClosureRow.ends_on).where(
    ClosureRow.clinic_id == bindparam("clinic"),
    ClosureRow.ends_on >= bindparam("first"),
    ClosureRow.starts_on <= bindparam("last"),
)
_RESOURCES = select(ResourceRow.id, ResourceRow.clinic_id, ResourceRow.active, ResourceRow.roster_until).where(
    ResourceRow.id.in_(_IDS)
)
_WEEKLY = select(
    WorkingHoursRow.resource_id,
    WorkingHoursRow.clinic_id,
    WorkingHoursRow.weekday,
    WorkingHoursRow.starts_minute,
    WorkingHoursRow.ends_minute,
    WorkingHoursRow.valid_from,
    WorkingHoursRow.valid_until,
).where(WorkingHoursRow.resource_id.in_(_IDS))
_DAYS = select(
    RosterDayRow.resource_id,
    RosterDayRow.clinic_id,
    RosterDayRow.on_date,
    RosterDayRow.starts_minute,
    RosterDayRow.ends_minute,
).where(RosterDayRow.resource_id.in_(_IDS), RosterDayRow.on_date.between(bindparam("first"), bindparam("last")))
_ABSENCES = select(AbsenceRow.resource_id, AbsenceRow.starts_at, AbsenceRow.ends_at).where(
    AbsenceRow.resource_id.in_(_IDS), AbsenceRow.ends_at > bindparam("begin"), AbsenceRow.starts_at < bindparam("end")
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
