"""Patient history: what somebody has had and will have, as the front desk and the patient look at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import LIVE, AppointmentStatus, SeriesState
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import (
    AppointmentRow,
    ClinicRow,
    PatientAnswer,
    ResourceRow,
    SeriesRow,
    SessionRow,
)

MOST = 200
"""So many appointments, and so many series, are shown of one patient at most: the latest."""

A, S, N = AppointmentRow, SeriesRow, SessionRow


@dataclass(frozen=True, slots=True)
class PastOrComing:
    """One appointment. Instants are UTC, ``on`` is the clinic date, ``zone`` the clinic's.

    ``treatment`` is as the catalogue has it, in English; ``session`` is ``None`` for a single visit.
    """

    id: UUID
    series_id: UUID | None
    session: int | None
    treatment: str
    status: AppointmentStatus
    starts_at: datetime
    ends_at: datetime
    on: date
    zone: str
    clinic: str
    practitioner: str | None
    at_risk: bool
    answer: PatientAnswer

    def is_to_come(self, now: datetime) -> bool:
        """Whether it still stands and has not ended."""
        return self.status in LIVE and self.ends_at > now


@dataclass(frozen=True, slots=True)
class PatientSeries:
    """One series: how many sessions it has, how many are ``done``, and how many have an appointment to come."""

    id: UUID
    treatment: str
    sites: tuple[str, ...]
    state: SeriesState
    sessions: int
    done: int
    booked: int

    @property
    def is_running(self) -> bool:
        return self.state in (SeriesState.DRAFT, SeriesState.ACTIVE)


_PRACTITIONER = aliased(ResourceRow)
_APPOINTMENTS = (
    select(A.id, A.series_id, N.number, A.status, A.starts_at, A.ends_at, A.on_date, A.at_risk, A.patient_answer)
    .add_columns(A.visit_type_id, S.protocol_id, ClinicRow.zone, ClinicRow.name.label("clinic"))
    .add_columns(_PRACTITIONER.name.label("practitioner"))
    .join(ClinicRow, ClinicRow.id == A.clinic_id)
    .outerjoin(N, N.id == A.session_id)
    .outerjoin(S, S.id == A.series_id)
    .outerjoin(_PRACTITIONER, _PRACTITIONER.id == A.practitioner_id)
    .where(A.patient_id == bindparam("patient"), A.organisation_id == bindparam("organisation"))
    .where(A.status != AppointmentStatus.ENTERED_IN_ERROR)
    .order_by(A.starts_at.desc(), A.id.desc())
    .limit(MOST)
)

_booked = exists().where(A.session_id == N.id, A.status.in_(LIVE))
_SERIES = (
    select(S.id, S.protocol_id, S.sites, S.state, func.count(N.id).label("sessions"))
    .add_columns(func.sum(case((N.performed_on.is_not(None), 1), else_=0)).label("done"))
    .add_columns(func.sum(case((and_(N.performed_on.is_(None), _booked), 1), else_=0)).label("booked"))
    .join(N, N.series_id == S.id)
    .where(S.patient_id == bindparam("patient"), S.organisation_id == bindparam("organisation"))
    .where(S.state != SeriesState.ENTERED_IN_ERROR)
    .group_by(S.id)
    .order_by(S.created_at.desc(), S.id.desc())
    .limit(MOST)
)


def appointments_of_patient(context: Context, *, patient_id: UUID) -> tuple[PastOrComing, ...]:
    """The patient's latest appointments, cancelled ones included, by start. Raises ``NotFound``, ``NotAllowed``."""
    _require(context, patient_id)
    rows = _read(context, _APPOINTMENTS, patient_id)
    return tuple(_appointment(context.tx, row) for row in reversed(list(rows)))


def series_of_patient(context: Context, *, patient_id: UUID) -> tuple[PatientSeries, ...]:
    """The patient's latest series, the newest first. Raises ``NotFound``, ``NotAllowed``."""
    _require(context, patient_id)
    return tuple(_series(context.tx, row) for row in _read(context, _SERIES, patient_id))


def _require(context: Context, patient_id: UUID) -> None:
    own = require(context.actor, Action.SEE_PATIENTS) is Allowance.OWN
    if own and context.actor.patient_id != patient_id:
        raise NotFound("There is no such patient.", patient_id=str(patient_id))


def _read(context: Context, query: Any, patient_id: UUID) -> Iterable[Any]:
    asked = {"patient": patient_id, "organisation": context.organisation_id}
    found: Iterable[Any] = context.tx.execute(query, asked).all()
    return found


def _appointment(tx: Transaction, row: Any) -> PastOrComing:
    return PastOrComing(
        id=row.id,
        series_id=row.series_id,
        session=row.number,
        treatment=_treatment(tx, row),
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        on=row.on_date,
        zone=row.zone,
        clinic=row.clinic,
        practitioner=row.practitioner,
        at_risk=row.at_risk,
        answer=row.patient_answer,
    )


def _treatment(tx: Transaction, row: Any) -> str:
    if row.visit_type_id:
        return entries.visit_type(tx, row.visit_type_id).name
    return entries.protocol(tx, row.protocol_id).name


def _series(tx: Transaction, row: Any) -> PatientSeries:
    return PatientSeries(
        id=row.id,
        treatment=entries.protocol(tx, row.protocol_id).name,
        sites=tuple(row.sites),
        state=row.state,
        sessions=row.sessions,
        done=int(row.done),
        booked=int(row.booked),
    )
