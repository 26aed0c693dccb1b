"""The cards of a day: one for each appointment, with its status as a colour, an icon and a word."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.storage.rows import PatientAnswer
from scheduler.web.pages.day_layout import Span
from scheduler.web.pages.words import clock, counted, say, words

ONE_LINE, NO_NOTE = 35, 55
"""Minutes up to which a card has one line, and up to which it has no room for a note."""


@dataclass(frozen=True, slots=True)
class Look:
    """A status as it is shown: the class of its colour, its icon, its word."""

    code: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One phase on the edge of a card, in minutes from its beginning. ``is_treatment`` is when hands are needed."""

    y: int
    height: int
    is_treatment: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One appointment as the front desk sees it. Nothing clinical is in it. ``delay``: minutes."""

    id: UUID
    patient_id: UUID
    patient: str
    start: str
    end: str
    minutes: int
    treatment: str
    session: str
    who: str
    look: Look
    notes: tuple[str, ...]
    alerts: tuple[str, ...]
    marks: tuple[Mark, ...]
    revision: int
    place: str = ""
    lane: str = ""
    delay: int = 0

    @property
    def late(self) -> str:
        """That the practitioner runs late, in words."""
        return delay_words(self.delay)

    @property
    def classes(self) -> str:
        """How it looks and where it stands."""
        return f"appt st-{self.look.code} {self.size} {self.place} {self.lane}".rstrip()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a day sheet says of it beside its facts."""
        return self.alerts + self.notes

    @property
    def size(self) -> str:
        """How much fits on the card."""
        return "one" if self.minutes <= ONE_LINE else "some" if self.minutes <= NO_NOTE else "all"


def looks() -> dict[str, Look]:
    """Every status, in the order of the legend."""
    found = (
        Look("booked", "calendar", say("Booked")),
        Look("confirmed", "check", say("Confirmed")),
        Look("arrived", "door-open", say("Waiting")),
        Look("session", "play", say("In session")),
        Look("done", "circle-check", say("Done")),
        Look("dna", "x", say("Did not attend")),
        Look("hold", "circle-pause", say("On hold")),
    )
    return {look.code: look for look in found}


CODES = {
    AppointmentStatus.BOOKED: "booked",
    AppointmentStatus.ARRIVED: "arrived",
    AppointmentStatus.CHECKED_IN: "session",
    AppointmentStatus.FULFILLED: "done",
    AppointmentStatus.NOSHOW: "dna",
}
HOLDABLE = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED})


def code_of(one: DayAppointment, held: frozenset[UUID]) -> str:
    """The status to show: that a hold is there comes first, and a patient's yes before the bare booking."""
    if one.id in held and one.status in HOLDABLE:
        return "hold"
    if one.status is AppointmentStatus.BOOKED and one.patient_answer is PatientAnswer.ACCEPTED:
        return "confirmed"
    return CODES[one.status]


def card_of(one: DayAppointment, look: Look, who: str, span: Span, now: datetime, delay: int = 0) -> Card:
    """The card of an appointment; ``who`` is the practitioner or the room, whichever its column does not name."""
    return Card(
        id=one.id,
        patient_id=one.patient_id,
        patient=one.patient,
        start=clock(one.starts_at, span.zone),
        end=clock(one.ends_at, span.zone),
        minutes=int((one.ends_at - one.starts_at).total_seconds()) // 60,
        treatment=words().translated(one.treatment),
        session=session_of(one),
        who=who,
        look=look,
        notes=tuple(note for note in (_since(one, now),) if note),
        alerts=alerts_of(one),
        marks=_marks(one),
        revision=one.revision,
        place=span.place(one.starts_at, one.ends_at),
        delay=delay if is_delayed(one, now) else 0,
    )


def session_of(one: DayAppointment) -> str:
    """“2 of 4” in a series; nothing for a single visit."""
    if one.session is None or one.sessions is None:
        return ""
    return say("%(session)d of %(sessions)d", session=one.session, sessions=one.sessions)


def alerts_of(one: DayAppointment) -> tuple[str, ...]:
    """What somebody should look at, in words."""
    if not (one.at_risk or one.to_decide or one.patient_answer is PatientAnswer.DECLINED):
        return ()
    told = (
        (one.at_risk, say("At risk")),
        (one.to_decide, say("Imported, decide")),
        (one.patient_answer is PatientAnswer.DECLINED, say("Declined by the patient")),
    )
    return tuple(word for is_so, word in told if is_so)


def minutes_waited(one: DayAppointment, now: datetime) -> int | None:
    """How long somebody who has arrived has waited, and not yet been called in."""
    if one.status is not AppointmentStatus.ARRIVED or one.arrived_at is None:
        return None
    return max(0, int((now - one.arrived_at).total_seconds()) // 60)


def minutes_late(one: DayAppointment, now: datetime) -> int | None:
    """How long ago somebody should have been here who is not."""
    late = int((now - one.starts_at).total_seconds()) // 60
    return late if one.status is AppointmentStatus.BOOKED and late > 0 else None


def late_words(minutes: int) -> str:
    """“9 min late”; after an hour it is no longer counted in minutes."""
    if minutes < 60:
        return counted("%(number)d min late", "%(number)d min late", minutes)
    return say("Not here yet")


def delay_words(minutes: int) -> str:
    """How late a practitioner runs."""
    return counted("about %(number)d min late", "about %(number)d min late", minutes)


def is_delayed(one: DayAppointment, now: datetime) -> bool:
    """Whether a practitioner's delay still matters to an appointment: it has not begun."""
    return one.status is AppointmentStatus.ARRIVED or (one.status is AppointmentStatus.BOOKED and one.ends_at > now)


def _since(one: DayAppointment, now: datetime) -> str | None:
    waited, late = minutes_waited(one, now), minutes_late(one, now)
    if waited:
        return counted("%(number)d min", "%(number)d min", waited)
    return late_words(late) if late is not None else None


def _marks(one: DayAppointment) -> tuple[Mark, ...]:
    """The phases while the patient is there; none where there is only one to tell."""
    phases = [phase for phase in one.phases if phase.needs_patient]
    if len(phases) < 2:
        return ()
    return tuple(
        Mark(
            int((phase.starts_at - one.starts_at).total_seconds()) // 60,
            int((phase.ends_at - phase.starts_at).total_seconds()) // 60,
            ResourceKind.PRACTITIONER in phase.needs,
        )
        for phase in phases
    )
