"""The waitlist in words: who waits for what and when it suits, and what a patient could wait for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.wishes import Preference
from scheduler.operations.booking.bookable import what_can_be_booked
from scheduler.operations.booking.courses import courses_of
from scheduler.operations.context import Context
from scheduler.operations.patients.patient_history import PastOrComing, appointments_of_patient
from scheduler.operations.waitlist.waiting import WaitlistEntry
from scheduler.web.pages.booking_words import weekday
from scheduler.web.pages.words import clock, day_with_year, long_day, say, words

Group = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One entry of the list. ``path`` leads to where it can be booked or moved."""

    id: UUID
    patient_id: UUID
    patient: str
    phone: str | None
    what: str
    window: str
    wishes: str
    note: str
    since: str
    path: str
    moves: bool


def line_of(entry: WaitlistEntry, wall: str | None = None, who: UUID | None = None) -> WaitingLine:
    """An entry in words; with a wall time and a practitioner its path leads to just that slot."""
    return WaitingLine(
        id=entry.id,
        patient_id=entry.patient_id,
        patient=entry.patient,
        phone=entry.phone,
        what=_what(entry),
        window=_window(entry),
        wishes="; ".join(_wishes(entry)),
        note=entry.note,
        since=say("since %(day)s, %(who)s", day=long_day(clinic_date(entry.added_at, entry.zone)), who=entry.added_by),
        path=_path(entry, wall, who),
        moves=entry.appointment_id is not None,
    )


def _what(entry: WaitlistEntry) -> str:
    told = words().translated(entry.treatment)
    if entry.session is not None:
        told = say("%(treatment)s, session %(session)d", treatment=told, session=entry.session)
    if entry.booked_at is None:
        return told
    when = f"{long_day(clinic_date(entry.booked_at, entry.zone))}, {clock(entry.booked_at, entry.zone)}"
    return say("%(what)s, earlier than %(when)s", what=told, when=when)


def _window(entry: WaitlistEntry) -> str:
    waiting = entry.waiting
    if waiting is None:
        return say("no allowed day at present")
    if waiting.last is None:
        return say("any day")
    if waiting.last == waiting.first:
        return say("only %(day)s", day=day_with_year(waiting.last))
    return say("%(first)s to %(last)s", first=long_day(waiting.first), last=day_with_year(waiting.last))


def _wishes(entry: WaitlistEntry) -> Iterator[str]:
    prefer = entry.waiting.prefer if entry.waiting else ()
    for _, alike in groupby(prefer, lambda one: (one.from_time, one.to_time)):
        yield _hours(tuple(alike))
    if entry.practitioner:
        yield say("with %(who)s", who=entry.practitioner)


def _hours(alike: tuple[Preference, ...]) -> str:
    """“Tuesday, Thursday from 16:00”: days that share their hours."""
    days = ", ".join(weekday(one.weekday, "wide") for one in alike) if len(alike) < 7 else say("every day")
    since, until = alike[0].from_time, alike[0].to_time
    if since == until == time.min:
        return days
    if until == time.min:
        return say("%(days)s from %(since)s", days=days, since=f"{since:%H:%M}")
    if since == time.min:
        return say("%(days)s until %(until)s", days=days, until=f"{until:%H:%M}")
    return say("%(days)s %(since)s to %(until)s", days=days, since=f"{since:%H:%M}", until=f"{until:%H:%M}")


def _path(entry: WaitlistEntry, wall: str | None, who: UUID | None) -> str:
    if entry.appointment_id is not None:
        return _path_of_move(entry, wall)
    what = f"series:{entry.series_id}" if entry.series_id else f"visit:{entry.visit_type}"
    pin = f"&pin={wall}&who={who}" if wall else ""
    return f"/book?patient={entry.patient_id}&what={what}{pin}"


def _path_of_move(entry: WaitlistEntry, wall: str | None) -> str:
    """The preview of a series; a visit is moved on its day."""
    if entry.series_id is None:
        booked = clinic_date(entry.booked_at, entry.zone).isoformat() if entry.booked_at else ""
        return f"/day/{booked}?open={entry.appointment_id}"
    to = f"&to={wall[:10]}&at={wall[11:]}" if wall else ""
    return f"/series/{entry.series_id}?move={entry.session}{to}"


def slot_path(wall: datetime, practitioner_id: UUID) -> str:
    """Where those stand who could come at this wall time of the clinic."""
    return f"/waitlist?at={wall:%Y-%m-%dT%H:%M}&who={practitioner_id}"


def things_to_wait_for(context: Context, patient_id: UUID) -> list[Group]:
    """What a patient could wait for: sessions without a date, earlier times, single visits. Values as the form has."""
    courses = courses_of(context, patient_id=patient_id)
    going_on = ((f"series:{one.id}", _next(one.name, one.next_session)) for one in courses if one.goes_on)
    coming = appointments_of_patient(context, patient_id=patient_id)
    booked = (one for one in coming if one.status is AppointmentStatus.BOOKED and one.starts_at > context.now)
    earlier = ((f"appointment:{one.id}", _booked(one)) for one in booked)
    kinds = what_can_be_booked(context).visit_types.items()
    visits = ((f"visit:{code}", words().translated(one.name)) for code, one in kinds)
    groups = (say("Next session"), going_on), (say("An earlier time"), earlier), (say("Single visit"), visits)
    return [(label, found) for label, things in groups if (found := tuple(things))]


def _next(treatment: str, session: int | None) -> str:
    told = words().translated(treatment)
    return say("%(treatment)s, session %(session)d", treatment=told, session=session or 1)


def _booked(one: PastOrComing) -> str:
    told = words().translated(one.treatment)
    return f"{told}, {long_day(one.on)}, {clock(one.starts_at, one.zone)}"
