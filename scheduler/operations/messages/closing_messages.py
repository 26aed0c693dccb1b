"""Closing messages: how a wait ends, and what ends with it because it was told or has come to nothing."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.series import AppointmentStatus
from scheduler.storage.outbox import ON_CALL_LIST, unanswered_rows
from scheduler.storage.rows import AppointmentRow, MessageKind, OutboxRow, OutboxState


def close(row: OutboxRow, state: OutboxState, now: datetime, outcome: str | None = None) -> None:
    """End a message's wait."""
    row.state, row.closed_at = state, now
    row.outcome = outcome or row.outcome


def supersede(tx: Transaction, row: OutboxRow, now: datetime) -> None:
    """End what stands on the call list and is told by this message as well, or has come to nothing."""
    if row.kind is MessageKind.NEWS:
        for other in unanswered_rows(tx, row.patient_id):
            if other.id != row.id and not _reminds_rightly(tx, other):
                close(other, OutboxState.DROPPED, now, outcome="told later")


def end_late_calls(tx: Transaction, now: datetime) -> None:
    """Take off the call list what is of no use to anybody any more at ``now`` (UTC)."""
    late = (OutboxRow.state.in_(ON_CALL_LIST), OutboxRow.useful_until <= now)
    values = {"state": OutboxState.DROPPED, "closed_at": now, "outcome": "too late"}
    tx.execute(update(OutboxRow).where(*late).values(**values))


def _reminds_rightly(tx: Transaction, row: OutboxRow) -> bool:
    """Whether it reminds of a visit that stands as it did."""
    if row.kind is not MessageKind.REMINDER:
        return False
    visit = select(AppointmentRow.starts_at, AppointmentRow.status).where(AppointmentRow.id == row.appointment_id)
    starts_at, status = tx.execute(visit).one()
    return status is AppointmentStatus.BOOKED and starts_at == datetime.fromisoformat(row.payload["starts_at"])
