"""Unread calendars: files in the watched folder that could not be read, wholly or in part, or that are gone."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from scheduler.domain.clinic_days import clinic_date
from scheduler.operations.context import Context
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.rows import BusyFileRow, BusyOutcome, ResourceRow

MISSED_AFTER = timedelta(days=2)
"""Each file is read at least once a day, so that after this time it is no longer there, or nobody looks."""


def unread_calendars(context: Context, wanted: Wanted) -> list[Task]:
    """Whose calendar cannot be read and why, by resource. The busy time that was last read stands meanwhile."""
    failed = or_(BusyFileRow.outcome != BusyOutcome.READ, ~is_watched(context))
    query = (
        select(BusyFileRow, ResourceRow.name)
        .join(ResourceRow, ResourceRow.id == BusyFileRow.resource_id)
        .where(BusyFileRow.clinic_id.in_([clinic.id for clinic in wanted.clinics]), failed)
        .order_by(BusyFileRow.resource_id)
        .limit(wanted.limit)
    )
    if wanted.after is not None:
        query = query.where(BusyFileRow.resource_id > wanted.after)
    zones = {clinic.id: clinic.zone for clinic in wanted.clinics}
    return [_task(row, name, _missed(context, row, zones)) for row, name in context.tx.execute(query)]


def is_watched(context: Context) -> ColumnElement[bool]:
    """Whether a file has been looked into lately."""
    return BusyFileRow.read_at > context.now - MISSED_AFTER


def _missed(context: Context, row: BusyFileRow, zones: Mapping[UUID, str]) -> str:
    """Since when nobody has looked into the file, in words; empty while it is looked into."""
    if row.read_at > context.now - MISSED_AFTER:
        return ""
    day = clinic_date(row.read_at, zones[row.clinic_id])
    return f"It was last read on {day}: its file is gone, or the worker does not run."


def _task(row: BusyFileRow, name: str, missed: str) -> Task:
    note = missed or row.reason
    if not missed and row.outcome is BusyOutcome.PARTLY:
        note = f"Parts of it cannot be read, {row.refused} in all. The first: {row.reason}"
    id_ = row.resource_id
    return Task(TaskKind.UNREAD_CALENDAR, id_, None, None, clinic_id=row.clinic_id, resource=name, note=note)
