"""Own choices: how a patient wants to be told, and a call when the personal link has run out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.access import Action, require
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context, home_clinic
from scheduler.operations.patients.patients import Patient, changed_patient
from scheduler.operations.staff.operators import make_patients_user, patient_of
from scheduler.storage.rows import MessageKind, OutboxRow, OutboxState, PatientLinkRow, PatientRow

CHOOSABLE = frozenset({"contact", "language", "privacy", "reminder_days"})
WANTS_A_LINK = "The patient's personal link has run out. Please make a fresh one and send it."


def choose_own(context: Context, *, seen: int, given: Mapping[str, Any]) -> Patient:
    """Change how one is told. ``given`` names some of ``CHOOSABLE``. Raises ``Stale``, ``Invalid``, ``NotAllowed``."""
    require(context.actor, Action.CHOOSE_OWN)
    if context.actor.patient_id is None:
        raise NotFound("There is no such patient.")
    make_patients_user(context.tx, context.organisation_id)
    chosen = {name: value for name, value in given.items() if name in CHOOSABLE}
    return changed_patient(context, context.actor.patient_id, seen, chosen)


def ask_for_fresh_link(tx: Session, old: PatientLinkRow, now: datetime) -> None:
    """Have staff send a fresh link to the contact on file. Asked again, it changes nothing."""
    key = f"link:{old.id}"
    if tx.scalar(select(OutboxRow.id).where(OutboxRow.dedupe_key == key)) is None:
        tx.add(_call(tx, old, key, now))
        tx.flush()


def _call(tx: Session, old: PatientLinkRow, key: str, now: datetime) -> OutboxRow:
    patient = tx.get_one(PatientRow, old.patient_id)
    asking = Context(tx, patient_of(old.organisation_id, patient.id, patient.name), now)
    return OutboxRow(
        organisation_id=old.organisation_id,
        clinic_id=home_clinic(asking),
        dedupe_key=key,
        kind=MessageKind.CALL,
        patient_id=old.patient_id,
        payload={"link_id": str(old.id)},
        state=OutboxState.TO_CALL,
        content={"say": WANTS_A_LINK},
        due_at=now,
        created_at=now,
    )
