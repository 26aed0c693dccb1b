"""Calls: somebody of the staff has to pick up the phone. They wait in the outbox, and no message is sent for them.

What there is to say is written at once, so that the list is whole whether or not a worker runs.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from scheduler.messages.calls import declined_in_short
from scheduler.operations.context import Context
from scheduler.operations.messages.composing import Post, matter_of
from scheduler.operations.messages.news_messages import say_news
from scheduler.operations.messages.patient_visits import addressee
from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState
from scheduler.storage.told import known_to_json

BY_PHONE = Post(mailbox="", link_key="", public_url="", ways=frozenset())


def ask_for_call(
    context: Context, clinic_id: UUID, patient_id: UUID, *, about_id: UUID, payload: Mapping[str, Any]
) -> None:
    """Ask for a call that tells what is news to the patient, who is locked. ``payload`` has identifiers only."""
    row = _asked(context, clinic_id, patient_id, about_id, payload)
    context.tx.flush()
    if said := say_news(matter_of(context.tx, row, BY_PHONE, context.now)):
        row.content = {"say": said.letter.short}
        row.useful_until = said.useful_until
        row.facts = {"knows": {str(id_): known_to_json(known) for id_, known in said.knows.items()}}
        context.tx.flush()


def ask_for_answer(
    context: Context, clinic_id: UUID, patient_id: UUID, *, about_id: UUID, payload: Mapping[str, Any]
) -> None:
    """Ask for a call about what was asked for and declined. ``payload`` has identifiers only."""
    row = _asked(context, clinic_id, patient_id, about_id, payload)
    row.content = {"say": declined_in_short(addressee(context.tx, patient_id).language)}
    context.tx.flush()


def _asked(
    context: Context, clinic_id: UUID, patient_id: UUID, about_id: UUID, payload: Mapping[str, Any]
) -> OutboxRow:
    row = OutboxRow(
        organisation_id=context.organisation_id,
        clinic_id=clinic_id,
        dedupe_key=f"call:{about_id}",
        kind=MessageKind.CALL,
        patient_id=patient_id,
        payload=dict(payload),
        state=OutboxState.TO_CALL,
        due_at=context.now,
        created_at=context.now,
    )
    context.tx.add(row)
    return row
