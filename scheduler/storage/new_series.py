"""Series that are not stored yet, read as if they were, so that one set of rules decides about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from scheduler.domain.series import Series, Session
from scheduler.storage import entries
from scheduler.storage.rows import ClinicRow
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.surroundings import blocking_holds, surroundings
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class NewSeries:
    """What a series would be: ``protocol_id`` is a version of a protocol, ``start_on`` a clinic date."""

    patient_id: UUID
    protocol_id: UUID
    sessions: int
    sites: Sequence[str]
    addons: Sequence[str]
    start_on: date


def new_series(tx: Transaction, clinic: ClinicRow, wanted: NewSeries, now: datetime) -> Snapshot:
    """The snapshot of a draft that nobody has stored."""
    series = _series(tx, clinic, wanted)
    holds = blocking_holds(tx, [series.patient_id])
    return Snapshot(
        series=series,
        around=surroundings(tx, [series], holds, now)[series.id],
        organisation_id=clinic.organisation_id,
        clinic_name=clinic.name,
        protocol_id=wanted.protocol_id,
        session_ids={},
        all_holds=holds[series.patient_id],
        qualification=series.protocol.code,
    )


def _series(tx: Transaction, clinic: ClinicRow, wanted: NewSeries) -> Series:
    return Series(
        id=new_id(),
        patient_id=wanted.patient_id,
        clinic_id=clinic.id,
        zone=clinic.zone,
        protocol=entries.protocol(tx, wanted.protocol_id),
        sites=tuple(wanted.sites),
        sessions=tuple(Session(number) for number in range(1, wanted.sessions + 1)),
        start_on=wanted.start_on,
        addons=tuple(wanted.addons),
    )
