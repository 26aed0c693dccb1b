"""Claiming: the claims that changes free and make, and the revisions that follow.

All deletions come before all insertions, so that two appointments can swap their slots in one transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    Change,
    RiskChanged,
)
from scheduler.domain.protocol import Phase
from scheduler.domain.slots import Slot, claims_of
from scheduler.storage.feeds import mark_feeds
from scheduler.storage.locking import in_order
from scheduler.storage.rows import AppointmentRow, ClaimRow, ResourceRow, SeriesRow, table
from scheduler.storage.snapshots import APPOINTMENT_COLUMNS, slot_of

CLAIMS = table(ClaimRow)
RESOURCES = table(ResourceRow)
SERIES = table(SeriesRow)

# Statements of the hot path are built once: to build one costs more than to run it.
_BUSIER = (
    update(RESOURCES)
    .where(RESOURCES.c.id.in_(in_order(ResourceRow, bindparam("subjects", expanding=True))))
    .values(busy_revision=RESOURCES.c.busy_revision + 1)
)
_NEWER = update(SERIES).where(SERIES.c.id == bindparam("series")).values(revision=SERIES.c.revision + 1)
_PLACES = select(AppointmentRow.practitioner_id, AppointmentRow.room_id, AppointmentRow.device_id).where(
    AppointmentRow.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Target:
    """Whose rows the changes concern: one series, or the visits of one patient."""

    organisation_id: UUID
    clinic_id: UUID
    patient_id: UUID
    zone: str
    phases: Callable[[int], Sequence[Phase]]
    by: UUID
    at: datetime
    series_id: UUID | None = None
    session_ids: Mapping[int, UUID] = field(default_factory=dict)
    visit_type_id: UUID | None = None
    sites: tuple[str, ...] = ()

    def session_id(self, number: int | None) -> UUID | None:
        return None if number is None else self.session_ids.get(number)


def release_claims(tx: Transaction, changes: Sequence[Change]) -> set[UUID]:
    """Delete the claims of every appointment that moves or goes; returns the patients and resources that they held."""
    released = [id_ for change in changes if (id_ := _released(change))]
    if not released:
        return set()
    of_these = CLAIMS.c.appointment_id.in_(released)
    touched = set(tx.scalars(select(CLAIMS.c.subject_id).where(of_these)))
    tx.execute(delete(CLAIMS).where(of_these))
    return touched


def _released(change: Change) -> UUID | None:
    match change:
        case AppointmentMoved() | AppointmentCancelled() | AppointmentStatusChanged(frees=True):
            return change.appointment_id
    return None


def make_claims(tx: Transaction, target: Target, changes: Sequence[Change]) -> set[UUID]:
    """Insert the claims of every appointment that is booked or moves; returns whom and what they hold."""
    claims = [claim for change in changes for claim in _claims(change, tx, target)]
    if claims:
        tx.execute(insert(CLAIMS), claims)
    return {claim["subject_id"] for claim in claims}


def _claims(change: Change, tx: Transaction, target: Target) -> Iterator[dict[str, Any]]:
    """The claims that a change makes. A no-show who comes after all claims the old slot again."""
    match change:
        case AppointmentBooked(slot=slot, treatment_extra=extra) | AppointmentMoved(after=slot, treatment_extra=extra):
            yield from _claim_rows(target, change.appointment_id, slot, extra)
        case AppointmentStatusChanged(claims=True):
            row = tx.execute(select(*APPOINTMENT_COLUMNS).where(AppointmentRow.id == change.appointment_id)).one()
            yield from _claim_rows(target, row.id, slot_of(row), row.treatment_extra)


def _claim_rows(target: Target, appointment_id: UUID, slot: Slot, extra: int) -> Iterator[dict[str, Any]]:
    owner = {"organisation_id": target.organisation_id, "clinic_id": target.clinic_id, "appointment_id": appointment_id}
    for claim in claims_of(slot, target.phases(extra), target.patient_id):
        yield owner | {"subject_id": claim.subject_id, "starts_at": claim.starts_at, "ends_at": claim.ends_at}


def bump_revisions(tx: Transaction, target: Target, subjects: set[UUID]) -> None:
    """Move every revision that a change must move: the resources' busy time, the series.

    Resources are locked in the order of their ids even here, where the caller should hold their locks already.
    """
    if subjects:
        tx.execute(_BUSIER, {"subjects": subjects})
    if target.series_id:
        tx.execute(_NEWER, {"series": target.series_id})


def touch_feeds(tx: Transaction, target: Target, changes: Sequence[Change], subjects: set[UUID]) -> None:
    """Mark the feeds of the patient, the clinic, and every resource that had or has a part in what changed.

    ``subjects`` have freed or made claims; what only changed its state occupies what it did before.
    """
    involved = {target.patient_id, target.clinic_id, *subjects}
    others = [change.appointment_id for change in changes if isinstance(change, AppointmentStatusChanged | RiskChanged)]
    if others:
        involved.update(id_ for row in tx.execute(_PLACES, {"ids": others}) for id_ in row if id_)
    mark_feeds(tx, involved)
