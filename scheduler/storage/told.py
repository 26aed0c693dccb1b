"""What patients have been told: read and written as the domain knows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.news import Known
from scheduler.storage.rows import AppointmentRow, ToldRow, table

TOLD = table(ToldRow)
APPOINTMENTS = table(AppointmentRow)
KNOWN = ("starts_at", "ends_at", "clinic_id", "place", "sequence", "cancelled", "invited")
COLUMNS = (TOLD.c.appointment_id, *(TOLD.c[name] for name in KNOWN))


def read_told(tx: Transaction, patient_id: UUID, now: datetime) -> dict[UUID, Known]:
    """What the patient was told of each appointment that was to come, or is to come, after ``now`` (UTC)."""
    query = (
        select(*COLUMNS)
        .join(APPOINTMENTS, APPOINTMENTS.c.id == TOLD.c.appointment_id)
        .where(TOLD.c.patient_id == patient_id)
        .where(or_(TOLD.c.starts_at > now, APPOINTMENTS.c.starts_at > now))
    )
    return {appointment_id: Known(*known) for appointment_id, *known in tx.execute(query)}


def write_told(
    tx: Transaction, organisation_id: UUID, patient_id: UUID, knows: Mapping[UUID, Known], now: datetime
) -> None:
    """Remember what the patient has been told at ``now`` (UTC). The caller holds the patient's lock."""
    mine = select(TOLD.c.appointment_id).where(TOLD.c.appointment_id.in_(knows))
    before = set(tx.scalars(mine))
    for id_ in before:
        tx.execute(update(TOLD).where(TOLD.c.appointment_id == id_).values(**_values(knows[id_], now)))
    owner = {"organisation_id": organisation_id, "patient_id": patient_id}
    if new := [owner | {"appointment_id": id_} | _values(knows[id_], now) for id_ in knows if id_ not in before]:
        tx.execute(insert(TOLD), new)


def _values(known: Known, now: datetime) -> dict[str, Any]:
    return {
        "starts_at": known.starts_at,
        "ends_at": known.ends_at,
        "clinic_id": known.clinic_id,
        "place": known.place,
        "sequence": known.sequence,
        "cancelled": known.cancelled,
        "invited": known.invited,
        "told_at": now,
    }


def known_to_json(known: Known) -> dict[str, Any]:
    """What a patient knows of an appointment, as a document."""
    return {
        "starts_at": known.starts_at.isoformat(),
        "ends_at": known.ends_at.isoformat(),
        "clinic_id": str(known.clinic_id),
        "place": known.place,
        "sequence": known.sequence,
        "cancelled": known.cancelled,
        "invited": known.invited,
    }


def known_from_json(document: Mapping[str, Any]) -> Known:
    """The inverse of ``known_to_json``."""
    starts_at, ends_at = (datetime.fromisoformat(document[name]) for name in ("starts_at", "ends_at"))
    clinic_id, rest = UUID(document["clinic_id"]), (document["cancelled"], document["invited"])
    return Known(starts_at, ends_at, clinic_id, document["place"], document["sequence"], *rest)
