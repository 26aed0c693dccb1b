"""Reminding: what is due before and after visits is found by looking, and put among the messages to come.

Nothing is stored ahead, so a visit that moves or goes needs no care here. A message is found once: its key names the
visit and its date.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, insert, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.contact import Contact
from scheduler.domain.reminders import LONGEST_NOTICE_DAYS, ComingVisit, humane, is_reminder_due
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.messages.care import care_of
from scheduler.storage.rows import (
    AppointmentRow,
    ClinicRow,
    MessageKind,
    OutboxRow,
    OutboxState,
    PatientRow,
    SeriesRow,
    ToldRow,
    table,
)
from scheduler.storage.types import new_id

A, P = AppointmentRow, PatientRow
STILL_HELPS = timedelta(hours=48)
"""Advice that could not go out so long after its time is left."""
UNDO = timedelta(minutes=3)


def remind(tx: Transaction, clinic_id: UUID, now: datetime) -> int:
    """Put the reminders and the advice of one clinic that are due at this UTC instant into the outbox; how many."""
    zone = tx.execute(select(ClinicRow.zone).where(ClinicRow.id == clinic_id).with_for_update()).scalar_one()
    due = [*_reminders(tx, clinic_id, zone, now), *_aftercare(tx, clinic_id, zone, now)]
    return _put(tx, due)


def _reminders(tx: Transaction, clinic_id: UUID, zone: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Nobody is reminded of a time before the news of it: they may be the last word, and then no reminder follows."""
    today = clinic_date(now, zone)
    unread = exists().where(
        OutboxRow.patient_id == A.patient_id,
        OutboxRow.kind == MessageKind.NEWS,
        OutboxRow.state == OutboxState.WAITING,
    )
    near = A.on_date.between(today, today + timedelta(days=LONGEST_NOTICE_DAYS))
    query = _appointments(clinic_id).add_columns(ToldRow.told_at, P.reminder_days)
    query = query.join(ToldRow, ToldRow.appointment_id == A.id)  # of a visit that is news, the news comes first
    for row in tx.execute(query.where(near, A.status == AppointmentStatus.BOOKED, ~unread)):
        days = care_of(tx, row).reminder_days if row.reminder_days is None else row.reminder_days
        if is_reminder_due(ComingVisit(row.on_date, row.starts_at, zone, days, row.told_at), now):
            told = {"starts_at": row.starts_at.isoformat()}
            yield _message(MessageKind.REMINDER, row, f"reminder:{row.id}:{row.on_date}", told, now)


def _aftercare(tx: Transaction, clinic_id: UUID, zone: str, now: datetime) -> Iterator[dict[str, Any]]:
    today = clinic_date(now, zone)
    recent = A.on_date.between(today - timedelta(days=LONGEST_NOTICE_DAYS), today)
    query = _appointments(clinic_id).where(recent, A.status == AppointmentStatus.FULFILLED)
    for row in tx.execute(query):
        ended_at = end_of(row, zone)
        for hours in care_of(tx, row).aftercare_hours():
            at = humane(ended_at + timedelta(hours=hours) + UNDO, zone)
            if at <= now < at + STILL_HELPS:
                told = {"hours": hours, "ended_at": ended_at.isoformat()}
                yield _message(MessageKind.AFTERCARE, row, f"aftercare:{row.id}:{hours}", told, now)


def end_of(row: Any, zone: str) -> datetime:
    """When a visit ended: as recorded on its day, else as planned."""
    recorded: datetime | None = row.ended_at
    planned: datetime = row.ends_at
    return recorded if recorded and clinic_date(recorded, zone) == row.on_date else planned


def _appointments(clinic_id: UUID) -> Select[Any]:
    columns: tuple[Any, ...] = (A.id, A.organisation_id, A.clinic_id, A.patient_id, A.on_date)
    times: tuple[Any, ...] = (A.starts_at, A.ends_at, A.ended_at)
    return (
        select(*columns, *times, A.visit_type_id, SeriesRow.protocol_id)
        .join(P, P.id == A.patient_id)
        .outerjoin(SeriesRow, SeriesRow.id == A.series_id)
        .where(A.clinic_id == clinic_id, P.contact != Contact.NONE)
    )


def _message(kind: MessageKind, row: Any, key: str, payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organisation_id": row.organisation_id,
        "clinic_id": row.clinic_id,
        "dedupe_key": key,
        "kind": kind,
        "patient_id": row.patient_id,
        "appointment_id": row.id,
        "payload": payload,
        "due_at": now,
        "created_at": now,
    }


def _put(tx: Transaction, messages: Sequence[dict[str, Any]]) -> int:
    known = _known(tx, [message["dedupe_key"] for message in messages])
    new = [message for message in messages if message["dedupe_key"] not in known]
    if new:
        tx.execute(insert(table(OutboxRow)), new)
    return len(new)


AT_ONCE = 500


def _known(tx: Transaction, keys: Sequence[str]) -> set[str]:
    parts: Iterable[Sequence[str]] = (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
    column = OutboxRow.dedupe_key
    return {key for part in parts for key in tx.scalars(select(column).where(column.in_(part)))}
