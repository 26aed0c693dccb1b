"""The table beside the timeline: the same facts in words, as they stand or as they would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.evaluation import Evaluation, Verdict
from scheduler.domain.series import AppointmentStatus, Session
from scheduler.domain.spacing import Window
from scheduler.web.pages.series_course import Course
from scheduler.web.pages.series_moves import Preview, movable_booking
from scheduler.web.pages.series_words import span, state_words, verdict_words, window_words
from scheduler.web.pages.words import clock, say


@dataclass(frozen=True, slots=True)
class Line:
    """One session. ``was`` is the date that would change, ``tone`` the colour of ``word``."""

    number: int
    on: date | None
    at: str
    was: date | None
    expected: bool
    gap: int | None
    window: str
    why: str
    who: str
    word: str
    tone: str
    note: str
    action: str


def lines_of(course: Course, preview: Preview | None) -> Iterator[Line]:
    """A line for each session. A preview leaves out what is done."""
    series = preview.series if preview else course.sheet.snapshot.series
    found = preview.windows if preview else course.sheet.windows
    verdicts = {one.number: one for one in course.sheet.evaluations}
    before: date | None = None
    for session in series.sessions:
        line = _line(course, preview, session, found[session.number], before, verdicts.get(session.number))
        before = line.on or before
        if preview is None or session.performed_on is None:
            yield line


def _line(
    course: Course,
    preview: Preview | None,
    session: Session,
    window: Window | None,
    before: date | None,
    verdict: Evaluation | None,
) -> Line:
    on = session.dated or (window.recommended if window and session.open else None)
    was = course.sheet.snapshot.series.session(session.number).dated
    word, tone = _word(course, preview, session, window)
    limits = window if window and session.open and not (session.number == 1 and session.dated) else None
    return Line(
        number=session.number,
        on=on,
        at=_time(course, session),
        was=was if preview and was != on else None,
        expected=session.dated is None,
        gap=(on - before).days if on and before else None,
        window=span(limits.earliest.on, limits.latest.on) if limits else "",
        why=window_words(limits) if limits else "",
        who=_who(course, session),
        word=word,
        tone=tone,
        note=_note(session, verdict),
        action="" if preview else _action(course, session),
    )


def _word(course: Course, preview: Preview | None, session: Session, window: Window | None) -> tuple[str, str]:
    if preview is not None:
        return _result(course, preview, session, window)
    if session.open and session.booking is None and window is not None and window.lapsed:
        return say("Window lapsed"), "bad"
    return state_words(session, course.today), _tone(session, course.today)


def _tone(session: Session, today: date) -> str:
    if session.booking is None:
        return "done" if session.performed_on else ""
    if session.booking.on < today:
        return "warn"
    if session.booking.at_risk:
        return "bad"
    looks = {AppointmentStatus.ARRIVED: "st-arrived", AppointmentStatus.CHECKED_IN: "st-session"}
    return looks.get(session.booking.status, "st-booked")


def _result(course: Course, preview: Preview, session: Session, window: Window | None) -> tuple[str, str]:
    if moved := preview.moved.get(session.number):
        return moved.why, moved.tone
    if preview.wish and preview.wish.session == session.number and preview.obstacles:
        return say("Outside its window") if preview.override else say("Not possible"), "bad"
    if session.booking is None:
        return state_words(session, course.today), ""
    if window is None or not (window.contains(session.booking.on) or session.booking.override):
        return say("Could not follow"), "bad"
    return say("Stays"), "ok"


def _time(course: Course, session: Session) -> str:
    zone = course.sheet.snapshot.series.zone
    if session.booking is not None:
        return clock(session.booking.slot.starts_at, zone)
    found = course.latest(session)
    same_day = found is not None and session.performed_on == clinic_date(found.starts_at, zone)
    return clock(found.starts_at, zone) if found and same_day else ""


def _who(course: Course, session: Session) -> str:
    if session.booking is not None:
        practitioner = session.booking.slot.practitioner_id
    else:
        found = course.latest(session) if session.performed_on else None
        practitioner = found.practitioner_id if found else None
    return course.names.get(practitioner, "") if practitioner else ""


def _note(session: Session, verdict: Evaluation | None) -> str:
    """What stays visible: early, late, and a practitioner's decision to book outside the window."""
    if verdict is not None and verdict.verdict is not Verdict.VALID:
        return verdict_words(verdict)
    return say("Override") if session.booking and session.booking.override else ""


def _action(course: Course, session: Session) -> str:
    """What is likeliest to be done with a session."""
    if session.booking is not None:
        later = session.booking.on > course.today
        return "move" if later and movable_booking(course.sheet, session.number) else "record"
    return "view" if course.of_session(session) or session.performed_on else ""
