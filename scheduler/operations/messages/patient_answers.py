"""Patients' answers: noted by staff as well, and declined appointments as tasks until somebody has dealt with them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, require_fully
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import NotFound, RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context, record
from scheduler.operations.messages.move_requests import has_request
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import (
    AppointmentRow,
    PatientAnswer,
    PatientRow,
    ReplyOutcome,
    ReplyRow,
    SessionRow,
    ToldRow,
)
from scheduler.storage.rows.appointments import DECLINED_SQL

A = AppointmentRow


def note_answer(context: Context, *, appointment_id: UUID, answer: PatientAnswer) -> None:
    """Note what a patient has said about an appointment that is booked; replies written before count no more.

    Raises ``NotFound``, ``RuleBroken``.
    """
    require_fully(context.actor, Action.BOOK)
    lock_patients(context.tx, [_booked(context, appointment_id).patient_id])
    appointment = _booked(context, appointment_id)
    if appointment.status is not AppointmentStatus.BOOKED:
        detail = Phrase("An appointment that is %(status)s needs no answer.", status=appointment.status.value)
        raise RuleBroken(detail, code="not_booked", status=appointment.status.value)
    appointment.patient_answer = answer
    if told := context.tx.get(ToldRow, appointment_id, populate_existing=True):
        told.heard_sequence, told.heard_stamp, told.heard_answer = told.sequence, context.now, answer
    context.tx.flush()
    record(
        context,
        "answer_noted",
        "appointment",
        appointment_id,
        clinic_id=appointment.clinic_id,
        patient_id=appointment.patient_id,
        answer=answer.value,
    )


def _booked(context: Context, appointment_id: UUID) -> AppointmentRow:
    found = context.tx.get(A, appointment_id, populate_existing=True)
    if found is None or found.organisation_id != context.organisation_id:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    return found


def declined(context: Context, wanted: Wanted) -> list[Task]:
    """Appointments to come that their patients have declined, the next one first.

    Whoever asks for another time as well is another task, as long as that request is open.
    """
    clinics = [clinic.id for clinic in wanted.clinics]
    query = _declined().where(A.clinic_id.in_(clinics), A.starts_at > context.now, ~has_request(context))
    if wanted.after is not None:
        last = aliased(A)
        start = select(last.starts_at).where(last.id == wanted.after).scalar_subquery()
        query = query.where(tuple_(A.starts_at, A.id) > tuple_(start, wanted.after))
    return _tasks(context.tx.execute(query.order_by(A.starts_at, A.id).limit(wanted.limit)).all())


def _declined() -> Any:
    """Declined appointments with what their patients said last. An index holds just the declined ones."""
    said = (
        select(ReplyRow.understood["comment"].as_string())
        .where(ReplyRow.appointment_id == A.id, ReplyRow.outcome == ReplyOutcome.APPLIED)
        .order_by(ReplyRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = (A.id, A.patient_id, A.clinic_id, A.series_id, A.on_date, PatientRow.name, SessionRow.number)
    return (
        select(*columns, said.label("said"))
        .join(PatientRow, PatientRow.id == A.patient_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .where(text(DECLINED_SQL), A.status == AppointmentStatus.BOOKED)
    )


def _tasks(rows: Sequence[Any]) -> list[Task]:
    return [
        Task(
            TaskKind.DECLINED,
            row.id,
            row.patient_id,
            row.name,
            clinic_id=row.clinic_id,
            series_id=row.series_id,
            session=row.number,
            appointment_id=row.id,
            on=row.on_date,
            note=row.said or None,
        )
        for row in rows
    ]
