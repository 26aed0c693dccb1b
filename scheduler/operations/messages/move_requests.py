"""Move requests: a patient wants another time for an appointment, and staff sees to it.

A request is open until staff closes it, the patient answers anew, or the appointment stands at another time or has
gone. Nothing moves by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, update

from scheduler.calendars.reading.reply import Proposal
from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.clinic_days import instant_of, wall_time
from scheduler.domain.refusals import NotFound, RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context, record
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import AppointmentRow, ClinicRow, MoveRequestRow, PatientRow, SessionRow
from scheduler.storage.types import new_id

A, M = AppointmentRow, MoveRequestRow


@dataclass(frozen=True, slots=True)
class Wish:
    """The UTC instant at which a patient wants to begin, if one was named, and what the patient says about it."""

    wanted_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """One request. Instants are UTC; ``starts_at`` is when the appointment stood when it was made."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    appointment_id: UUID
    series_id: UUID | None
    zone: str
    starts_at: datetime
    wanted_at: datetime | None
    words: str
    made_at: datetime
    closed_at: datetime | None
    is_open: bool


def wanted_instant(proposal: Proposal, zone: str, starts_at: datetime) -> datetime:
    """The UTC instant of a proposal: a time without a zone is the clinic's, a day keeps the hour of ``starts_at``."""
    if proposal.instant is not None:
        return proposal.instant
    hour = wall_time(starts_at, zone).time() if proposal.is_day else proposal.wall.time()
    return instant_of(proposal.wall.date(), hour, zone)


def request_move(context: Context, appointment: AppointmentRow, wish: Wish) -> UUID:
    """Note that a patient wants another time. The caller holds the patient's lock."""
    row = MoveRequestRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        clinic_id=appointment.clinic_id,
        patient_id=appointment.patient_id,
        appointment_id=appointment.id,
        starts_at=appointment.starts_at,
        wanted_at=wish.wanted_at,
        words=wish.words,
        made_at=context.now,
    )
    context.tx.add(row)
    context.tx.flush()
    return row.id


def close_requests(context: Context, appointment_id: UUID) -> None:
    """Close what was asked for before about an appointment. The caller holds the patient's lock."""
    earlier = M.appointment_id == appointment_id, M.closed_at.is_(None)
    context.tx.execute(update(M).where(*earlier).values(closed_at=context.now, closed_by=context.actor.user_id))


def show_request(context: Context, *, request_id: UUID) -> MoveRequest:
    """One request. Raises ``NotFound``."""
    require(context.actor, Action.BOOK)
    query = (
        select(M, A, ClinicRow.zone)
        .join(A, A.id == M.appointment_id)
        .join(ClinicRow, ClinicRow.id == M.clinic_id)
        .where(M.id == request_id, M.organisation_id == context.organisation_id)
        .execution_options(populate_existing=True)
    )
    found = context.tx.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such request.", request_id=str(request_id))
    return _request(*found, context.now)


def _request(row: MoveRequestRow, appointment: AppointmentRow, zone: str, now: datetime) -> MoveRequest:
    waits = row.closed_at is None and appointment.status is AppointmentStatus.BOOKED
    return MoveRequest(
        id=row.id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        appointment_id=row.appointment_id,
        series_id=appointment.series_id,
        zone=zone,
        starts_at=row.starts_at,
        wanted_at=row.wanted_at,
        words=row.words,
        made_at=row.made_at,
        closed_at=row.closed_at,
        is_open=waits and appointment.starts_at == row.starts_at and appointment.starts_at > now,
    )


def close_request(context: Context, *, request_id: UUID, action: Literal["done", "decline"], note: str | None) -> None:
    """Close a request: the wish was seen to, or cannot be met. Raises ``NotFound``, ``RuleBroken``."""
    require_fully(context.actor, Action.BOOK)
    lock_patients(context.tx, [show_request(context, request_id=request_id).patient_id])
    request = show_request(context, request_id=request_id)
    if not request.is_open:
        raise RuleBroken("This request is closed already.", code="request_closed", request_id=str(request_id))
    values = {"closed_at": context.now, "closed_by": context.actor.user_id}
    context.tx.execute(update(M).where(M.id == request_id).values(**values))
    record(
        context,
        f"move_request_{action}",
        "appointment",
        request.appointment_id,
        clinic_id=request.clinic_id,
        patient_id=request.patient_id,
        reason=note,
    )


def waits(context: Context) -> ColumnElement[bool]:
    """The condition that a request is open, beside its appointment."""
    stands = and_(A.status == AppointmentStatus.BOOKED, A.starts_at == M.starts_at, A.starts_at > context.now)
    return and_(M.closed_at.is_(None), stands)


def has_request(context: Context) -> ColumnElement[bool]:
    """The condition that an appointment has an open request."""
    return exists().where(M.appointment_id == A.id, waits(context))


def requests_to_move(context: Context, wanted: Wanted) -> list[Task]:
    """The open requests as tasks, in the order in which they were made."""
    query = (
        select(M, A.series_id, A.on_date, PatientRow.name, SessionRow.number)
        .join(A, A.id == M.appointment_id)
        .join(PatientRow, PatientRow.id == M.patient_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .where(M.clinic_id.in_([clinic.id for clinic in wanted.clinics]), waits(context))
    )
    if wanted.after is not None:
        query = query.where(M.id > wanted.after)
    return _tasks(context.tx.execute(query.order_by(M.id).limit(wanted.limit)).all())


def _tasks(rows: Sequence[Any]) -> list[Task]:
    return [
        Task(
            TaskKind.MOVE_REQUEST,
            row.id,
            row.patient_id,
            patient,
            clinic_id=row.clinic_id,
            series_id=series_id,
            session=number,
            appointment_id=row.appointment_id,
            on=on,
            wanted_at=row.wanted_at,
            note=row.words or None,
        )
        for row, series_id, on, patient, number in rows
    ]
