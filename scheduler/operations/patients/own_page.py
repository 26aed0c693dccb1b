"""Own page: what one patient may see of what is theirs, read in a few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.rosters import WeeklyHours
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context, home_clinic
from scheduler.operations.holds.hold_sheets import HoldFilter, list_holds
from scheduler.operations.messages.move_requests import waits
from scheduler.operations.messages.patient_visits import PatientVisit, clinics_of, patient_visits
from scheduler.operations.patients.patient_history import (
    PastOrComing,
    PatientSeries,
    appointments_of_patient,
    series_of_patient,
)
from scheduler.operations.patients.patients import Patient, get_patient
from scheduler.storage.rows import AppointmentRow, MoveRequestRow, OpeningHoursRow

BLOCKING = (HoldFilter.PROPOSED, HoldFilter.ACTIVE)


@dataclass(frozen=True, slots=True)
class OwnClinic:
    """Where to come, when somebody is there, and whom to call."""

    name: str
    zone: str
    address: str
    phone: str
    opening: tuple[WeeklyHours, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The patient, the appointments by start, the visits as the patient sees them, by id, and what is open.

    ``series`` is the one that the next appointment belongs to, else the latest. ``asked`` are the appointments for
    which another time was asked for.
    """

    patient: Patient
    clinic: OwnClinic
    appointments: tuple[PastOrComing, ...]
    visits: Mapping[UUID, PatientVisit]
    series: PatientSeries | None
    next: PastOrComing | None
    last: PastOrComing | None
    asked: frozenset[UUID]
    on_hold: bool


def own_page(context: Context) -> OwnPage:
    """All that the page of the acting patient shows. Raises ``NotFound``."""
    patient_id = context.actor.patient_id or UUID(int=0)
    patient = get_patient(context, patient_id=patient_id)
    found = appointments_of_patient(context, patient_id=patient_id)
    coming = [one for one in found if one.status is AppointmentStatus.BOOKED and one.starts_at > context.now]
    done = [one for one in found if one.status is AppointmentStatus.FULFILLED]
    visits = patient_visits(context.tx, patient_id, [one.id for one in done[-1:]], context.now)
    soonest = coming[0] if coming else None
    return OwnPage(
        patient=patient,
        clinic=_clinic(context, found, soonest),
        appointments=found,
        visits=visits,
        series=_series(series_of_patient(context, patient_id=patient_id), soonest),
        next=soonest,
        last=done[-1] if done else None,
        asked=_asked(context, patient_id),
        on_hold=bool(list_holds(context, states=BLOCKING, limit=1).items),
    )


def _series(found: Sequence[PatientSeries], soonest: PastOrComing | None) -> PatientSeries | None:
    own = (one for one in found if soonest and one.id == soonest.series_id)
    return next(own, next((one for one in found if one.is_running), found[0] if found else None))


def _clinic(context: Context, found: Sequence[PastOrComing], soonest: PastOrComing | None) -> OwnClinic:
    """The clinic of the next appointment, else of the last one, else the organisation's first."""
    about = soonest or (found[-1] if found else None)
    id_ = context.tx.scalar(select(AppointmentRow.clinic_id).where(AppointmentRow.id == about.id)) if about else None
    id_ = id_ or home_clinic(context)
    row = clinics_of(context.tx, [id_])[id_]
    return OwnClinic(row.name, row.zone, row.address, row.phone, _opening(context, id_))


def _opening(context: Context, clinic_id: UUID) -> tuple[WeeklyHours, ...]:
    hours = OpeningHoursRow
    query = select(hours.weekday, hours.opens_minute, hours.closes_minute).where(hours.clinic_id == clinic_id)
    rows = context.tx.execute(query.order_by(hours.weekday, hours.opens_minute))
    return tuple(WeeklyHours(weekday, (opens, closes)) for weekday, opens, closes in rows)


def _asked(context: Context, patient_id: UUID) -> frozenset[UUID]:
    query = (
        select(MoveRequestRow.appointment_id)
        .join(AppointmentRow, AppointmentRow.id == MoveRequestRow.appointment_id)
        .where(MoveRequestRow.patient_id == patient_id, waits(context))
    )
    return frozenset(context.tx.scalars(query))
