"""One session of a series, opened: what is known of it, and what can be done with it now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.changes import CancelReason
from scheduler.domain.clinic_days import wall_time
from scheduler.domain.lifecycle import APPOINTMENT
from scheduler.domain.series import AppointmentStatus, Session
from scheduler.domain.spacing import Window
from scheduler.operations.booking.appointments import Appointment
from scheduler.web.pages.retelling import retold
from scheduler.web.pages.series_course import Course
from scheduler.web.pages.series_moves import MoveWish, movable_booking
from scheduler.web.pages.series_words import state_words, status_words, verdict_words, window_words
from scheduler.web.pages.words import clock, day_with_year, say, short_day


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do with an appointment: a path to post to, an icon and a word."""

    path: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Past:
    """An appointment that the session had before."""

    on: date
    at: str
    word: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and its appointment. ``asked`` is what its move form shows; ``None`` when it cannot move."""

    number: int
    on: date | None
    at: str
    who: str
    state: str
    facts: tuple[tuple[str, str], ...]
    appointment_id: UUID | None
    steps: tuple[Step, ...]
    asked: MoveWish | None
    can_perform: bool
    can_cancel: bool
    can_correct: bool
    performed_on: date | None
    history: tuple[Past, ...]


def opened(course: Course, number: int) -> Opened | None:
    """The session of this number; ``None`` when the series has none."""
    series = course.sheet.snapshot.series
    if not 1 <= number <= len(series.sessions):
        return None
    session, one = series.session(number), course.latest(series.session(number))
    used = (one.practitioner_id, one.room_id, one.device_id) if one else ()
    return Opened(
        number=number,
        on=session.dated,
        at=clock(one.starts_at, series.zone) if one and (session.booking or session.performed_on) else "",
        who=", ".join(course.names[each] for each in used if each and each in course.names),
        state=state_words(session, course.today),
        facts=tuple(_facts(course, session, one)),
        appointment_id=one.id if one else None,
        steps=_steps(course, one) if one else (),
        asked=_asked(course, session),
        can_perform=_can(course, one, "performed", Action.RECORD),
        can_cancel=_can(course, one, "cancel", Action.BOOK),
        can_correct=_can(course, one, "correct", Action.CORRECT),
        performed_on=min(one.on_date, course.today) if one else None,
        history=tuple(_past(course, session, one)),
    )


def _asked(course: Course, session: Session) -> MoveWish | None:
    booking = movable_booking(course.sheet, session.number) if course.may(Action.BOOK) else None
    if booking is None:
        return None
    wall = wall_time(booking.slot.starts_at, course.sheet.snapshot.series.zone)
    return MoveWish(session.number, wall.date(), wall.time())


def _can(course: Course, one: Appointment | None, step: str, action: Action) -> bool:
    return one is not None and (one.status, step) in APPOINTMENT and course.may(action)


def _steps(course: Course, one: Appointment) -> tuple[Step, ...]:
    """What the state and the day allow, the likeliest first. That it was performed has a form of its own."""
    is_today = one.on_date == course.today
    offered = (
        ("arrive", "arrive", "door-open", say("Arrive"), is_today),
        ("check_in", "check-in", "play", say("Check in"), is_today),
        ("no_show", "no-show", "x", say("Did not attend"), one.on_date <= course.today),
    )
    return tuple(
        Step(f"/appointments/{one.id}/{path}", icon, word)
        for step, path, icon, word, is_time in offered
        if is_time and _can(course, one, step, Action.BOOK)
    )


def _facts(course: Course, session: Session, one: Appointment | None) -> list[tuple[str, str]]:
    """Names and words, only those that there is something to say about."""
    window = course.sheet.windows[session.number]
    verdict = next((each for each in course.sheet.evaluations if each.number == session.number), None)
    override = session.booking.override if session.booking else None
    told = (
        (say("Window"), window_words(window) if window and session.open else ""),
        (say("Not possible"), "; ".join(blocked_words(window)) if window and session.open else ""),
        (say("Judged"), verdict_words(verdict) if verdict else ""),
        (say("At risk"), _risk(session, window)),
        (say("Override"), f"{short_day(override.on)}: {override.reason}" if override else ""),
        (say("Imported"), retold(one.import_note or "") if one else ""),
        (say("Arrived"), clock(one.arrived_at, one.zone) if one and one.arrived_at else ""),
    )
    return [(name, text) for name, text in told if text]


def blocked_words(window: Window) -> list[str]:
    """The stretches of a window in which nothing can be booked; weekdays on which nobody works are left out."""
    long = (one for one in window.blocked if one.source_id or one.first < one.last or not _is_weekly(one.detail))
    return [_stretch(window, one.first, one.last) for one in long]


def _is_weekly(detail: str) -> bool:
    return detail.startswith("The clinic is closed on ")


def _stretch(window: Window, first: date, last: date) -> str:
    first, last = max(first, window.earliest.on), min(last, window.latest.on)
    if first == last:
        return short_day(first)
    return say("%(first)s to %(last)s", first=short_day(first), last=short_day(last))


def _risk(session: Session, window: Window | None) -> str:
    booking = session.booking
    if booking is None or not booking.at_risk:
        return ""
    if window is None:
        return say("An earlier session has no date yet.")
    if not window.contains(booking.on):
        return say("It lies outside its window now.")
    return say("Something about it has to be decided.")


def _past(course: Course, session: Session, one: Appointment | None) -> list[Past]:
    zone = course.sheet.snapshot.series.zone
    shown = session.booking is not None or session.performed_on is not None
    others = [each for each in course.of_session(session) if not (shown and one and each.id == one.id)]
    return [Past(each.on_date, clock(each.starts_at, zone), _ended(each)) for each in others]


def _ended(one: Appointment) -> str:
    if one.status is not AppointmentStatus.CANCELLED or one.cancel_reason is None:
        return status_words(one.status)
    return {
        CancelReason.PATIENT: say("Cancelled by the patient"),
        CancelReason.CLINIC: say("Cancelled by the clinic"),
        CancelReason.HOLD: say("Released by a hold"),
        CancelReason.REPLAN: say("Moved elsewhere"),
    }[one.cancel_reason]


def heading(one: Opened) -> str:
    """“Session 3, Tuesday 15 December 2026”."""
    if one.on is None:
        return say("Session %(number)d", number=one.number)
    return say("Session %(number)d, %(day)s", number=one.number, day=day_with_year(one.on))
