"""A full outbox: many patients who each have a visit to come and have not been told of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.domain.contact import CalendarBy, Contact
from scheduler.storage.rows import AppointmentRow, EntryKind, MessageKind, OutboxRow, PatientRow, table
from scheduler.storage.types import new_id
from tests.support.clinic import Clinic
from tests.support.rows import NOW


def fill_outbox(clinic: Clinic, messages: int, now: datetime = NOW, **choices: Any) -> list[UUID]:
    """So many messages that are due at ``now``, each of a patient of its own; the patients."""
    patients = [new_id() for _ in range(messages)]
    clinic.database.write(lambda tx: _write(tx, clinic, patients, now, choices))
    return patients


def _write(tx: Session, clinic: Clinic, patients: list[UUID], now: datetime, choices: dict[str, Any]) -> None:
    owner = {"organisation_id": clinic.organisation_id}
    wishes = {"contact": Contact.EMAIL, "calendar_by": CalendarBy.INVITATIONS} | choices
    people = [
        {**owner, "id": id_, "name": f"Patient {n}", "search_text": f"patient {n}", "created_at": now}
        | {"email": f"patient{n}@example.org", "phone": f"+49 30 {n:07}"}
        | wishes
        for n, id_ in enumerate(patients)
    ]
    here = owner | {"clinic_id": clinic.clinic_id}
    tx.execute(insert(table(PatientRow)), people)
    tx.execute(insert(table(AppointmentRow)), [_visit(clinic, here, id_, n, now) for n, id_ in enumerate(patients)])
    tx.execute(insert(table(OutboxRow)), [_message(here, id_, now) for id_ in patients])


def _visit(clinic: Clinic, here: dict[str, Any], patient_id: UUID, n: int, now: datetime) -> dict[str, Any]:
    starts_at = now + timedelta(days=30, minutes=15 * n)  # too early for a reminder
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=15), "on_date": starts_at.date()}
    about = {"visit_type_id": clinic.entries[EntryKind.VISIT_TYPE, "consultation"], "wall_start": "", "sites": []}
    made = {"created_at": now, "changed_at": now}
    return {**here, "id": new_id(), "uid": new_id(), "patient_id": patient_id, **times, **about, **made}


def _message(here: dict[str, Any], patient_id: UUID, now: datetime) -> dict[str, Any]:
    about = {"dedupe_key": f"test:{patient_id}", "kind": MessageKind.NEWS, "payload": {}}
    return {**here, "id": new_id(), "patient_id": patient_id, **about, "due_at": now, "created_at": now}
