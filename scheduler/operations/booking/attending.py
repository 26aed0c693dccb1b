"""Attending: arrive, check in, performed, no-show, cancel and correct, for sessions and visits alike."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from scheduler.domain import attendance
from scheduler.domain.access import Action, require_fully
from scheduler.domain.attendance import Attended
from scheduler.domain.changes import CancelReason, Times
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.slot_conflicts import Qualification
from scheduler.operations.booking.deeds import Deed, carry_out, lock_slots, locked_snapshot, locked_visit
from scheduler.operations.booking.placing import refuse_unavailable
from scheduler.operations.context import Context
from scheduler.storage.rows import AppointmentRow
from scheduler.storage.slot_facts import qualifications
from scheduler.storage.snapshots import Snapshot, booking_of


def arrive(context: Context, *, appointment_id: UUID, seen: int | None = None) -> Deed:
    """The patient is here. ``seen`` is the revision that the caller looked at, here and below."""
    snapshot, at = _locked(context, Action.BOOK, appointment_id, seen)
    changes = attendance.arrival(at, snapshot.around.today, context.now)
    if at.booking.status is AppointmentStatus.NOSHOW:
        refuse_unavailable(context, snapshot, at.booking)
    return carry_out(context, snapshot, changes, "arrived", tell_patient=False)


def check_in(context: Context, *, appointment_id: UUID, seen: int | None = None) -> Deed:
    """The treatment begins: no hold applies today, and the practitioner is qualified today."""
    snapshot, at = _locked(context, Action.BOOK, appointment_id, seen)
    around = snapshot.around
    qualification = _qualification(context, snapshot, at)
    changes = attendance.check_in(at, around.holds, qualification, around.today, context.now)
    return carry_out(context, snapshot, changes, "checked_in", tell_patient=False)


def _qualification(context: Context, snapshot: Snapshot, at: Attended) -> Qualification | None:
    practitioner = at.booking.slot.practitioner_id
    if practitioner is None or snapshot.qualification is None:
        return None
    return qualifications(context.tx, [practitioner], snapshot.qualification).get(practitioner)


def perform(
    context: Context,
    *,
    appointment_id: UUID,
    on: date | None = None,
    partial: bool = False,
    seen: int | None = None,
) -> Deed:
    """The treatment took place on the clinic date ``on`` (today when not given), wholly or in part."""
    snapshot, at = _locked(context, Action.RECORD, appointment_id, seen)
    today = snapshot.around.today
    lock_slots(context, [at.booking.slot])
    changes = attendance.performed(at, on or today, today, context.now, partial=partial)
    return carry_out(context, snapshot, changes, "performed", tell_patient=False)


def miss(context: Context, *, appointment_id: UUID, seen: int | None = None) -> Deed:
    """The patient did not come. The session is due again and the slot is free."""
    snapshot, at = _locked(context, Action.BOOK, appointment_id, seen)
    lock_slots(context, [at.booking.slot])
    return carry_out(context, snapshot, attendance.no_show(at, context.now), "no_show", tell_patient=False)


def cancel(
    context: Context,
    *,
    appointment_id: UUID,
    cancel_reason: CancelReason,
    note: str | None = None,
    seen: int | None = None,
    tell_patient: bool = True,
) -> Deed:
    """Call an appointment off. Later sessions whose gap breaks are at risk from now on."""
    snapshot, at = _locked(context, Action.BOOK, appointment_id, seen)
    lock_slots(context, [at.booking.slot])
    changes = attendance.cancel(at, cancel_reason)
    return carry_out(context, snapshot, changes, "cancelled", reason=note, tell_patient=tell_patient)


def correct(context: Context, *, appointment_id: UUID, reason: str, seen: int | None = None) -> Deed:
    """Take back a record that is wrong. A practitioner's, with a reason."""
    snapshot, at = _locked(context, Action.CORRECT, appointment_id, seen)
    lock_slots(context, [at.booking.slot])
    changes = attendance.correct(at)
    return carry_out(context, snapshot, changes, "corrected", reason=reason, tell_patient=False)


def _locked(context: Context, action: Action, appointment_id: UUID, seen: int | None) -> tuple[Snapshot, Attended]:
    """The appointment, whatever its state, under its patient's lock. Raises ``NotFound``, ``Stale``, ``NotAllowed``."""
    require_fully(context.actor, action)
    columns = (AppointmentRow.series_id, AppointmentRow.session_id)
    mine = (AppointmentRow.id == appointment_id, AppointmentRow.organisation_id == context.organisation_id)
    found = context.tx.execute(select(*columns).where(*mine)).one_or_none()
    if found is None:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))
    if found.series_id is None:
        snapshot, number = locked_visit(context, appointment_id, seen), None
    else:
        snapshot = locked_snapshot(context, found.series_id, seen)
        number = next(n for n, session_id in snapshot.session_ids.items() if session_id == found.session_id)
    query = select(AppointmentRow).where(AppointmentRow.id == appointment_id)
    row = context.tx.scalars(query.execution_options(populate_existing=True)).one()
    times = Times(row.arrived_at, row.started_at, row.ended_at)
    return snapshot, Attended(snapshot.series, booking_of(row), number, times)
