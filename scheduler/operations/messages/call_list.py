"""The call list: patients who have to be told by phone, with the number and what to say.

On it stand those who want no writing, those whom no message reached, and those whom somebody promised a call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select

from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.news import Known
from scheduler.domain.refusals import NotFound, RuleBroken
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.messages.closing_messages import close
from scheduler.operations.messages.sending import knows_of
from scheduler.operations.pages import Page, page_of
from scheduler.storage.locking import lock_patients
from scheduler.storage.outbox import ON_CALL_LIST
from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState, PatientRow
from scheduler.storage.told import read_told, write_told

NOTHING_WRITTEN = "Please tell the patient how the appointments stand."


class CallOutcome(StrEnum):
    """What came of a call. Only ``NO_ANSWER`` leaves it on the list."""

    CALLED = "called"
    ACCEPTED = "accepted"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class CallToMake:
    """One call. ``say`` is in the patient's language; ``why`` says why nobody could write, if that was wished.

    ``since`` is a UTC instant; ``no_answers`` counts the calls that nobody answered.
    """

    id: UUID
    kind: MessageKind
    clinic_id: UUID
    patient_id: UUID
    patient: str
    phone: str | None
    say: str
    since: datetime
    why: str | None
    no_answers: int
    state: OutboxState


def list_calls(
    context: Context, *, clinic_id: UUID | None = None, after: UUID | None = None, limit: int = 25
) -> Page[CallToMake]:
    """Whom to call, who waits longest first, a page at a time. Raises ``NotFound`` for an unknown clinic."""
    require(context.actor, Action.CALL_PATIENTS)
    if clinic_id is not None:
        clinic_of(context, clinic_id)
    query = calls_query(context, ON_CALL_LIST).limit(limit + 1)
    query = query if clinic_id is None else query.where(OutboxRow.clinic_id == clinic_id)
    query = query if after is None else query.where(OutboxRow.id > after)
    found = [call_of(row, name, phone) for row, name, phone in context.tx.execute(query)]
    return page_of(found, limit, lambda call: call.id)


def calls_query(context: Context, states: tuple[OutboxState, ...]) -> Select[OutboxRow, str, str | None]:
    """The organisation's messages in these states, oldest first, each with the patient's name and phone."""
    return (
        select(OutboxRow, PatientRow.name, PatientRow.phone)
        .join(PatientRow, PatientRow.id == OutboxRow.patient_id)
        .where(OutboxRow.organisation_id == context.organisation_id, OutboxRow.state.in_(states))
        .order_by(OutboxRow.id)
    )


def call_of(row: OutboxRow, patient: str, phone: str | None) -> CallToMake:
    """A message as a call to make."""
    say = (row.content or {}).get("say", NOTHING_WRITTEN)
    whom = (row.clinic_id, row.patient_id, patient, phone)
    return CallToMake(row.id, row.kind, *whom, say, row.due_at, row.error, row.calls, row.state)


def note_call(context: Context, *, call_id: UUID, outcome: CallOutcome, note: str | None = None) -> CallToMake:
    """Note what came of a call. Once the patient was reached, the patient knows what there was to say.

    Raises ``NotFound``, and ``RuleBroken`` (``dealt_with``) for what is no longer on the list.
    """
    require_fully(context.actor, Action.CALL_PATIENTS)
    row = locked_message(context, call_id, ON_CALL_LIST)
    if outcome is CallOutcome.NO_ANSWER:
        row.calls += 1
        row.outcome = outcome
    else:
        _reached(context, row, outcome)
    context.tx.flush()
    personal = {"note": note} if note else None
    owner = (row.clinic_id, row.patient_id)
    record(
        context,
        "call_made",
        "message",
        row.id,
        clinic_id=owner[0],
        patient_id=owner[1],
        personal=personal,
        outcome=outcome.value,
    )
    name, phone = context.tx.execute(
        select(PatientRow.name, PatientRow.phone).where(PatientRow.id == row.patient_id)
    ).one()
    return call_of(row, name, phone)


def _reached(context: Context, row: OutboxRow, outcome: CallOutcome) -> None:
    told = read_told(context.tx, row.patient_id, context.now)
    knows = _by_phone(told, knows_of(row))
    write_told(context.tx, context.organisation_id, row.patient_id, knows, context.now)
    close(row, OutboxState.CALLED, context.now, outcome=outcome)
    row.closed_by = context.actor.user_id


def _by_phone(told: Mapping[UUID, Known], knows: Mapping[UUID, Known]) -> dict[UUID, Known]:
    """What the patient knows after a call. An event in a calendar shows what was so before."""
    had = {id_ for id_, known in told.items() if known.invited is not None}
    return {id_: replace(known, invited="" if id_ in had else None) for id_, known in knows.items()}


def locked_message(context: Context, message_id: UUID, states: tuple[OutboxState, ...]) -> OutboxRow:
    """A message of the organisation under its patient's lock. Raises ``NotFound``, ``RuleBroken`` in another state."""
    mine = (OutboxRow.id == message_id, OutboxRow.organisation_id == context.organisation_id)
    patient_id = context.tx.scalar(select(OutboxRow.patient_id).where(*mine))
    if patient_id is None:
        raise NotFound("There is no such message.", message_id=str(message_id))
    lock_patients(context.tx, [patient_id])
    row = context.tx.scalars(select(OutboxRow).where(*mine).execution_options(populate_existing=True)).one()
    if row.state not in states:
        detail, remedy = "This has been dealt with meanwhile.", "Look at the list again."
        raise RuleBroken(detail, code="dealt_with", remedy=remedy, state=row.state.value)
    return row
