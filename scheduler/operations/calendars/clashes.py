"""Clashes: live appointments to come whose people, room or device are away, or whose clinic is closed that day.

Nothing marks them. A clash is there while the absence or closure and the booking are, and gone when either goes.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Interval, Select, Subquery, exists, func, literal, or_, select, text, tuple_
from sqlalchemy.orm import aliased

from scheduler.operations.context import Context
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.overlap import LONGEST, LONGEST_CLAIM
from scheduler.storage.rows import (
    AbsenceRow,
    AppointmentRow,
    ClaimRow,
    ClosureRow,
    PatientRow,
    ResourceRow,
    SessionRow,
)
from scheduler.storage.rows.appointments import LIVE_SQL

A = AppointmentRow
CLOSED = "The clinic is closed that day."


def clashes(context: Context, wanted: Wanted) -> list[Task]:
    """The appointments that cannot take place as they are, the next one first. ``note`` says who is away."""
    query = _clashing(_away(context), [clinic.id for clinic in wanted.clinics]).where(A.ends_at > context.now)
    if wanted.after is not None:
        last = aliased(A)
        start = select(last.starts_at).where(last.id == wanted.after).scalar_subquery()
        query = query.where(tuple_(A.starts_at, A.id) > tuple_(start, wanted.after))
    rows = context.tx.execute(query.order_by(A.starts_at, A.id).limit(wanted.limit))
    return [_task(row) for row in rows]


def _clashing(away: Subquery, clinics: Sequence[UUID]) -> Select[Any]:
    closed = exists().where(
        ClosureRow.clinic_id == A.clinic_id, A.on_date.between(ClosureRow.starts_on, ClosureRow.ends_on)
    )
    columns = (A.id, A.patient_id, A.clinic_id, A.series_id, A.on_date, PatientRow.name, SessionRow.number, away.c.who)
    return (
        select(*columns)
        .join(PatientRow, PatientRow.id == A.patient_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .outerjoin(away, away.c.appointment_id == A.id)
        .where(A.clinic_id.in_(clinics), text(LIVE_SQL), or_(away.c.who.is_not(None), closed))
    )


def _away(context: Context) -> Subquery:
    """The appointments of this organisation that claim a resource during an absence, each with the resource's name.

    Each absence looks among the claims of its resource no further back than the longest claim.
    """
    return (
        select(ClaimRow.appointment_id, func.min(ResourceRow.name).label("who"))
        .select_from(AbsenceRow)
        .join(ResourceRow, ResourceRow.id == AbsenceRow.resource_id)
        .join(ClaimRow, ClaimRow.subject_id == AbsenceRow.resource_id)
        .where(ResourceRow.organisation_id == context.organisation_id, AbsenceRow.ends_at > context.now)
        .where(ClaimRow.starts_at > _longest_before_absence(context), ClaimRow.starts_at < AbsenceRow.ends_at)
        .where(ClaimRow.ends_at > AbsenceRow.starts_at, ClaimRow.ends_at > context.now)
        .group_by(ClaimRow.appointment_id)
        .subquery()
    )


def _longest_before_absence(context: Context) -> ColumnElement[Any]:
    """The longest claim's time before the start of an absence; on SQLite text, which compares with an instant's."""
    if context.tx.get_bind().dialect.name == "sqlite":
        return func.datetime(AbsenceRow.starts_at, f"-{LONGEST}")
    return AbsenceRow.starts_at - literal(LONGEST_CLAIM, Interval())


def _task(row: Any) -> Task:
    return Task(
        TaskKind.CLASH,
        row.id,
        row.patient_id,
        row.name,
        clinic_id=row.clinic_id,
        series_id=row.series_id,
        session=row.number,
        appointment_id=row.id,
        on=row.on_date,
        note=f"{row.who} is away." if row.who else CLOSED,
    )
