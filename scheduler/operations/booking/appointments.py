"""Appointments, looked at: one, or many of a patient, a day or a practitioner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import eq, ge, le
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, Allowance, allowance, require
from scheduler.domain.changes import CancelReason
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.storage.rows import (
    AppointmentRow,
    CatalogueEntryRow,
    ClinicRow,
    PatientAnswer,
    SeriesRow,
    SessionRow,
)

A = AppointmentRow


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment as it stands. Instants are UTC, ``on_date`` is the clinic date, ``zone`` the clinic's.

    ``visit_type`` is set for a visit outside a series, ``series_id`` and ``session`` for a session. ``revision`` is
    what a change of it must name: the series' revision, or a visit's sequence.
    """

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    series_id: UUID | None
    session: int | None
    visit_type: str | None
    status: AppointmentStatus
    cancel_reason: CancelReason | None
    starts_at: datetime
    ends_at: datetime
    on_date: date
    zone: str
    practitioner_id: UUID | None
    room_id: UUID | None
    device_id: UUID | None
    treatment_extra: int
    at_risk: bool
    risk_reason: str | None
    override_on: date | None
    override_reason: str | None
    patient_answer: PatientAnswer
    arrived_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    import_note: str | None
    uid: UUID
    sequence: int
    revision: int


COLUMNS: tuple[Any, ...] = (
    A.id,
    A.clinic_id,
    A.patient_id,
    A.series_id,
    SessionRow.number.label("session"),
    CatalogueEntryRow.code.label("visit_type"),
    A.status,
    A.cancel_reason,
    A.starts_at,
    A.ends_at,
    A.on_date,
    ClinicRow.zone,
    A.practitioner_id,
    A.room_id,
    A.device_id,
    A.treatment_extra,
    A.at_risk,
    A.risk_reason,
    A.override_on,
    A.override_reason,
    A.patient_answer,
    A.arrived_at,
    A.started_at,
    A.ended_at,
    A.import_note,
    A.uid,
    A.sequence,
    SeriesRow.revision,
)


def _query(context: Context) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(ClinicRow, ClinicRow.id == A.clinic_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
        .outerjoin(CatalogueEntryRow, CatalogueEntryRow.id == A.visit_type_id)
        .where(A.organisation_id == context.organisation_id)
    )


def _appointment(context: Context, row: Any) -> Appointment:
    """Why it lies outside its window may be clinical, and is left out for whoever sees no reasons."""
    values = dict(row._mapping)
    if allowance(context.actor.roles, Action.SEE_REASONS) is None:
        values["override_reason"] = None
    if values["revision"] is None:
        values["revision"] = row.sequence
    return Appointment(**values)


def get_appointment(context: Context, *, appointment_id: UUID) -> Appointment:
    """One appointment. Raises ``NotFound``."""
    allowed = require(context.actor, Action.SEE_SCHEDULE)
    row = context.tx.execute(_query(context).where(A.id == appointment_id)).one_or_none()
    if row is None or (allowed is Allowance.OWN and row.patient_id != context.actor.patient_id):
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    return _appointment(context, row)


def appointments_of_series(context: Context, series_id: UUID) -> tuple[Appointment, ...]:
    """All appointments of a series, past and cancelled ones included, by start."""
    rows = context.tx.execute(_query(context).where(A.series_id == series_id).order_by(A.starts_at, A.id))
    return tuple(_appointment(context, row) for row in rows)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which appointments: of a patient, a clinic, a practitioner, in some states, on clinic dates (both inclusive)."""

    patient_id: UUID | None = None
    clinic_id: UUID | None = None
    practitioner_id: UUID | None = None
    statuses: Sequence[AppointmentStatus] = ()
    first: date | None = None
    last: date | None = None


def list_appointments(
    context: Context, wanted: Filter, *, limit: int = 25, after: UUID | None = None
) -> Page[Appointment]:
    """The appointments that fit, by start, a page at a time; ``after`` is the last one of the page before."""
    require(context.actor, Action.SEE_SCHEDULE)
    query = _query(context).where(*_conditions(context, wanted)).order_by(A.starts_at, A.id).limit(limit + 1)
    if after is not None:
        before = aliased(A)
        start = select(before.starts_at).where(before.id == after).scalar_subquery()
        query = query.where(tuple_(A.starts_at, A.id) > tuple_(start, after))
    found = [_appointment(context, row) for row in context.tx.execute(query)]
    return page_of(found, limit, lambda appointment: appointment.id)


def _conditions(context: Context, wanted: Filter) -> list[Any]:
    tests = (
        (A.patient_id, eq, wanted.patient_id),
        (A.clinic_id, eq, wanted.clinic_id),
        (A.practitioner_id, eq, wanted.practitioner_id),
        (A.on_date, ge, wanted.first),
        (A.on_date, le, wanted.last),
        (A.patient_id, eq, context.actor.patient_id),
    )
    given = [compares(column, value) for column, compares, value in tests if value is not None]
    return [*given, A.status.in_(wanted.statuses)] if wanted.statuses else given
