"""The outbox: which messages are due, and in whose lease they are.

A worker holds the patient of every row that it leases, finishes or releases, so the rows of one patient never overtake
one another, and two workers never write to one patient at once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState, PatientRow

ROW = OutboxRow
OTHER = aliased(OutboxRow)
ON_CALL_LIST = (OutboxState.TO_CALL, OutboxState.DEAD)


def due_patients(tx: Transaction, now: datetime, most: int) -> list[UUID]:
    """Patients with a message that is due, the one that waits longest first, and with none in anybody's lease."""
    in_lease = select(OTHER.patient_id).where(OTHER.leased_until > now)  # a handful, and an index holds just them
    due = and_(ROW.state == OutboxState.WAITING, ROW.due_at <= now, ROW.patient_id.not_in(in_lease))
    query = select(ROW.patient_id).where(due).order_by(ROW.due_at, ROW.id).limit(most)
    return list(dict.fromkeys(tx.scalars(query)))


def lock_free_patients(tx: Transaction, ids: Collection[UUID]) -> list[UUID]:
    """Hold those of the patients that nobody else holds at this moment, until the transaction ends."""
    if tx.get_bind().dialect.name == "sqlite":
        return list(ids)
    query = select(PatientRow.id).where(PatientRow.id.in_(ids)).order_by(PatientRow.id)
    free = set(tx.scalars(query.with_for_update(key_share=True, skip_locked=True)))
    return [id_ for id_ in ids if id_ in free]


def waiting_rows(tx: Transaction, patient_id: UUID) -> Sequence[OutboxRow]:
    """A patient's waiting messages, the one that is due first in front. The caller holds the patient's lock."""
    query = (
        select(ROW).where(ROW.patient_id == patient_id, ROW.state == OutboxState.WAITING).order_by(ROW.due_at, ROW.id)
    )
    return tx.scalars(query.execution_options(populate_existing=True)).all()


def leased_row(tx: Transaction, row_id: UUID, lease_id: UUID) -> OutboxRow | None:
    """The row, if it is still in this lease. The caller holds the patient's lock."""
    query = select(ROW).where(ROW.id == row_id, ROW.lease_id == lease_id)
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def unanswered_rows(tx: Transaction, patient_id: UUID) -> Sequence[OutboxRow]:
    """News of a patient, and reminders, that stand on the call list."""
    kinds = ROW.kind.in_((MessageKind.NEWS, MessageKind.REMINDER))
    return tx.scalars(select(ROW).where(ROW.patient_id == patient_id, ROW.state.in_(ON_CALL_LIST), kinds)).all()
