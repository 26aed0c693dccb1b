"""Calls: somebody of the staff has to pick up the phone. They wait in the outbox, and no message is sent for them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from scheduler.operations.context import Context
from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState
from scheduler.storage.types import new_id


def ask_for_call(
    context: Context, clinic_id: UUID, patient_id: UUID, *, about_id: UUID, payload: Mapping[str, Any]
) -> None:
    """Ask for one call about a thing. ``payload`` has identifiers only, and says nothing clinical."""
    values = {
        "id": new_id(),
        "organisation_id": context.organisation_id,
        "clinic_id": clinic_id,
        "dedupe_key": f"call:{about_id}",
        "kind": MessageKind.CALL,
        "patient_id": patient_id,
        "payload": dict(payload),
        "state": OutboxState.TO_CALL,
        "due_at": context.now,
        "created_at": context.now,
    }
    context.tx.execute(insert(OutboxRow).values(**values))
