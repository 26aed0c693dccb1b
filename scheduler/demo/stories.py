"""The turns that some courses take: overrides, lapsed windows and what was decided, holds and clearances."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial

from scheduler.demo import desk
from scheduler.demo.attendance import comes, will_attend
from scheduler.demo.complaints import has_complaint
from scheduler.demo.courses import Course, Story, days_to_request
from scheduler.demo.history import History, Running
from scheduler.domain.clinic_days import instant_of
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.deciding import Choice
from scheduler.operations.booking.placing import Placement

REASONS = {
    Story.EARLY: "Travels for two months; the skin has healed well and the step is small.",
    Story.LATE: "Was away longer than planned; the course goes on as it is.",
}
AFTER_LAPSE_DAYS = {Story.CONTINUED: 6, Story.CEASED: 25}
DECISIONS = {
    Story.CONTINUED: (Choice.CONTINUE, "Wishes to go on; result so far is good."),
    Story.CEASED: (Choice.CEASE, "Content with the result, does not wish to go on."),
}
HOLDS = (Story.HELD, Story.CLEARED, Story.DISMISSED)


def expect(history: History, run: Running, number: int) -> None:
    """What becomes of an appointment that has just been booked, the course's own story included."""
    course = run.course
    if course is None:
        comes(history, run, number)
    elif course.story in HOLDS and course.turn == number and not run.complained:
        comes(history, run, number)
        has_complaint(history, run, number, course.story)
    elif course.story in TURNS and course.turn - 1 == number:
        comes(history, run, number)
        _turn(history, run, number, course)
    elif course.story in TURNS and course.turn == number:
        comes(history, run, number)
    else:
        will_attend(history, run, number)


def _turn(history: History, run: Running, number: int, course: Course) -> None:
    """Let the story take its turn some time after the session before has been performed."""
    history.stage.agenda.at(TURNS[course.story][0](run, number, course), partial(_take_turn, history, run, number))


def _take_turn(history: History, run: Running, number: int, at: datetime) -> None:
    course = run.course
    if course and len(run.performed) == number and not run.booked:
        TURNS[course.story][1](history, run, course, at)


def _soon(run: Running, number: int, _course: Course) -> datetime:
    return run.ends(number) + timedelta(hours=1)


def _late(run: Running, number: int, course: Course) -> datetime:
    days = course.protocol.spacing.max_days - 2
    return _at_nine(run.on(number) + timedelta(days), run)


def _lapsed(run: Running, number: int, course: Course) -> datetime:
    days = course.protocol.spacing.max_days + AFTER_LAPSE_DAYS[course.story]
    return _at_nine(run.on(number) + timedelta(days), run)


def _at_nine(day: date, run: Running) -> datetime:
    return instant_of(day, time(9, run.chance.randrange(60)), run.place.zone)


def _override_early(history: History, run: Running, course: Course, at: datetime) -> None:
    """A practitioner books the next session some days before its window opens."""
    _override(history, run, course, at, run.performed[-1] + timedelta(days_to_request(course.protocol)))


def _override_late(history: History, run: Running, course: Course, at: datetime) -> None:
    """A practitioner books the next session some days after its window closes."""
    _override(history, run, course, at, run.performed[-1] + timedelta(course.protocol.spacing.max_days + 3))


def _override(history: History, run: Running, course: Course, at: datetime, first: date) -> None:
    free = desk.free_slot(history, desk.like_session(run.place, course.protocol, first), at)
    series_id = run.series_id
    if free is None or free.practitioner_id is None or series_id is None:
        return
    who = history.stage.practitioners[free.practitioner_id]
    placement = Placement(course.turn, desk.slot_of(free), override_reason=REASONS[course.story])
    deed = history.stage.do(
        who, at, lambda c: book_sessions(c, series_id=series_id, placements=[placement], tell_patient=False)
    )
    history.follow(run, deed)


def _decide(history: History, run: Running, course: Course, at: datetime) -> None:
    """A practitioner answers a lapsed window; who goes on is booked at once."""
    choose, reason = DECISIONS[course.story]
    if desk.decide(history, run, at, choose, reason) and choose is Choice.CONTINUE:
        desk.book(history, run, at + timedelta(minutes=5), many=1)


def _drift(_history: History, _run: Running, _course: Course, _at: datetime) -> None:
    """Nobody calls, nobody is called: the window lapses, and the task list says so."""


Turn = Callable[[History, Running, Course, datetime], None]
TURNS: Mapping[Story, tuple[Callable[[Running, int, Course], datetime], Turn]] = {
    Story.EARLY: (_soon, _override_early),
    Story.LATE: (_late, _override_late),
    Story.CONTINUED: (_lapsed, _decide),
    Story.CEASED: (_lapsed, _decide),
    Story.DRIFTED: (_soon, _drift),
    Story.REQUESTED: (_soon, _drift),
}
"""When after the session before the story takes its turn, and what then happens."""
