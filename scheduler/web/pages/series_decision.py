"""The decision that a lapsed window asks for, as it is offered."""

from dataclasses import dataclass
from datetime import date

from scheduler.domain.access import Action
from scheduler.domain.decisions import continued_window, refuse_omission
from scheduler.domain.protocol import OnLapse
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import SeriesState
from scheduler.operations.booking.deciding import Choice
from scheduler.web.pages.series_course import Course
from scheduler.web.pages.series_words import span, window_words
from scheduler.web.pages.words import say

RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice. ``is_usual`` marks what the protocol suggests."""

    code: str
    word: str
    detail: str
    is_usual: bool


@dataclass(frozen=True, slots=True)
class LapseQuestion:
    """The session that waits, and what may become of it. ``may`` says whether the reader decides."""

    number: int
    text: str
    choices: tuple[Offered, ...]
    may: bool


def lapse_question(course: Course) -> LapseQuestion | None:
    """What has to be decided; ``None`` where nothing has lapsed."""
    series, found = course.sheet.snapshot.series, course.sheet.windows
    if series.state not in RUNNING:
        return None
    for session in series.sessions:
        window = found[session.number]
        if session.open and session.booking is None and window is not None and window.lapsed:
            text = window_words(window)
            return LapseQuestion(
                session.number, text, tuple(_choices(course, session.number)), course.may(Action.DECIDE_LAPSE)
            )
    return None


def _choices(course: Course, number: int) -> list[Offered]:
    """What is possible of the four, what the protocol suggests among them."""
    rule = course.sheet.snapshot.series.protocol.spacing_before(number)
    usual = {OnLapse.CONTINUE: Choice.CONTINUE, OnLapse.RESTART: Choice.RESTART}.get(rule.on_lapse)
    opens = _reopened(course, number)
    offered = [
        (Choice.CONTINUE, say("Continue"), _window(opens) if opens else ""),
        (Choice.RESTART, say("Begin anew"), say("This series ends, and a new one begins today with all its sessions.")),
        (Choice.OMIT, say("Leave this session out"), say("The sessions behind it follow the one before.")),
        (Choice.CEASE, say("End the series"), say("What is still booked is cancelled, and the patient is told.")),
    ]
    possible = {Choice.CONTINUE: opens is not None, Choice.OMIT: _may_omit(course, number)}
    return [Offered(one, word, detail, one is usual) for one, word, detail in offered if possible.get(one, True)]


def _window(opens: tuple[date, date]) -> str:
    return say("A new window is kept: %(window)s.", window=span(*opens))


def _reopened(course: Course, number: int) -> tuple[date, date] | None:
    try:
        return continued_window(course.sheet.snapshot.series, course.sheet.snapshot.around, number)
    except RuleBroken:
        return None


def _may_omit(course: Course, number: int) -> bool:
    try:
        refuse_omission(course.sheet.snapshot.series, number)
    except RuleBroken:
        return False
    return True
