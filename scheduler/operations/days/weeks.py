"""Weeks: seven days of one practitioner, each as the front desk sees a day with nobody else in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import NotAllowed, NotFound
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.days.day_appointments import DayAppointment, appointments_of_practitioner
from scheduler.operations.days.day_columns import Column, columns_by_day
from scheduler.operations.days.days import Day, PractitionerDay
from scheduler.operations.places.locked_hours import resource_of
from scheduler.operations.places.resource_names import resource_names
from scheduler.storage.rows import ClinicRow
from scheduler.storage.working_time import clinic_hours

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """One practitioner's days at a clinic, Monday first. Each has one column: theirs."""

    resource_id: UUID
    name: str
    zone: str
    days: tuple[Day, ...]


def show_week(context: Context, *, clinic_id: UUID, resource_id: UUID, on: date) -> Week:
    """The week of a practitioner in which a date lies. Raises ``NotFound``, and ``NotAllowed`` for a patient."""
    if require(context.actor, Action.SEE_SCHEDULE) is Allowance.OWN:
        raise NotAllowed("The week of a practitioner is for the staff.", action=Action.SEE_SCHEDULE.value)
    clinic, person = clinic_of(context, clinic_id), resource_of(context, resource_id)
    if person.kind is not ResourceKind.PRACTITIONER:
        raise NotFound("There is no such practitioner.", resource_id=str(resource_id))
    first = on - timedelta(on.weekday())
    hours = clinic_hours(context.tx, clinic_id, first, first + timedelta(DAYS - 1))
    columns = columns_by_day(context, clinic_id, hours, person, [first + timedelta(number) for number in range(DAYS)])
    booked = appointments_of_practitioner(context, clinic_id, resource_id, first, first + timedelta(DAYS - 1))
    rooms = _rooms(context, booked)
    days = (_day(clinic, one, column, booked, rooms) for one, column in columns.items())
    return Week(resource_id, person.name, clinic.zone, tuple(days))


def _rooms(context: Context, booked: Sequence[DayAppointment]) -> tuple[Column, ...]:
    names = resource_names(context, {one.room_id for one in booked if one.room_id})
    return tuple(Column(id_, ResourceKind.ROOM, name, (), ()) for id_, name in names.items())


def _day(
    clinic: ClinicRow, on: date, column: Column, booked: Sequence[DayAppointment], rooms: tuple[Column, ...]
) -> Day:
    begins_at, ends_at = day_bounds(on, clinic.zone)
    own = tuple(one for one in booked if begins_at <= one.starts_at < ends_at)
    return Day(
        clinic_id=clinic.id,
        clinic=clinic.name,
        zone=clinic.zone,
        on=on,
        begins_at=begins_at,
        ends_at=ends_at,
        opening=(),
        closures=(),
        practitioners=(PractitionerDay(column, own),),
        unassigned=(),
        rooms=rooms,
        devices=(),
    )
