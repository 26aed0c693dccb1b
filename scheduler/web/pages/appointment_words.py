"""Appointments in a list: when, what, with whom, and how each stands."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.series import AppointmentStatus
from scheduler.operations.patients.patient_history import PastOrComing
from scheduler.storage.rows import PatientAnswer
from scheduler.web.pages.day_cards import CODES, Look, looks
from scheduler.web.pages.words import clock, say, words


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment. ``path`` is where it stands in its day; a cancelled one stands nowhere."""

    on: date
    time: str
    what: str
    who: str
    look: Look
    at_risk: bool
    path: str | None
    series_path: str | None


def line_of(one: PastOrComing) -> Line:
    """The appointment in words."""
    cancelled = one.status is AppointmentStatus.CANCELLED
    return Line(
        on=one.on,
        time=clock(one.starts_at, one.zone),
        what=what_of(one),
        who=one.practitioner or "",
        look=look_of(one),
        at_risk=one.at_risk and not cancelled,
        path=None if cancelled else f"/day/{one.on.isoformat()}?open={one.id}",
        series_path=f"/series/{one.series_id}" if one.series_id else None,
    )


def what_of(one: PastOrComing) -> str:
    """The treatment, and which session of its series."""
    name = words().translated(one.treatment)
    return say("%(treatment)s, session %(session)d", treatment=name, session=one.session) if one.session else name


def look_of(one: PastOrComing) -> Look:
    """The status as a colour, an icon and a word."""
    if one.status is AppointmentStatus.CANCELLED:
        return Look("cancelled", "calendar-x", say("Cancelled"))
    if one.status is AppointmentStatus.BOOKED and one.answer is not PatientAnswer.NEEDS_ACTION:
        return _answered(one.answer)
    return looks()[CODES[one.status]]


def _answered(answer: PatientAnswer) -> Look:
    if answer is PatientAnswer.DECLINED:
        return Look("dna", "ban", say("Declined"))
    return looks()["confirmed"] if answer is PatientAnswer.ACCEPTED else Look("booked", "calendar", say("Not sure yet"))
