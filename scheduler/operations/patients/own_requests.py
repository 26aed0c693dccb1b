"""Own requests: what patients ask for on their own page.

Nothing moves and nothing is cancelled by it: staff sees to it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.clinic_days import instant_of, wall_time
from scheduler.domain.refusals import NotFound, RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.messages.move_requests import Wish, close_requests, request_move
from scheduler.operations.staff.operators import make_patients_user
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import AppointmentRow, PatientAnswer, ReplyOutcome, ReplyRow, ToldRow
from scheduler.storage.types import new_id

CALL = "Please call us."


@dataclass(frozen=True, slots=True)
class OwnWish:
    """What a patient asks for: the clinic date that would suit, if one was named, and words."""

    on: date | None
    words: str


def ask_for_move(context: Context, *, appointment_id: UUID, wish: OwnWish) -> UUID:
    """Ask for another time; what was asked for before about this appointment ends.

    Raises ``NotFound``, and ``RuleBroken`` for what is no longer to come.
    """
    row = _locked(context, appointment_id)
    close_requests(context, appointment_id)
    request_id = request_move(context, row, Wish(_wanted_at(context, row, wish.on), wish.words))
    _record(context, row, "move_asked_for")
    return request_id


def cannot_come(context: Context, *, appointment_id: UUID, words: str) -> None:
    """Say that one cannot come. The appointment stands until staff has called. Raises ``NotFound``, ``RuleBroken``."""
    row = _locked(context, appointment_id)
    close_requests(context, appointment_id)
    row.patient_answer = PatientAnswer.DECLINED
    if told := context.tx.get(ToldRow, appointment_id, populate_existing=True):
        told.heard_sequence, told.heard_stamp, told.heard_answer = told.sequence, context.now, row.patient_answer
    context.tx.add(_reply(context, row, words))
    context.tx.flush()
    _record(context, row, "said_no")


def _locked(context: Context, appointment_id: UUID) -> AppointmentRow:
    """One's own appointment to come, with the patient locked."""
    require(context.actor, Action.ASK_FOR_MOVE)
    patient_id = context.actor.patient_id
    if patient_id is None:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    lock_patients(context.tx, [patient_id])
    row = context.tx.get(AppointmentRow, appointment_id, populate_existing=True)
    if row is None or row.patient_id != patient_id:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    if row.status is not AppointmentStatus.BOOKED or row.starts_at <= context.now:
        raise RuleBroken("This appointment can no longer be changed here.", code="not_to_come", remedy=CALL)
    make_patients_user(context.tx, context.organisation_id)
    return row


def _wanted_at(context: Context, row: AppointmentRow, on: date | None) -> datetime | None:
    """That day at the hour of the appointment, unless it is the appointment's own."""
    zone = clinic_of(context, row.clinic_id).zone
    wanted = instant_of(on, wall_time(row.starts_at, zone).time(), zone) if on else None
    return None if wanted == row.starts_at else wanted


def _reply(context: Context, row: AppointmentRow, words: str) -> ReplyRow:
    """What was said, beside what calendars answer."""
    return ReplyRow(
        id=new_id(),
        organisation_id=context.organisation_id,
        patient_id=row.patient_id,
        appointment_id=row.id,
        fingerprint=f"page:{new_id()}",
        outcome=ReplyOutcome.APPLIED,
        reason="",
        understood={"answer": row.patient_answer.value, "comment": words},
        received_at=context.now,
    )


def _record(context: Context, row: AppointmentRow, what: str) -> None:
    record(context, what, "appointment", row.id, clinic_id=row.clinic_id, patient_id=row.patient_id)
