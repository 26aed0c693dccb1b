"""Deeds: how an operation on a series becomes durable.

Lock the patient, read the series, decide in the domain, lock the resources, write: changes, audit, undo and the message
to come are one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from scheduler.domain.applied import applied
from scheduler.domain.changes import AppointmentBooked, AppointmentCancelled, AppointmentMoved, Change
from scheduler.domain.dating import risk_changes
from scheduler.domain.slots import Slot
from scheduler.operations.context import Context, expect_revision, record
from scheduler.storage.applying import apply_changes
from scheduler.storage.claiming import Target
from scheduler.storage.locking import lock_patients, lock_resources
from scheduler.storage.rows import ChangeSetRow, ClaimRow, KeepRow, OutboxRow
from scheduler.storage.snapshots import Snapshot, load_snapshot, patient_of_series
from scheduler.storage.steps import steps_of
from scheduler.storage.types import new_id

UNDO_TIME = timedelta(minutes=3)
"""How long a deed can be undone, and how long its message waits."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: its id (to undo it until ``undo_until``), the changes, and the series' new revision."""

    id: UUID
    series_id: UUID | None
    changes: tuple[Change, ...]
    revision: int
    undo_until: datetime


def locked_snapshot(context: Context, series_id: UUID, seen: int | None = None) -> Snapshot:
    """Lock the patient of a series and read it. Raises ``NotFound``; ``Stale`` when ``seen`` is another revision."""
    lock_patients(context.tx, [patient_of_series(context.tx, context.organisation_id, series_id)])
    snapshot = load_snapshot(context.tx, context.organisation_id, series_id, context.now)
    expect_revision("series", snapshot.series.revision, seen)
    return snapshot


def target_of(context: Context, snapshot: Snapshot) -> Target:
    """Where changes of this series are written."""
    series = snapshot.series
    return Target(
        organisation_id=snapshot.organisation_id,
        clinic_id=series.clinic_id,
        patient_id=series.patient_id,
        zone=series.zone,
        phases=lambda extra: series.protocol.phases_for(series.sites, series.addons, extra),
        by=context.actor.user_id,
        at=context.now,
        series_id=series.id,
        session_ids=snapshot.session_ids,
    )


def carry_out(
    context: Context,
    snapshot: Snapshot,
    changes: Sequence[Change],
    action: str,
    *,
    reason: str | None = None,
    tell_patient: bool = True,
    **facts: Any,
) -> Deed:
    """Write the changes of a locked series, what they put at risk or mend, and the records that belong to them."""
    after = applied(snapshot.series, changes)
    whole = (*changes, *risk_changes(after, snapshot.around))
    apply_changes(context.tx, target_of(context, snapshot), whole)
    deed = Deed(new_id(), after.id, whole, snapshot.series.revision + 1, context.now + UNDO_TIME)
    keep_undo(context, deed, after.clinic_id, after.patient_id)
    if tell_patient:
        announce(context, deed, after.clinic_id, after.patient_id)
    version = f"{after.protocol.code}@{after.protocol.version}"
    told = {"deed_id": str(deed.id), "changes": steps_of(whole), **facts}
    record(
        context,
        action,
        "series",
        after.id,
        clinic_id=after.clinic_id,
        patient_id=after.patient_id,
        reason=reason,
        rule_version=version,
        **told,
    )
    return deed


def keep_undo(context: Context, deed: Deed, clinic_id: UUID, patient_id: UUID) -> None:
    """Remember what was done, so that it can be undone."""
    values = {
        "id": deed.id,
        "organisation_id": context.organisation_id,
        "clinic_id": clinic_id,
        "patient_id": patient_id,
        "series_id": deed.series_id,
        "made_by": context.actor.user_id,
        "made_at": context.now,
        "undo_until": deed.undo_until,
        "revision": deed.revision,
        "steps": steps_of(deed.changes),
    }
    context.tx.execute(insert(ChangeSetRow).values(**values))


TOLD = AppointmentBooked | AppointmentMoved | AppointmentCancelled


def announce(context: Context, deed: Deed, clinic_id: UUID, patient_id: UUID) -> None:
    """Put one message about a deed into the outbox. It waits as long as the deed can be undone."""
    told = [change for change in deed.changes if isinstance(change, TOLD)]
    if not told:
        return
    values = {
        "id": new_id(),
        "organisation_id": context.organisation_id,
        "clinic_id": clinic_id,
        "dedupe_key": f"deed:{deed.id}",
        "kind": "appointments_changed",
        "patient_id": patient_id,
        "payload": {"deed_id": str(deed.id), "appointment_ids": [str(change.appointment_id) for change in told]},
        "due_at": deed.undo_until,
        "created_at": context.now,
    }
    context.tx.execute(insert(OutboxRow).values(**values))


def lock_slots(context: Context, slots: Iterable[Slot], also: Iterable[UUID] = ()) -> None:
    """Lock every resource of these slots, then clear away what expired keeps still claim of them."""
    ids = {resource for slot in slots for resource in slot.resources.values()} | set(also)
    lock_resources(context.tx, ids)
    expired = select(KeepRow.id).where(KeepRow.kept_until <= context.now)
    context.tx.execute(delete(ClaimRow).where(ClaimRow.subject_id.in_(ids), ClaimRow.keep_id.in_(expired)))
