"""Affected calls: what came of telling patients that an appointment cannot take place as it is.

A call stands in the outbox from the first time that somebody notes one. Nobody answered: it is on the call list. Once
the appointment has moved and the patient is told of it, the call ends by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require_fully
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import LIVE
from scheduler.messages.calls import cannot_take_place
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.messages.call_list import CallOutcome, CallToMake, note_call
from scheduler.operations.messages.patient_visits import addressee
from scheduler.operations.places.affected import Affected
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import AppointmentRow, MessageKind, OutboxRow, OutboxState


@dataclass(frozen=True, slots=True)
class AffectedCall:
    """What came of the last call; ``no_answers`` counts those that nobody answered."""

    outcome: CallOutcome
    no_answers: int


def affected_calls(context: Context, found: Sequence[Affected]) -> Mapping[UUID, AffectedCall]:
    """What is known of calls about these appointments as they stand, by appointment."""
    keys = [_key(one.appointment_id, one.starts_at) for one in found]
    columns = (OutboxRow.appointment_id, OutboxRow.outcome, OutboxRow.calls)
    rows = context.tx.execute(select(*columns).where(OutboxRow.dedupe_key.in_(keys)))
    known = {outcome.value for outcome in CallOutcome}
    return {
        row.appointment_id: AffectedCall(CallOutcome(row.outcome), row.calls) for row in rows if row.outcome in known
    }


def note_affected_call(
    context: Context, *, appointment_id: UUID, outcome: CallOutcome, note: str | None = None
) -> CallToMake:
    """Note what came of a call about an appointment that cannot take place; again to correct it.

    Raises ``NotFound``, also for an appointment that no longer stands.
    """
    require_fully(context.actor, Action.CALL_PATIENTS)
    appointment = context.tx.get(AppointmentRow, appointment_id)
    if appointment is None or appointment.organisation_id != context.organisation_id or appointment.status not in LIVE:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    lock_patients(context.tx, [appointment.patient_id])
    row = _open_call(context, appointment)
    return note_call(context, call_id=row.id, outcome=outcome, note=note)


def _open_call(context: Context, appointment: AppointmentRow) -> OutboxRow:
    """The call about this appointment, made if need be, and open again if it was over."""
    key = _key(appointment.id, appointment.starts_at)
    row = context.tx.scalar(select(OutboxRow).where(OutboxRow.dedupe_key == key))
    if row is None:
        row = _call(context, appointment, key)
        context.tx.add(row)
    row.state, row.closed_at, row.closed_by = OutboxState.TO_CALL, None, None
    context.tx.flush()
    return row


def _call(context: Context, appointment: AppointmentRow, key: str) -> OutboxRow:
    language = addressee(context.tx, appointment.patient_id).language
    zone = clinic_of(context, appointment.clinic_id).zone
    return OutboxRow(
        organisation_id=context.organisation_id,
        clinic_id=appointment.clinic_id,
        dedupe_key=key,
        kind=MessageKind.CALL,
        patient_id=appointment.patient_id,
        appointment_id=appointment.id,
        payload={"appointment_id": str(appointment.id)},
        due_at=context.now,
        created_at=context.now,
        content={"say": cannot_take_place(language, appointment.starts_at, zone)},
        useful_until=appointment.ends_at,
    )


def _key(appointment_id: UUID, starts_at: datetime) -> str:
    """One call for each time at which an appointment stands."""
    return f"affected:{appointment_id}:{starts_at.isoformat()}"
