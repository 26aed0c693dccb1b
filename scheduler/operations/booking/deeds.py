"""Deeds: how an operation on a series becomes durable.

Lock the patient, read the series, decide in the domain, lock the resources, write: changes, audit, undo and the message
to come are one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select

from scheduler.domain.applied import applied
from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    Change,
)
from scheduler.domain.dating import risk_changes
from scheduler.domain.series import AppointmentStatus, SeriesState
from scheduler.domain.slots import Slot
from scheduler.operations.context import Context, expect_revision, record
from scheduler.operations.messages.announcing import UNDO_TIME, announce, gets_invitations, know_already
from scheduler.storage.applying import apply_changes
from scheduler.storage.claiming import Target
from scheduler.storage.locking import lock_patients, lock_resources
from scheduler.storage.rows import (
    AppointmentRow,
    ChangeSetRow,
    ClaimRow,
    KeepRow,
    SeriesRow,
    table,
)
from scheduler.storage.snapshots import Snapshot, load_snapshot, patient_of_series
from scheduler.storage.steps import steps_of
from scheduler.storage.types import new_id
from scheduler.storage.visits import load_visit

CHANGE_SETS = table(ChangeSetRow)
CLAIMS = table(ClaimRow)
KEEPS = table(KeepRow)
SERIES = table(SeriesRow)

_INSERT_CHANGE_SET = insert(CHANGE_SETS)
_EXPIRED = select(KEEPS.c.id).where(KEEPS.c.kept_until <= bindparam("now"))
_CLEAR_EXPIRED = (
    delete(CLAIMS)
    .where(CLAIMS.c.subject_id.in_(bindparam("subjects", expanding=True)), CLAIMS.c.keep_id.in_(_EXPIRED))
    .execution_options(synchronize_session=False)
)
_RUNNING = (
    select(SERIES.c.id)
    .where(SERIES.c.patient_id == bindparam("patient"), SERIES.c.state == SeriesState.ACTIVE)
    .order_by(SERIES.c.id)
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: its id (to undo it until ``undo_until``), the changes, and the revision that they led to.

    ``about_id`` is the series, or the appointment of a visit.
    """

    id: UUID
    about_id: UUID
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
        series_id=None if snapshot.visit_type_id else series.id,
        session_ids=snapshot.session_ids,
        visit_type_id=snapshot.visit_type_id,
        sites=series.sites,
    )


def locked_visit(context: Context, appointment_id: UUID, seen: int | None = None) -> Snapshot:
    """Lock the patient of a visit and read it. Raises ``NotFound``; ``Stale`` when ``seen`` is another revision."""
    found = load_visit(context.tx, context.organisation_id, appointment_id, context.now)
    lock_patients(context.tx, [found.series.patient_id])
    snapshot = load_visit(context.tx, context.organisation_id, appointment_id, context.now)
    expect_revision("appointment", snapshot.series.revision, seen)
    return snapshot


def carry_out(
    context: Context,
    snapshot: Snapshot,
    changes: Sequence[Change],
    action: str,
    *,
    reason: str | None = None,
    tell_patient: bool = True,
    by_call: bool = False,
    **facts: Any,
) -> Deed:
    """Write the changes of a locked series or visit, what they put at risk or mend, and the records of it.

    The patient is told in three minutes; without ``tell_patient`` the patient knows already. ``by_call`` leaves the
    telling to whoever is asked to call.
    """
    after = applied(snapshot.series, changes)
    whole = (*changes, *risk_changes(after, snapshot.around))
    apply_changes(context.tx, target_of(context, snapshot), whole)
    mend_neighbours(context, snapshot)
    revision = _revision_of_visit(context, after.id) if snapshot.visit_type_id else snapshot.series.revision + 1
    deed = Deed(new_id(), after.id, whole, revision, context.now + UNDO_TIME)
    steps = steps_of(whole)
    _keep_undo(context, snapshot, deed, steps)
    _tell(context, snapshot, deed, tell_patient, by_call)
    record(
        context,
        action,
        "appointment" if snapshot.visit_type_id else "series",
        after.id,
        clinic_id=after.clinic_id,
        patient_id=after.patient_id,
        reason=reason,
        rule_version=f"{after.protocol.code}@{after.protocol.version}",
        deed_id=str(deed.id),
        changes=steps,
        **facts,
    )
    return deed


def _revision_of_visit(context: Context, appointment_id: UUID) -> int:
    return context.tx.execute(select(AppointmentRow.sequence).where(AppointmentRow.id == appointment_id)).scalar_one()


def mend_neighbours(context: Context, snapshot: Snapshot) -> None:
    """Set or clear *at risk* in the patient's other running series, whose distance to this one may have changed."""
    mend_risks(context, snapshot.series.patient_id, leave_out=snapshot.series.id)


def mend_risks(context: Context, patient_id: UUID, leave_out: UUID | None = None) -> None:
    """Set or clear *at risk* in the patient's running series. The caller holds the patient's lock."""
    for series_id in context.tx.scalars(_RUNNING, {"patient": patient_id}).all():
        if series_id == leave_out:
            continue
        found = load_snapshot(context.tx, context.organisation_id, series_id, context.now)
        if changes := risk_changes(found.series, found.around):
            apply_changes(context.tx, target_of(context, found), changes)


def _keep_undo(context: Context, snapshot: Snapshot, deed: Deed, steps: list[dict[str, Any]]) -> None:
    """Remember what was done, so that it can be undone."""
    values = {
        "id": deed.id,
        "organisation_id": context.organisation_id,
        "clinic_id": snapshot.series.clinic_id,
        "patient_id": snapshot.series.patient_id,
        "series_id": None if snapshot.visit_type_id else deed.about_id,
        "made_by": context.actor.user_id,
        "made_at": context.now,
        "undo_until": deed.undo_until,
        "revision": deed.revision,
        "steps": steps,
    }
    context.tx.execute(_INSERT_CHANGE_SET, values)


def _tell(context: Context, snapshot: Snapshot, deed: Deed, tell_patient: bool, by_call: bool) -> None:
    """See to it that the patient is told of a deed, or note that the patient knows.

    Who gets invitations gets a mail in any case: otherwise the calendar would go on showing what is no longer so.
    """
    told = {
        change.appointment_id for change in deed.changes if isinstance(change, OF_APPOINTMENTS) and _is_told(change)
    }
    patient_id = snapshot.series.patient_id
    if not told:
        return
    if (tell_patient and not by_call) or gets_invitations(context, patient_id):
        announce(context, snapshot.series.clinic_id, [patient_id], f"deed:{deed.id}")
    elif not by_call:
        know_already(context, patient_id, told)


OF_APPOINTMENTS = AppointmentBooked | AppointmentMoved | AppointmentCancelled | AppointmentStatusChanged


def _is_told(change: Change) -> bool:
    """Whether a change is something to tell. What happens on the day of a visit, its patient knows."""
    if isinstance(change, AppointmentStatusChanged):
        return AppointmentStatus.ENTERED_IN_ERROR in (change.before, change.after)
    return True


def lock_slots(context: Context, slots: Iterable[Slot], patient_id: UUID | None = None) -> None:
    """Lock every resource of these slots, then clear away what expired keeps still claim of them and of the patient."""
    ids = {resource for slot in slots for resource in slot.resources.values()}
    lock_resources(context.tx, ids)
    subjects = [*ids, patient_id] if patient_id else list(ids)
    context.tx.execute(_CLEAR_EXPIRED, {"subjects": subjects, "now": context.now})
