"""Days: one date of a clinic as the front desk sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import NotAllowed
from scheduler.domain.rosters import Instants, open_time
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.days.day_appointments import DayAppointment, day_appointments
from scheduler.operations.days.day_columns import Column, day_columns
from scheduler.operations.days.delays import delays_on
from scheduler.storage.rows import ClosureRow
from scheduler.storage.working_time import clinic_hours


@dataclass(frozen=True, slots=True)
class PractitionerDay:
    """A practitioner's column and appointments, by start. ``delay`` is by how many minutes they run late."""

    column: Column
    appointments: tuple[DayAppointment, ...]
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A clinic's day between two UTC instants, its local midnights.

    ``opening`` are the stretches in which the clinic is open, ``closures`` the labels of what closes it.
    ``unassigned`` are appointments that need no practitioner.
    """

    clinic_id: UUID
    clinic: str
    zone: str
    on: date
    begins_at: datetime
    ends_at: datetime
    opening: tuple[Instants, ...]
    closures: tuple[str, ...]
    practitioners: tuple[PractitionerDay, ...]
    unassigned: tuple[DayAppointment, ...]
    rooms: tuple[Column, ...]
    devices: tuple[Column, ...]


def show_day(context: Context, *, clinic_id: UUID, on: date) -> Day:
    """One date of a clinic. Raises ``NotFound``, and ``NotAllowed`` for a patient."""
    if require(context.actor, Action.SEE_SCHEDULE) is Allowance.OWN:
        raise NotAllowed("The day of a clinic is for its staff.", action=Action.SEE_SCHEDULE.value)
    clinic = clinic_of(context, clinic_id)
    hours = clinic_hours(context.tx, clinic_id, on, on)
    appointments = day_appointments(context, clinic_id, on)
    columns = day_columns(context, clinic_id, hours, on, _booked(appointments))
    begins_at, ends_at = day_bounds(on, clinic.zone)
    people = [column for column in columns if column.kind is ResourceKind.PRACTITIONER]
    treated_by, delays = _by_practitioner(appointments), delays_on(context, on)
    return Day(
        clinic_id=clinic_id,
        clinic=clinic.name,
        zone=clinic.zone,
        on=on,
        begins_at=begins_at,
        ends_at=ends_at,
        opening=tuple(open_time(hours, on, on)),
        closures=_closures(context, clinic_id, on),
        practitioners=tuple(
            PractitionerDay(one, tuple(treated_by.get(one.resource_id, ())), delays.get(one.resource_id, 0))
            for one in people
        ),
        unassigned=tuple(treated_by.get(None, ())),
        rooms=tuple(column for column in columns if column.kind is ResourceKind.ROOM),
        devices=tuple(column for column in columns if column.kind is ResourceKind.DEVICE),
    )


def _by_practitioner(appointments: Iterable[DayAppointment]) -> dict[UUID | None, list[DayAppointment]]:
    found: dict[UUID | None, list[DayAppointment]] = {}
    for one in appointments:
        found.setdefault(one.practitioner_id, []).append(one)
    return found


def _booked(appointments: tuple[DayAppointment, ...]) -> set[UUID]:
    used = (resource for one in appointments for resource in (one.practitioner_id, one.room_id, one.device_id))
    return {resource for resource in used if resource is not None}


def _closures(context: Context, clinic_id: UUID, on: date) -> tuple[str, ...]:
    return tuple(context.tx.connection().execute(_CLOSURES, {"clinic": clinic_id, "on": on}).scalars())


_CLOSURES = (
    select(ClosureRow.label)
    .where(ClosureRow.clinic_id == bindparam("clinic"))
    .where(ClosureRow.starts_on <= bindparam("on"), ClosureRow.ends_on >= bindparam("on"))
    .order_by(ClosureRow.starts_on, ClosureRow.id)
)
