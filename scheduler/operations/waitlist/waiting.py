"""Waiting: the waitlist as it stands. What has been booked meanwhile has left it by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from scheduler.domain.access import Action, require_fully
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import LIVE, AppointmentStatus, SeriesState
from scheduler.domain.spacing import Window, windows
from scheduler.domain.waitlist import Waiting, in_turn
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.waitlist.joining import read_preferences
from scheduler.storage import entries
from scheduler.storage.rows import (
    AppointmentRow,
    CatalogueEntryRow,
    ClinicRow,
    EntryKind,
    PatientRow,
    ResourceRow,
    SessionRow,
    UserRow,
    WaitlistRow,
)
from scheduler.storage.snapshots import Snapshot, load_snapshots

A, W = AppointmentRow, WaitlistRow
VISITED, VISIT_KIND = aliased(AppointmentRow), aliased(CatalogueEntryRow)


@dataclass(frozen=True, slots=True)
class WaitlistEntry:
    """Somebody who waits, and for what: a session of a series, a visit, or an earlier start than ``booked_at``.

    ``waiting`` is the window as it is today; ``None`` while no day of it is left or none can be told yet.
    """

    id: UUID
    clinic_id: UUID
    zone: str
    patient_id: UUID
    patient: str
    phone: str | None
    treatment: str
    series_id: UUID | None
    session: int | None
    visit_type: str | None
    appointment_id: UUID | None
    booked_at: datetime | None
    waiting: Waiting | None
    practitioner: str | None
    note: str
    added_by: str
    added_at: datetime


def list_waitlist(context: Context, *, clinic_id: UUID) -> tuple[WaitlistEntry, ...]:
    """Who waits at a clinic, the window that closes first on top; those without an open window last.

    Raises ``NotFound``.
    """
    require_fully(context.actor, Action.BOOK)
    return entries_at(context, clinic_of(context, clinic_id).id)


def entries_at(context: Context, clinic_id: UUID) -> tuple[WaitlistEntry, ...]:
    """The same for somebody who was found to have the right."""
    return _ordered(_entries(context, _query(context).where(W.clinic_id == clinic_id)))


def waitlist_entry(context: Context, *, entry_id: UUID) -> WaitlistEntry:
    """One entry that still waits. Raises ``NotFound``."""
    require_fully(context.actor, Action.BOOK)
    for entry in _entries(context, _query(context).where(W.id == entry_id)):
        return entry
    raise NotFound("There is no such entry of the waitlist, or it waits no more.", entry_id=str(entry_id))


def _ordered(found: Iterator[WaitlistEntry]) -> tuple[WaitlistEntry, ...]:
    all_of_them = list(found)
    by_id = {entry.id: entry for entry in all_of_them}
    turn = [by_id[one.id] for one in in_turn(entry.waiting for entry in all_of_them if entry.waiting)]
    return (*turn, *sorted((one for one in all_of_them if one.waiting is None), key=lambda one: one.added_at))


COLUMNS: tuple[Any, ...] = (
    W,
    ClinicRow.zone,
    PatientRow.name.label("patient"),
    PatientRow.phone,
    UserRow.name.label("added_by"),
    ResourceRow.name.label("practitioner"),
    A.series_id.label("moving_series_id"),
    A.visit_type_id,
    A.on_date,
    A.starts_at,
    SessionRow.number,
)


def _query(context: Context) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(ClinicRow, ClinicRow.id == W.clinic_id)
        .join(PatientRow, PatientRow.id == W.patient_id)
        .join(UserRow, UserRow.id == W.added_by)
        .outerjoin(ResourceRow, ResourceRow.id == W.practitioner_id)
        .outerjoin(A, A.id == W.appointment_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .where(W.organisation_id == context.organisation_id, W.ended_at.is_(None), _still(context))
        .execution_options(populate_existing=True)
    )


def _still(context: Context) -> ColumnElement[bool]:
    """Whether what is waited for has not come about. Of a series the sessions tell, once they have been read."""
    not_earlier = and_(A.status == AppointmentStatus.BOOKED, A.starts_at >= W.booked_at, A.starts_at > context.now)
    booked_since = (
        exists()
        .where(VISITED.patient_id == W.patient_id, VISITED.created_at >= W.added_at)
        .where(VISITED.status.in_((*LIVE, AppointmentStatus.FULFILLED)))
        .where(VISITED.visit_type_id == VISIT_KIND.id, VISIT_KIND.code == W.visit_type)
    )
    return or_(W.series_id.is_not(None), not_earlier, and_(W.visit_type.is_not(None), ~booked_since))


def _entries(context: Context, query: Select[Any]) -> Iterator[WaitlistEntry]:
    """All series are read together, so that the number of queries does not grow with the list."""
    rows = context.tx.execute(query).all()
    ids = list(dict.fromkeys(id_ for row in rows if (id_ := row[0].series_id or row.moving_series_id)))
    snapshots = {one.series.id: one for one in load_snapshots(context.tx, context.organisation_id, ids, context.now)}
    for row in rows:
        if row[0].series_id is not None:
            yield from _next_session(row, snapshots[row[0].series_id])
        elif row.moving_series_id is not None:
            yield _earlier_session(row, snapshots[row.moving_series_id])
        else:
            yield _visit(context, row)


RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)


def _next_session(row: Any, snapshot: Snapshot) -> Iterator[WaitlistEntry]:
    """The next session of the series without a date; nothing once there is none."""
    series = snapshot.series
    due = [session.number for session in series.sessions if session.open and session.booking is None]
    if due and series.state in RUNNING:
        window = windows(series, snapshot.around)[min(due)]
        yield _entry(row, series.protocol.name, _open(row, snapshot, window), series_id=series.id, session=min(due))


def _earlier_session(row: Any, snapshot: Snapshot) -> WaitlistEntry:
    series, number = snapshot.series, row.number
    window = windows(series, snapshot.around)[number]
    return _entry(row, series.protocol.name, _open(row, snapshot, window), series_id=series.id, session=number)


def _open(row: Any, snapshot: Snapshot, window: Window | None) -> Waiting | None:
    """The window of a session as far as it is still to come."""
    today = snapshot.around.today
    if window is None or window.lapsed or window.latest.on < today:
        return None
    return _waiting(row, max(window.earliest.on, today), window.latest.on)


def _visit(context: Context, row: Any) -> WaitlistEntry:
    """A visit may be on any day from today on: until the last that was named, or its present one."""
    entry, organisation = row[0], context.organisation_id
    kind_id = row.visit_type_id or entries.current_entry(
        context.tx, organisation, EntryKind.VISIT_TYPE, entry.visit_type
    )
    kind = entries.visit_type(context.tx, kind_id)
    waiting = _waiting(row, clinic_date(context.now, row.zone), entry.until or row.on_date)
    return _entry(row, kind.name, waiting if waiting.is_open(waiting.first) else None, visit_type=kind.code)


def _waiting(row: Any, first: date, last: date | None) -> Waiting:
    entry = row[0]
    wishes = (read_preferences(entry.prefer), entry.practitioner_id, entry.booked_at and row.starts_at)
    return Waiting(entry.id, first, last, entry.added_at, *wishes)


def _entry(
    row: Any,
    treatment: str,
    waiting: Waiting | None,
    *,
    series_id: UUID | None = None,
    session: int | None = None,
    visit_type: str | None = None,
) -> WaitlistEntry:
    entry = row[0]
    return WaitlistEntry(
        id=entry.id,
        clinic_id=entry.clinic_id,
        zone=row.zone,
        patient_id=entry.patient_id,
        patient=row.patient,
        phone=row.phone,
        treatment=treatment,
        series_id=series_id,
        session=session,
        visit_type=visit_type,
        appointment_id=entry.appointment_id,
        booked_at=row.starts_at if entry.appointment_id else None,
        waiting=waiting,
        practitioner=row.practitioner,
        note=entry.note,
        added_by=row.added_by,
        added_at=entry.added_at,
    )
