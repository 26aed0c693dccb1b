"""What was booked, to read once more to the caller."""

from dataclasses import dataclass
from uuid import UUID

from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.booking.series import show_series
from scheduler.operations.patients.patients import get_patient
from scheduler.operations.places.resource_names import resource_names
from scheduler.web.pages.booking_words import Spoken, aloud
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.words import clock, long_day


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointments of a series or a visit; ``first_on`` is the first date, ``waiting`` how many more are due."""

    patient_id: UUID
    patient: str
    series_id: UUID | None
    days: tuple[str, ...]
    sentence: str
    first_on: str
    waiting: int


def done_of(call: PageCall, booked: str) -> Booked:
    """What an address names as booked. Raises ``NotFound``."""
    kind, _, number = booked.partition(":")
    return _of_visit(call, UUID(number)) if kind == "visit" else _of_series(call, UUID(number))


def _of_visit(call: PageCall, appointment_id: UUID) -> Booked:
    found = get_appointment(call.context, appointment_id=appointment_id)
    who = found.practitioner_id
    name = resource_names(call.context, [who]).get(who) if who else None
    said = [Spoken(found.on_date, clock(found.starts_at, found.zone), name)]
    return _told(call, found.patient_id, None, said, 0)


def _of_series(call: PageCall, series_id: UUID) -> Booked:
    series = show_series(call.context, series_id).snapshot.series
    bookings = [session.booking for session in series.sessions if session.booking]
    names = resource_names(call.context, [id_ for one in bookings for id_ in one.slot.resources.values()])
    said = [
        Spoken(one.on, clock(one.slot.starts_at, series.zone), names.get(one.slot.practitioner_id or UUID(int=0)))
        for one in bookings
    ]
    waiting = sum(session.open and session.booking is None for session in series.sessions)
    return _told(call, series.patient_id, series_id, said, waiting)


def _told(call: PageCall, patient_id: UUID, series_id: UUID | None, said: list[Spoken], waiting: int) -> Booked:
    patient = get_patient(call.context, patient_id=patient_id)
    return Booked(
        patient_id=patient_id,
        patient=patient.name,
        series_id=series_id,
        days=tuple(f"{long_day(one.on)}, {one.time}" for one in said),
        sentence=aloud(said) if said else "",
        first_on=said[0].on.isoformat() if said else "",
        waiting=waiting,
    )
