"""Lapsed windows: the series in which a practitioner has to decide, because the next session has no day left."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from scheduler.domain.series import LIVE, SeriesState, SessionState
from scheduler.domain.spacing import Window, windows
from scheduler.operations.context import Context
from scheduler.operations.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.rows import AppointmentRow, PatientRow, SeriesRow, SessionRow
from scheduler.storage.snapshots import Snapshot, load_snapshots

AT_ONCE = 200
"""So many series are read together before the next are; whether one has lapsed only its windows tell."""


def lapsed_windows(context: Context, wanted: Wanted) -> list[Task]:
    """The running series with a lapsed window, by id. A window that holds or closures cover has lapsed as well."""
    waiting = _waiting(context, [clinic.id for clinic in wanted.clinics], wanted.after)
    batches = (waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE))
    found = (task for rows in batches for task in _tasks(context, rows))
    return list(islice(found, wanted.limit))


def _waiting(context: Context, clinics: Sequence[UUID], after: UUID | None) -> Sequence[Any]:
    """The running series that have begun and in which a session is due without an appointment, by id.

    All are asked for at once: the database looks at all of them to put even a few in order.
    """
    session, done, live = SessionRow, aliased(SessionRow), AppointmentRow
    unbooked = exists().where(
        session.series_id == SeriesRow.id,
        session.state == SessionState.DUE,
        ~exists().where(live.session_id == session.id, live.status.in_(LIVE)),
    )
    begun = exists().where(and_(done.series_id == SeriesRow.id, done.performed_on.is_not(None)))
    query = (
        select(SeriesRow.id, PatientRow.id.label("patient_id"), PatientRow.name)
        .join(PatientRow, PatientRow.id == SeriesRow.patient_id)
        .where(SeriesRow.clinic_id.in_(clinics), SeriesRow.state == SeriesState.ACTIVE, unbooked, begun)
        .order_by(SeriesRow.id)
    )
    return context.tx.execute(query if after is None else query.where(SeriesRow.id > after)).all()


def _tasks(context: Context, rows: Sequence[Any]) -> Iterator[Task]:
    """All of them are read together, so that the number of queries does not grow with the series."""
    snapshots = load_snapshots(context.tx, context.organisation_id, [row.id for row in rows], context.now)
    for row, snapshot in zip(rows, snapshots, strict=True):
        if (lapsed := next(_lapsed(snapshot), None)) is not None:
            yield _task(row, snapshot, lapsed)


def _task(row: Any, snapshot: Snapshot, lapsed: Window) -> Task:
    return Task(
        TaskKind.LAPSED_WINDOW,
        row.id,
        row.patient_id,
        row.name,
        clinic_id=snapshot.series.clinic_id,
        series_id=row.id,
        session=lapsed.number,
        on=lapsed.earliest.on,
        until=lapsed.latest.on,
    )


def _lapsed(snapshot: Snapshot) -> Iterator[Window]:
    found = windows(snapshot.series, snapshot.around)
    for session in snapshot.series.sessions:
        window = found[session.number]
        if session.open and session.booking is None and window is not None and window.lapsed:
            yield window
