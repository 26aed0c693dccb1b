"""Task sources: one bounded query for each kind of task."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, text, tuple_
from sqlalchemy.orm import aliased

from scheduler.domain.clinic_days import clinic_date
from scheduler.operations.booking.lapsed_windows import lapsed_windows
from scheduler.operations.calendars.clashes import clashes
from scheduler.operations.calendars.unread_calendars import unread_calendars
from scheduler.operations.context import Context
from scheduler.operations.holds.hold_sheets import HoldFilter, HoldSheet, list_holds
from scheduler.operations.holds.overdue_holds import Touched, overdue_holds
from scheduler.operations.imports.import_notes import GONE
from scheduler.operations.messages.message_tasks import calls_to_make, letters_that_died
from scheduler.operations.messages.move_requests import requests_to_move
from scheduler.operations.messages.patient_answers import declined
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.operations.waitlist.waitlist_tasks import closing_windows, slots_to_offer
from scheduler.storage.rows import AppointmentRow, KeepKind, KeepRow, PatientRow, SeriesRow, SessionRow
from scheduler.storage.rows.appointments import LIVE_SQL

A = AppointmentRow


def _override_requests(context: Context, wanted: Wanted) -> list[Task]:
    query = (
        select(KeepRow, PatientRow.name)
        .join(PatientRow, PatientRow.id == KeepRow.patient_id)
        .where(KeepRow.kind == KeepKind.OVERRIDE_REQUEST, KeepRow.kept_until > context.now)
        .where(KeepRow.clinic_id.in_([clinic.id for clinic in wanted.clinics]), *_after(KeepRow.id, wanted))
        .order_by(KeepRow.id)
        .limit(wanted.limit)
    )
    return [_request(row, patient) for row, patient in context.tx.execute(query)]


def _request(row: KeepRow, patient: str) -> Task:
    return Task(
        TaskKind.OVERRIDE_REQUEST,
        row.id,
        row.patient_id,
        patient,
        clinic_id=row.clinic_id,
        series_id=row.series_id,
        kept_until=row.kept_until,
        note=row.reason,
    )


def _overdue(context: Context, wanted: Wanted) -> list[Task]:
    found = overdue_holds(context, after=wanted.after, limit=wanted.limit).items
    return [_hold(TaskKind.OVERDUE_HOLD, one.sheet, one.appointments) for one in found]


def _proposed(context: Context, wanted: Wanted) -> list[Task]:
    page = list_holds(context, states=(HoldFilter.PROPOSED,), after=wanted.after, limit=wanted.limit)
    return [_hold(TaskKind.PROPOSED_HOLD, sheet) for sheet in page.items]


def _hold(kind: TaskKind, sheet: HoldSheet, appointments: tuple[Touched, ...] = ()) -> Task:
    """Nothing of the sheet that says why."""
    return Task(
        kind,
        sheet.id,
        sheet.patient_id,
        sheet.patient,
        on=sheet.starts_on,
        until=sheet.until,
        appointments=appointments,
    )


def _visits_to_close(context: Context, wanted: Wanted) -> list[Task]:
    """Appointments of earlier dates that nobody has closed, the oldest first. An index holds just the live ones."""
    query = _appointments().where(_before_today(context, wanted.clinics), text(LIVE_SQL))
    if wanted.after is not None:
        last = aliased(A)
        start = select(last.starts_at).where(last.id == wanted.after).scalar_subquery()
        query = query.where(tuple_(A.starts_at, A.id) > tuple_(start, wanted.after))
    rows = context.tx.execute(query.order_by(A.starts_at, A.id).limit(wanted.limit))
    return [_visit(TaskKind.VISIT_TO_CLOSE, row) for row in rows]


def _before_today(context: Context, clinics: Sequence[Any]) -> ColumnElement[bool]:
    """Before today at each clinic. Clinics share a date, two at most, so that the condition stays short."""
    by_date: dict[date, list[UUID]] = {}
    for clinic in clinics:
        by_date.setdefault(clinic_date(context.now, clinic.zone), []).append(clinic.id)
    return or_(false(), *(and_(A.clinic_id.in_(ids), A.on_date < today) for today, ids in by_date.items()))


def _imports_to_decide(context: Context, wanted: Wanted) -> list[Task]:
    """Appointments and performed sessions that came with an import and break a rule."""
    clinics = [clinic.id for clinic in wanted.clinics]
    booked = _appointments().where(A.import_note.is_not(None), A.status.not_in(GONE), A.clinic_id.in_(clinics))
    performed = (
        select(SessionRow, SeriesRow.patient_id, PatientRow.name.label("patient"))
        .join(SeriesRow, SeriesRow.id == SessionRow.series_id)
        .join(PatientRow, PatientRow.id == SeriesRow.patient_id)
        .where(SessionRow.import_note.is_not(None), SessionRow.clinic_id.in_(clinics), *_after(SessionRow.id, wanted))
        .order_by(SessionRow.id)
        .limit(wanted.limit)
    )
    visits = context.tx.execute(booked.where(*_after(A.id, wanted)).order_by(A.id).limit(wanted.limit))
    of_visits = [_visit(TaskKind.IMPORT_TO_DECIDE, row) for row in visits]
    of_sessions = [_session(*row) for row in context.tx.execute(performed)]
    return list(islice(merge(of_visits, of_sessions, key=lambda task: task.id), wanted.limit))


COLUMNS: tuple[Any, ...] = (
    A.id,
    A.patient_id,
    A.clinic_id,
    A.series_id,
    A.on_date,
    A.import_note,
    PatientRow.name.label("patient"),
    SessionRow.number,
)


def _appointments() -> Select[Any]:
    query = select(*COLUMNS).join(PatientRow, PatientRow.id == A.patient_id)
    return query.outerjoin(SessionRow, SessionRow.id == A.session_id)


def _visit(kind: TaskKind, row: Any) -> Task:
    return Task(
        kind,
        row.id,
        row.patient_id,
        row.patient,
        clinic_id=row.clinic_id,
        series_id=row.series_id,
        session=row.number,
        appointment_id=row.id,
        on=row.on_date,
        note=row.import_note,
    )


def _session(row: SessionRow, patient_id: UUID, patient: str) -> Task:
    return Task(
        TaskKind.IMPORT_TO_DECIDE,
        row.id,
        patient_id,
        patient,
        clinic_id=row.clinic_id,
        series_id=row.series_id,
        session=row.number,
        on=row.performed_on,
        note=row.import_note,
    )


def _after(id_column: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    return [] if wanted.after is None else [id_column > wanted.after]


SOURCES: Mapping[TaskKind, Callable[[Context, Wanted], list[Task]]] = {
    TaskKind.OVERRIDE_REQUEST: _override_requests,
    TaskKind.OVERDUE_HOLD: _overdue,
    TaskKind.CLASH: clashes,
    TaskKind.DECLINED: declined,
    TaskKind.MOVE_REQUEST: requests_to_move,
    TaskKind.CALL: calls_to_make,
    TaskKind.DEAD_LETTER: letters_that_died,
    TaskKind.LAPSED_WINDOW: lapsed_windows,
    TaskKind.PROPOSED_HOLD: _proposed,
    TaskKind.FREED_SLOT: slots_to_offer,
    TaskKind.CLOSING_WINDOW: closing_windows,
    TaskKind.VISIT_TO_CLOSE: _visits_to_close,
    TaskKind.IMPORT_TO_DECIDE: _imports_to_decide,
    TaskKind.UNREAD_CALENDAR: unread_calendars,
}
