"""Applying: the one place where changes become rows.

Each type of change has one handler, chosen by its type.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, and_, case, func, insert, select, update
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    Change,
    ImportDecided,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
    WindowStored,
)
from scheduler.domain.clinic_days import wall_time
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus, Override
from scheduler.domain.slots import Slot, patient_times, total_minutes
from scheduler.storage.claiming import Target, bump_revisions, make_claims, release_claims, touch_feeds
from scheduler.storage.rows import AppointmentRow, PatientAnswer, SeriesRow, SessionRow, ToldRow, table

APPOINTMENTS = table(AppointmentRow)
SERIES = table(SeriesRow)
SESSIONS = table(SessionRow)
TOLD = table(ToldRow)


def apply_changes(tx: Transaction, target: Target, changes: Sequence[Change]) -> None:
    """Write the changes. The caller holds the locks; a constraint that refuses them ends the transaction."""
    touched = release_claims(tx, changes)
    for change in changes:
        if not isinstance(change, RiskChanged):
            write(change, tx, target)
    if booked := [_row(change, target) for change in changes if isinstance(change, AppointmentBooked)]:
        tx.execute(insert(APPOINTMENTS), booked)
    for risk in (change for change in changes if isinstance(change, RiskChanged)):
        write(risk, tx, target)
    touched |= make_claims(tx, target, changes)
    bump_revisions(tx, target, touched)
    touch_feeds(tx, target, changes, touched)


@singledispatch
def write(change: object, _tx: Transaction, _target: Target) -> None:
    """Write one change, claims and revisions apart."""
    raise TypeError(f"no handler for {type(change).__name__}")


@write.register
def _(_change: AppointmentBooked, _tx: Transaction, _target: Target) -> None:
    """Rows of new appointments are inserted together, once all but their risks has been written."""


def _row(change: AppointmentBooked, target: Target) -> dict[str, Any]:
    return {
        "id": change.appointment_id,
        "organisation_id": target.organisation_id,
        "clinic_id": target.clinic_id,
        "patient_id": target.patient_id,
        "series_id": target.series_id,
        "session_id": target.session_id(change.session),
        "visit_type_id": target.visit_type_id,
        "sites": list(target.sites) if target.visit_type_id else [],
        "treatment_extra": change.treatment_extra,
        "import_note": change.import_note,
        "created_at": target.at,
        "changed_at": target.at,
        **_place(change.slot, change.treatment_extra, target),
        **_override(change.override, target),
    }


@write.register
def _(change: AppointmentMoved, tx: Transaction, target: Target) -> None:
    place = _place(change.after, change.treatment_extra, target)
    own_times = patient_times(change.after.starts_at, target.phases(change.treatment_extra))
    _update(
        tx,
        target,
        change.appointment_id,
        **place,
        patient_answer=_answer_after(place["starts_at"], place["ends_at"], own_times),
        **_override(change.override, target),
        treatment_extra=change.treatment_extra,
        import_note=change.import_note,
    )


@write.register
def _(change: AppointmentCancelled, tx: Transaction, target: Target) -> None:
    gone = {"status": AppointmentStatus.CANCELLED, "cancel_reason": change.reason}
    _update(tx, target, change.appointment_id, **gone, at_risk=False, risk_reason=None)


@write.register
def _(change: AppointmentStatusChanged, tx: Transaction, target: Target) -> None:
    _update(tx, target, change.appointment_id, status=change.after, **asdict(change.times))


@write.register
def _(change: RiskChanged, tx: Transaction, target: Target) -> None:
    _update(tx, target, change.appointment_id, at_risk=change.reason is not None, risk_reason=change.reason)


@write.register
def _(change: SessionChanged, tx: Transaction, target: Target) -> None:
    values = {"state": change.after, "performed_on": change.performed_on, "partial": change.partial}
    _update_session(tx, target, change.session, **values)


@write.register
def _(change: WindowStored, tx: Transaction, target: Target) -> None:
    opens, closes = change.window or (None, None)
    _update_session(tx, target, change.session, continued_from=opens, continued_until=closes)


@write.register
def _(change: ImportDecided, tx: Transaction, target: Target) -> None:
    """Neither time nor place changes, so the sequence stays."""
    if change.appointment_id is None:
        _update_session(tx, target, change.session, import_note=change.note)
        return
    values = {"import_note": change.note, **_override(change.override, target)}
    mine = (APPOINTMENTS.c.id == change.appointment_id, APPOINTMENTS.c.organisation_id == target.organisation_id)
    _write_one(tx, update(APPOINTMENTS).where(*mine).values(**values))


@write.register
def _(change: SeriesStateChanged, tx: Transaction, target: Target) -> None:
    _write_one(tx, update(SERIES).where(SERIES.c.id == target.series_id).values(state=change.after))


def _place(slot: Slot, treatment_extra: int, target: Target) -> dict[str, Any]:
    wall = wall_time(slot.starts_at, target.zone)
    return {
        "starts_at": slot.starts_at,
        "ends_at": slot.starts_at + timedelta(minutes=total_minutes(target.phases(treatment_extra))),
        "on_date": wall.date(),
        "wall_start": wall.isoformat(timespec="minutes"),
        "practitioner_id": slot.resources.get(ResourceKind.PRACTITIONER),
        "room_id": slot.resources.get(ResourceKind.ROOM),
        "device_id": slot.resources.get(ResourceKind.DEVICE),
    }


def _answer_after(starts_at: datetime, ends_at: datetime, own_times: tuple[datetime, datetime]) -> Any:
    """What the patient said of one time is no answer to another, but counts again when the appointment comes back.

    ``own_times`` are the patient's, who is gone before the clean-up, and was told those.
    """
    same_time = and_(APPOINTMENTS.c.starts_at == starts_at, APPOINTMENTS.c.ends_at == ends_at)
    told_of = (TOLD.c.starts_at == own_times[0], TOLD.c.ends_at == own_times[1])
    answered = (TOLD.c.appointment_id == APPOINTMENTS.c.id, TOLD.c.heard_sequence == TOLD.c.sequence)
    heard = select(TOLD.c.heard_answer).where(*answered, *told_of).scalar_subquery()
    return case((same_time, APPOINTMENTS.c.patient_answer), else_=func.coalesce(heard, PatientAnswer.NEEDS_ACTION))


def _override(override: Override | None, target: Target) -> dict[str, Any]:
    return {
        "override_on": override.on if override else None,
        "override_reference": override.reference if override else None,
        "override_reason": override.reason if override else None,
        "override_by": target.by if override else None,
    }


def _update(tx: Transaction, target: Target, appointment_id: UUID, **values: Any) -> None:
    """Every change of time, place or status raises the sequence that calendars compare."""
    statement = (
        update(APPOINTMENTS)
        .where(APPOINTMENTS.c.id == appointment_id, APPOINTMENTS.c.organisation_id == target.organisation_id)
        .values(**values, sequence=APPOINTMENTS.c.sequence + 1, changed_at=target.at)
    )
    _write_one(tx, statement)


def _update_session(tx: Transaction, target: Target, number: int, **values: Any) -> None:
    _write_one(tx, update(SESSIONS).where(SESSIONS.c.id == target.session_ids[number]).values(**values))


def _write_one(tx: Transaction, statement: Update) -> None:
    """A change concerns one row that is there. Raises ``LookupError`` rather than losing it without a word."""
    result = tx.execute(statement.execution_options(synchronize_session=False))
    if (hit := cast(CursorResult[Any], result).rowcount) != 1:
        raise LookupError(f"a change met {hit} rows instead of one")
