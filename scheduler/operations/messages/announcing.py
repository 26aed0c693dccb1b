"""Announcing: that there may be something to tell a patient, or that the patient knows already.

What there is to tell is worked out once the message is due, so nothing about the change itself is kept.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from scheduler.domain.contact import CalendarBy
from scheduler.domain.news import heard
from scheduler.operations.context import Context
from scheduler.operations.messages.patient_visits import patient_visits
from scheduler.storage.rows import AppointmentRow, MessageKind, OutboxRow, PatientRow, table
from scheduler.storage.told import read_told, write_told
from scheduler.storage.types import new_id

UNDO_TIME = timedelta(minutes=3)
"""How long a deed can be undone, and how long its message waits."""

_INSERT_MESSAGE = insert(table(OutboxRow))


def announce(context: Context, clinic_id: UUID, patient_ids: Iterable[UUID], about: str) -> None:
    """Have patients told what is news to them in three minutes. ``about`` names the cause, which announces itself once.

    Where there turns out to be no news, nothing is sent.
    """
    rows = [
        {
            "id": new_id(),
            "organisation_id": context.organisation_id,
            "clinic_id": clinic_id,
            "dedupe_key": f"{about}:{patient_id}",
            "kind": MessageKind.NEWS,
            "patient_id": patient_id,
            "payload": {},
            "due_at": context.now + UNDO_TIME,
            "created_at": context.now,
        }
        for patient_id in patient_ids
    ]
    if rows:
        context.tx.execute(_INSERT_MESSAGE, rows)


def announce_to(context: Context, patient_id: UUID, about: str) -> None:
    """Have a patient told who is to be told in another way from now on, if any appointment is to come."""
    to_come = (AppointmentRow.patient_id == patient_id, AppointmentRow.starts_at > context.now)
    query = select(AppointmentRow.clinic_id).where(*to_come).order_by(AppointmentRow.starts_at).limit(1)
    if clinic_id := context.tx.scalar(query):
        announce(context, clinic_id, [patient_id], about)


def gets_invitations(context: Context, patient_id: UUID) -> bool:
    """Whether appointments reach the patient's calendar by mail, and by nothing else."""
    chosen = context.tx.scalar(select(PatientRow.calendar_by).where(PatientRow.id == patient_id))
    return chosen is CalendarBy.INVITATIONS


def know_all(context: Context, patient_id: UUID) -> None:
    """The patient knows of every appointment as it stood at ``now``. The patient is locked."""
    told = read_told(context.tx, patient_id, context.now)
    visits = patient_visits(context.tx, patient_id, told, context.now)
    earlier = [id_ for id_, visit in visits.items() if visit.view.changed_at <= context.now]
    know_already(context, patient_id, earlier)


def know_already(context: Context, patient_id: UUID, appointment_ids: Collection[UUID]) -> None:
    """The patient has been told of these appointments, as they stand, by other means. The patient is locked."""
    told = read_told(context.tx, patient_id, context.now)
    visits = patient_visits(context.tx, patient_id, appointment_ids, context.now)
    knows = {id_: heard(told.get(id_), visits[id_].known) for id_ in appointment_ids}
    write_told(context.tx, context.organisation_id, patient_id, knows, context.now)
