"""Lapsed windows: the series in which a practitioner has to decide, because the next session has no day left."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from scheduler.domain.spacing import Window, windows
from scheduler.operations.context import Context
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.storage.lapsing import may_have_lapsed
from scheduler.storage.rows import PatientRow, SeriesRow
from scheduler.storage.snapshots import Snapshot, load_snapshots

AT_ONCE = 200
"""So many series are read together before the next are; whether one has lapsed only its windows tell."""


def lapsed_windows(context: Context, wanted: Wanted) -> list[Task]:
    """The running series with a lapsed window, by id. A window that holds or closures cover has lapsed as well."""
    suspects = _suspects(context, wanted)
    batches = (suspects[start : start + AT_ONCE] for start in range(0, len(suspects), AT_ONCE))
    found = (task for rows in batches for task in _tasks(context, rows))
    return list(islice(found, wanted.limit))


def _suspects(context: Context, wanted: Wanted) -> Sequence[Any]:
    """The series that may have lapsed, by id. All are asked for at once: the database looks at all of them anyway."""
    query = (
        may_have_lapsed(context.tx, context.organisation_id, wanted.clinics, context.now)
        .join(PatientRow, PatientRow.id == SeriesRow.patient_id)
        .add_columns(SeriesRow.patient_id, PatientRow.name)
        .order_by(SeriesRow.id)
    )
    return context.tx.execute(query if wanted.after is None else query.where(SeriesRow.id > wanted.after)).all()


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
