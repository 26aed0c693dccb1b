"""Day appointments: what takes place at a clinic on one date, as the front desk reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, PatientAnswer, PatientRow, SeriesRow, SessionRow

A = AppointmentRow
GONE = (AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR)


@dataclass(frozen=True, slots=True)
class DayPhase:
    """One phase between two UTC instants, and what it needs."""

    name: str
    starts_at: datetime
    ends_at: datetime
    needs: tuple[ResourceKind, ...]
    needs_patient: bool


@dataclass(frozen=True, slots=True)
class DayAppointment:
    """One appointment of a day. ``session`` of ``sessions`` when it belongs to a series.

    ``treatment`` is the name of the protocol or visit type. ``to_decide`` marks an import that breaks a rule.
    ``revision`` is what a change of it must name: the series' revision, or a visit's sequence.
    """

    id: UUID
    patient_id: UUID
    patient: str
    phone: str | None
    series_id: UUID | None
    session: int | None
    sessions: int | None
    treatment: str
    status: AppointmentStatus
    patient_answer: PatientAnswer
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    practitioner_id: UUID | None
    room_id: UUID | None
    device_id: UUID | None
    at_risk: bool
    risk_reason: str | None
    to_decide: bool
    phases: tuple[DayPhase, ...]
    revision: int


def day_appointments(context: Context, clinic_id: UUID, on: date) -> tuple[DayAppointment, ...]:
    """The appointments at a clinic on a date, by start, save those that were called off or entered in error."""
    return _made(context, context.tx.connection().execute(_OF_DAY, {"clinic": clinic_id, "on": on}).all())


def appointments_of_practitioner(
    context: Context, clinic_id: UUID, resource_id: UUID, first: date, last: date
) -> tuple[DayAppointment, ...]:
    """The same for one practitioner, on the clinic dates ``first`` to ``last``."""
    asked = {"clinic": clinic_id, "practitioner": resource_id, "first": first, "last": last}
    return _made(context, context.tx.connection().execute(_OF_PRACTITIONER, asked).all())


def _made(context: Context, rows: Sequence[Any]) -> tuple[DayAppointment, ...]:
    treatments = {key: _treatment(context, *key) for key in {_key(row) for row in rows}}
    return tuple(_appointment(row, *treatments[_key(row)]) for row in rows)


COLUMNS: tuple[Any, ...] = (
    A.id,
    A.patient_id,
    PatientRow.name.label("patient"),
    PatientRow.phone,
    A.series_id,
    SessionRow.number,
    A.visit_type_id,
    A.status,
    A.patient_answer,
    A.starts_at,
    A.ends_at,
    A.arrived_at,
    A.practitioner_id,
    A.room_id,
    A.device_id,
    A.at_risk,
    A.risk_reason,
    A.import_note,
    A.treatment_extra,
    A.sequence,
    SeriesRow.protocol_id,
    SeriesRow.sites,
    SeriesRow.addons,
    SeriesRow.revision,
)
_COUNTED = aliased(SessionRow)
_SESSIONS = select(func.count()).where(_COUNTED.series_id == A.series_id).scalar_subquery()
# Built once: to build a statement of this size costs more than to run it.
_ANY_DAY = (
    select(*COLUMNS, _SESSIONS.label("sessions"))
    .join(PatientRow, PatientRow.id == A.patient_id)
    .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
    .outerjoin(SessionRow, SessionRow.id == A.session_id)
    .where(A.clinic_id == bindparam("clinic"), A.status.not_in(GONE))
    .order_by(A.starts_at, A.id)
)
_OF_DAY = _ANY_DAY.where(A.on_date == bindparam("on"))
_OF_PRACTITIONER = _ANY_DAY.where(
    A.practitioner_id == bindparam("practitioner"), A.on_date.between(bindparam("first"), bindparam("last"))
)


Needs = tuple[tuple[ResourceKind, ...], bool]
Step = tuple[str, timedelta, timedelta, Needs]
"""A phase as all appointments of one kind have it: when it begins and ends after the appointment's start."""


def _appointment(row: Any, treatment: str, steps: tuple[Step, ...]) -> DayAppointment:
    at = row.starts_at
    return DayAppointment(
        id=row.id,
        patient_id=row.patient_id,
        patient=row.patient,
        phone=row.phone,
        series_id=row.series_id,
        session=row.number,
        sessions=row.sessions if row.series_id else None,
        treatment=treatment,
        status=row.status,
        patient_answer=row.patient_answer,
        starts_at=at,
        ends_at=row.ends_at,
        arrived_at=row.arrived_at,
        practitioner_id=row.practitioner_id,
        room_id=row.room_id,
        device_id=row.device_id,
        at_risk=row.at_risk,
        risk_reason=row.risk_reason,
        to_decide=row.import_note is not None,
        phases=tuple([DayPhase(name, at + first, at + last, *needs) for name, first, last, needs in steps]),
        revision=row.sequence if row.series_id is None else row.revision,
    )


Key = tuple[bool, UUID, tuple[str, ...], tuple[str, ...], int]


def _key(row: Any) -> Key:
    """What decides an appointment's phases; many of a day have the same."""
    if row.visit_type_id is not None:
        return True, row.visit_type_id, (), (), 0
    return False, row.protocol_id, tuple(row.sites), tuple(row.addons), row.treatment_extra


def _treatment(
    context: Context, is_visit: bool, entry_id: UUID, sites: tuple[str, ...], addons: tuple[str, ...], extra: int
) -> tuple[str, tuple[Step, ...]]:
    """The name of what is done, and its steps. Each version of the catalogue is read once in a process."""
    if is_visit:
        visit_type = entries.visit_type(context.tx, entry_id)
        return visit_type.name, tuple(_steps(visit_type.phases))
    protocol = entries.protocol(context.tx, entry_id)
    return protocol.name, tuple(_steps(protocol.phases_for(sites, addons, extra)))


def _steps(phases: tuple[Phase, ...]) -> Iterator[Step]:
    """The phases one after another; those of no minutes are left out."""
    at = timedelta()
    for phase in phases:
        end = at + timedelta(minutes=phase.minutes)
        if end > at:
            needs = tuple(kind for kind in ResourceKind if kind in phase.needs)
            yield phase.name, at, end, (needs, phase.needs_patient)
        at = end
