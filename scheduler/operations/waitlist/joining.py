"""Joining the waitlist and leaving it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require_fully
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.wishes import Preference
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.patients.patients import patient_row
from scheduler.storage import entries
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import EntryKind, ResourceRow, WaitlistRow
from scheduler.storage.snapshots import load_snapshot
from scheduler.storage.types import new_id

W = WaitlistRow
MOST_PREFERENCES = 50


@dataclass(frozen=True, slots=True)
class WaitlistWish:
    """What somebody waits for: the next session of ``series_id``, a visit of the type ``visit_type`` at ``clinic_id``
    until the clinic date ``until``, or an earlier start of ``appointment_id``. Exactly one of the three.

    ``prefer`` are the only hours at which the patient wants to be asked.
    """

    series_id: UUID | None = None
    visit_type: str | None = None
    appointment_id: UUID | None = None
    clinic_id: UUID | None = None
    until: date | None = None
    practitioner_id: UUID | None = None
    prefer: tuple[Preference, ...] = ()
    note: str = ""


def join_waitlist(context: Context, *, patient_id: UUID, wish: WaitlistWish) -> UUID:
    """Put a patient on the waitlist.

    Raises ``NotFound``; ``Invalid`` (``one_wish``, ``until_passed``, ``not_a_practitioner``); ``RuleBroken``:
    ``already_waiting``, ``nothing_to_wait_for`` when every session has a date, ``appointment_begun``.
    """
    require_fully(context.actor, Action.BOOK)
    patient_row(context, patient_id)
    lock_patients(context.tx, [patient_id])
    wanted = _wanted(context, patient_id, wish)
    _refuse_twice(context, patient_id, wanted)
    _refuse_strangers(context, wish.practitioner_id)
    row = W(
        id=new_id(),
        organisation_id=context.organisation_id,
        patient_id=patient_id,
        practitioner_id=wish.practitioner_id,
        prefer=stored_preferences(wish.prefer),
        note=wish.note,
        added_by=context.actor.user_id,
        added_at=context.now,
        **wanted,
    )
    context.tx.add(row)
    context.tx.flush()
    record(context, "waitlist_joined", "waitlist", row.id, clinic_id=row.clinic_id, patient_id=patient_id)
    return row.id


def leave_waitlist(context: Context, *, entry_id: UUID) -> None:
    """Take somebody off the waitlist. Once more does nothing. Raises ``NotFound``."""
    require_fully(context.actor, Action.BOOK)
    mine = (W.id == entry_id, W.organisation_id == context.organisation_id)
    row = context.tx.scalar(select(W).where(*mine).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("There is no such entry of the waitlist.", entry_id=str(entry_id))
    if row.ended_at is None:
        row.ended_at, row.ended_by = context.now, context.actor.user_id
        context.tx.flush()
        record(context, "waitlist_left", "waitlist", row.id, clinic_id=row.clinic_id, patient_id=row.patient_id)


def _wanted(context: Context, patient_id: UUID, wish: WaitlistWish) -> dict[str, Any]:
    if [wish.series_id, wish.visit_type, wish.appointment_id].count(None) != 2:
        raise Invalid("Name a series, a visit type or an appointment, and only one of them.", code="one_wish")
    if wish.series_id is not None:
        return _of_series(context, patient_id, wish.series_id)
    if wish.appointment_id is not None:
        return _of_appointment(context, patient_id, wish.appointment_id)
    return _of_visit(context, wish)


def _of_series(context: Context, patient_id: UUID, series_id: UUID) -> dict[str, Any]:
    series = load_snapshot(context.tx, context.organisation_id, series_id, context.now).series
    if series.patient_id != patient_id:
        raise NotFound("This patient has no such series.", series_id=str(series_id))
    if not any(session.open and session.booking is None for session in series.sessions):
        remedy = "To come earlier, put the appointment on the list."
        raise RuleBroken("Every session of this series has a date.", code="nothing_to_wait_for", remedy=remedy)
    return {"clinic_id": series.clinic_id, "series_id": series_id}


def _of_appointment(context: Context, patient_id: UUID, appointment_id: UUID) -> dict[str, Any]:
    found = get_appointment(context, appointment_id=appointment_id)
    if found.patient_id != patient_id:
        raise NotFound("This patient has no such appointment.", appointment_id=str(appointment_id))
    if found.status is not AppointmentStatus.BOOKED or found.starts_at <= context.now:
        raise RuleBroken("Only an appointment that is still to come can come earlier.", code="appointment_begun")
    return {"clinic_id": found.clinic_id, "appointment_id": appointment_id, "booked_at": found.starts_at}


def _of_visit(context: Context, wish: WaitlistWish) -> dict[str, Any]:
    if wish.clinic_id is None or wish.visit_type is None:
        raise Invalid("Name the clinic of the visit.", code="clinic_missing", field="clinic_id")
    clinic = clinic_of(context, wish.clinic_id)
    entries.current_entry(context.tx, context.organisation_id, EntryKind.VISIT_TYPE, wish.visit_type)
    if wish.until is not None and wish.until < clinic_date(context.now, clinic.zone):
        raise Invalid(
            "The last day lies in the past.", code="until_passed", field="until", until=wish.until.isoformat()
        )
    return {"clinic_id": clinic.id, "visit_type": wish.visit_type, "until": wish.until}


def _refuse_twice(context: Context, patient_id: UUID, wanted: Mapping[str, Any]) -> None:
    same = [
        getattr(W, name) == wanted[name] for name in ("series_id", "visit_type", "appointment_id") if name in wanted
    ]
    waiting = select(W.id).where(W.patient_id == patient_id, W.ended_at.is_(None), *same)
    if (found := context.tx.scalar(waiting)) is not None:
        remedy = "Take the first entry off the list to put in another."
        raise RuleBroken("The patient waits for this already.", code="already_waiting", remedy=remedy, entry=str(found))


def _refuse_strangers(context: Context, practitioner_id: UUID | None) -> None:
    if practitioner_id is None:
        return
    row = context.tx.get(ResourceRow, practitioner_id)
    if row is None or row.organisation_id != context.organisation_id or row.kind is not ResourceKind.PRACTITIONER:
        raise Invalid("There is no such practitioner.", code="not_a_practitioner", field="practitioner_id")


def stored_preferences(prefer: tuple[Preference, ...]) -> list[Any]:
    """Weekdays and hours as a document."""
    return [[one.weekday, one.from_time.isoformat("minutes"), one.to_time.isoformat("minutes")] for one in prefer]


def read_preferences(stored: list[Any]) -> tuple[Preference, ...]:
    """Weekdays and hours from a document."""
    return tuple(Preference(day, time.fromisoformat(since), time.fromisoformat(until)) for day, since, until in stored)
