"""Notes above the timeline: what was just done, what holds the series up, and what somebody has to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.domain.access import Action
from scheduler.domain.holds import HoldState
from scheduler.domain.series import SeriesState, Session
from scheduler.web.pages.series_course import Course
from scheduler.web.pages.telling import told
from scheduler.web.pages.words import day_with_year, say

RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody has to know or do. ``link`` is what to do about it, and ``word`` its name."""

    tone: str
    icon: str
    text: str
    link: str = ""
    word: str = ""


def deed_notes(what: str | None) -> Iterator[Note]:
    """What was just done, where nothing can be undone."""
    known = {
        "placed": say("The hold stands."),
        "proposed": say("The hold is proposed. A practitioner decides."),
        "logged": say("The answer is written down. It holds nothing up."),
        "extended": say("The hold lasts longer now."),
        "dismissed": say("The hold is dismissed."),
        "lifted": say("The hold is lifted."),
        "wrong": say("The hold is marked as entered in error."),
        "adopted": say("The series runs under the newest version of its treatment now."),
        "asked": say("A practitioner has been asked. The time is kept until then."),
    }
    if what in known:
        yield Note("", "circle-check", known[what])


def notes_of(course: Course, shows_preview: bool) -> Iterator[Note]:
    """Holds first, then what can be mended."""
    for hold in course.standing:
        if hold.starts_on <= course.today:
            yield Note("hold", "circle-pause", hold_words(hold.state, hold.until, hold.ask))
    yield from (Note("warn", "triangle-alert", told(one.detail)) for one in course.sheet.warnings)
    if course.sheet.snapshot.series.state in RUNNING and not shows_preview:
        yield from _to_do(course)


def _to_do(course: Course) -> Iterator[Note]:
    """What reception can do something about: dates that were lost, and dates that nobody has booked."""
    series, books = course.sheet.snapshot.series, course.may(Action.BOOK)
    if books and any(_lost(session) for session in series.sessions):
        text = say("Some sessions have lost their date or can no longer keep it.")
        yield Note("warn", "triangle-alert", text, f"/series/{series.id}?replan=1", say("Show what moves least"))
        return
    if course.sheet.lapsed or not any(session.open and session.booking is None for session in series.sessions):
        return
    book = f"/book?patient={series.patient_id}&what=series:{series.id}" if books else ""
    if course.sheet.overdue:
        text = say("The next session should have taken place by now, and is not booked.")
        yield Note("warn", "clock", text, book, say("Book"))
    else:
        yield Note("", "calendar", say("Not all sessions are booked yet."), book, say("Book the rest"))


def _lost(session: Session) -> bool:
    """Whether a session has lost its date, or can no longer keep it."""
    if not session.open:
        return False
    return session.booking.at_risk if session.booking else session.last_slot is not None


def hold_words(state: HoldState, until: date | None, ask: str) -> str:
    """Until when, and whom to ask; never why."""
    if state is HoldState.PROPOSED:
        return say("A hold is proposed. Nothing is booked inside it until a practitioner decides.")
    when = say("On hold for good.") if until is None else say("On hold until %(day)s.", day=day_with_year(until))
    who = say("a practitioner") if ask == "a practitioner" else ask
    return f"{when} {say('Ask %(who)s.', who=who)}"
