"""Replies, looked at: what reached us, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require_fully
from scheduler.operations.context import Context
from scheduler.operations.pages import Page, page_of
from scheduler.storage.rows import PatientRow, ReplyOutcome, ReplyRow

R = ReplyRow


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply and its outcome; ``reason`` says why it counted for nothing. The patient is known where it named an
    appointment of ours; what it said is kept only then.
    """

    id: UUID
    outcome: ReplyOutcome
    reason: str
    received_at: datetime
    appointment_id: UUID | None
    patient_id: UUID | None
    patient: str | None
    answer: str | None
    comment: str | None


def list_replies(
    context: Context,
    *,
    outcome: ReplyOutcome | None = None,
    appointment_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 25,
) -> Page[KeptReply]:
    """Replies, the newest first, a page at a time."""
    require_fully(context.actor, Action.EDIT_PATIENTS)
    tests = ((R.outcome, outcome), (R.appointment_id, appointment_id))
    asked = [column == value for column, value in tests if value is not None]
    query = select(R, PatientRow.name).outerjoin(PatientRow, PatientRow.id == R.patient_id).order_by(R.id.desc())
    query = query.where(R.organisation_id == context.organisation_id, *asked).limit(limit + 1)
    if after is not None:
        query = query.where(R.id < after)
    return page_of([_kept(row, name) for row, name in context.tx.execute(query)], limit, lambda reply: reply.id)


def _kept(row: ReplyRow, patient: str | None) -> KeptReply:
    said: dict[str, Any] = row.understood
    return KeptReply(
        row.id,
        row.outcome,
        row.reason,
        row.received_at,
        row.appointment_id,
        row.patient_id,
        patient,
        said.get("answer"),
        said.get("comment"),
    )
