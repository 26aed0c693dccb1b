"""Dead letters: messages that could not be delivered. They can be sent once more, or be left at that."""

from enum import StrEnum
from uuid import UUID

from scheduler.domain.access import Action, require, require_fully
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.messages.call_list import CallToMake, call_of, calls_query, locked_message
from scheduler.operations.messages.closing_messages import close
from scheduler.operations.pages import Page, page_of
from scheduler.storage.rows import OutboxRow, OutboxState

DEAD = (OutboxState.DEAD,)


class DeadLetterAction(StrEnum):
    """``RETRY`` writes the message anew and sends it at once; ``DISMISS`` leaves the patient untold."""

    RETRY = "retry"
    DISMISS = "dismiss"


def list_dead_letters(
    context: Context, *, clinic_id: UUID | None = None, after: UUID | None = None, limit: int = 25
) -> Page[CallToMake]:
    """Messages that could not be delivered, oldest first, a page at a time. They stand on the call list as well.

    Raises ``NotFound`` for an unknown clinic.
    """
    require(context.actor, Action.HANDLE_DEAD_LETTERS)
    if clinic_id is not None:
        clinic_of(context, clinic_id)
    query = calls_query(context, DEAD).limit(limit + 1)
    query = query if clinic_id is None else query.where(OutboxRow.clinic_id == clinic_id)
    query = query if after is None else query.where(OutboxRow.id > after)
    found = [call_of(row, name, phone) for row, name, phone in context.tx.execute(query)]
    return page_of(found, limit, lambda call: call.id)


def handle_dead_letter(context: Context, *, message_id: UUID, action: DeadLetterAction) -> None:
    """Send a dead letter once more, or leave it. Raises ``NotFound``, ``RuleBroken`` (``dealt_with``)."""
    require_fully(context.actor, Action.HANDLE_DEAD_LETTERS)
    row = locked_message(context, message_id, DEAD)
    if action is DeadLetterAction.RETRY:
        row.state, row.due_at, row.attempts = OutboxState.WAITING, context.now, 0
        row.closed_at = row.outcome = None
    else:
        close(row, OutboxState.DROPPED, context.now, outcome="dismissed")
        row.closed_by = context.actor.user_id
    context.tx.flush()
    what = f"dead_letter_{action.value}"
    record(context, what, "message", row.id, clinic_id=row.clinic_id, patient_id=row.patient_id)
