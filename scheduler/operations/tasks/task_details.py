"""Task details: what a page of tasks tells beyond the tasks themselves, read for all of them together."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require
from scheduler.domain.series import SeriesState
from scheduler.operations.context import Context
from scheduler.operations.messages.call_list import CallToMake, call_of, calls_query
from scheduler.storage.outbox import ON_CALL_LIST
from scheduler.storage.rows import OutboxRow, SeriesRow

RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)


def calls_by_id(context: Context, ids: Collection[UUID]) -> Mapping[UUID, CallToMake]:
    """Calls of the call list, those for dead letters included, by the id of their message."""
    require(context.actor, Action.SEE_PATIENTS)
    if not ids:
        return {}
    rows = context.tx.execute(calls_query(context, ON_CALL_LIST).where(OutboxRow.id.in_(ids)))
    return {row.id: call_of(row, patient, phone) for row, patient, phone in rows}


def running_series(context: Context, patient_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The latest running series of each of these patients who has one."""
    require(context.actor, Action.SEE_PATIENTS)
    if not patient_ids:
        return {}
    mine = (SeriesRow.organisation_id == context.organisation_id, SeriesRow.patient_id.in_(patient_ids))
    query = select(SeriesRow.patient_id, SeriesRow.id).where(*mine, SeriesRow.state.in_(RUNNING))
    return {row.patient_id: row.id for row in context.tx.execute(query.order_by(SeriesRow.created_at, SeriesRow.id))}
