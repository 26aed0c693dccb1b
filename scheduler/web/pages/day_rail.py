"""The rail beside a day: who waits, and who comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scheduler.domain.series import AppointmentStatus
from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.operations.days.days import Day, PractitionerDay
from scheduler.web.pages.day_cards import delay_words, late_words, minutes_late, minutes_waited, session_of
from scheduler.web.pages.words import clock, counted, words

SOONEST = 6
"""How many who come next are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who waits or comes: when, who, and a detail. ``delay`` says that the practitioner runs late."""

    id: UUID
    time: str
    patient: str
    detail: str
    is_late: bool
    revision: int
    delay: str = ""


People = Mapping[UUID, PractitionerDay]


def practitioners_of(day: Day) -> People:
    """Who works on a day, by id."""
    return {one.column.resource_id: one for one in day.practitioners}


def waiting(appointments: Iterable[DayAppointment], people: People, zone: str, now: datetime) -> list[Line]:
    """Those who are here and not yet called in, who came first on top."""
    here = [one for one in appointments if one.status is AppointmentStatus.ARRIVED]
    here.sort(key=lambda one: one.arrived_at or one.starts_at)
    return [_waiting(one, people, zone, now) for one in here]


def _waiting(one: DayAppointment, people: People, zone: str, now: datetime) -> Line:
    minutes = minutes_waited(one, now) or 0
    since = counted("waiting %(number)d min", "waiting %(number)d min", minutes)
    who = people.get(one.practitioner_id) if one.practitioner_id else None
    detail = f"{since}, {who.column.name}" if who else since
    return Line(one.id, clock(one.starts_at, zone), one.patient, detail, False, one.revision, _delay(one, people))


def arriving(appointments: Iterable[DayAppointment], people: People, zone: str, now: datetime) -> list[Line]:
    """Those who are expected: who should be here already, then who comes next."""
    expected = [one for one in appointments if one.status is AppointmentStatus.BOOKED and one.ends_at > now]
    return [_arriving(one, people, zone, now) for one in expected[:SOONEST]]


def _arriving(one: DayAppointment, people: People, zone: str, now: datetime) -> Line:
    late = minutes_late(one, now)
    session = session_of(one)
    detail = late_words(late) if late else ", ".join(filter(None, (words().translated(one.treatment), session)))
    return Line(one.id, clock(one.starts_at, zone), one.patient, detail, bool(late), one.revision, _delay(one, people))


def _delay(one: DayAppointment, people: People) -> str:
    """What to tell somebody whose practitioner runs late."""
    who = people.get(one.practitioner_id) if one.practitioner_id else None
    return delay_words(who.delay) if who and who.delay else ""
