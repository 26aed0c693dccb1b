"""What becomes of each appointment: most patients come, a few move, cancel, or do not come at all."""

from datetime import date, datetime, timedelta
from functools import partial

from scheduler.demo import desk
from scheduler.demo.courses import BOOKED_ONE_BY_ONE, Course
from scheduler.demo.history import History, Running
from scheduler.domain.changes import CancelReason
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.slots import Slot
from scheduler.operations.booking.attending import arrive, cancel, check_in, miss, perform
from scheduler.operations.booking.replanning import WantedMove

IN_DETAIL_DAYS = 10
"""For so many days back arrival and check-in are told too; before, only that the treatment took place."""

MINUTE = timedelta(minutes=1)


def will_attend(history: History, run: Running, number: int) -> None:
    """Decide by chance what becomes of an appointment that has just been booked."""
    fate, on = run.chance.random(), run.on(number)
    yesterday = clinic_date(history.stage.now, run.place.zone) - timedelta(1)
    if on == yesterday and fate < 0.3:
        return  # nobody has closed it yet
    if fate < 0.045:
        _stays_away(history, run, number)
    elif fate < 0.085:
        _calls_off(history, run, number)
    elif fate < 0.115:
        _moves(history, run, number)
    elif fate < 0.13:
        _is_recorded_late(history, run, number, on)
    else:
        comes(history, run, number)


def comes(history: History, run: Running, number: int) -> None:
    """The patient comes and is treated, unless the treatment cannot take place that day."""
    today = clinic_date(history.stage.now, run.place.zone)
    history.then(
        run, number, run.booked[number].slot.starts_at - 120 * MINUTE, partial(_look_ahead, history, run, number)
    )
    if (today - run.on(number)).days <= IN_DETAIL_DAYS:
        _is_received(history, run, number)
    history.then(run, number, run.ends(number), lambda at: treated(history, run, number, at))


def _look_ahead(history: History, run: Running, number: int, at: datetime) -> None:
    if _cannot_be_treated(history, run, number):
        _called_off(history, run, number, CancelReason.CLINIC, at)


def _cannot_be_treated(history: History, run: Running, number: int) -> bool:
    """While a hold is looked into, and while a session before is still to come."""
    return run.course is not None and (run.patient_id in history.held or number != len(run.performed) + 1)


def _is_received(history: History, run: Running, number: int) -> None:
    stage, booked, who = history.stage, run.booked[number], history.treating(run, number)
    comes_at = booked.slot.starts_at - run.chance.randint(-4, 14) * MINUTE
    begins_at = max(run.begins_treatment(number), comes_at + MINUTE)

    def arrives(at: datetime) -> None:
        stage.do(stage.reception, at, lambda c: arrive(c, appointment_id=booked.appointment_id))

    def begins(at: datetime) -> None:
        try:
            stage.do(who, at, lambda c: check_in(c, appointment_id=booked.appointment_id))
        except RuleBroken:
            _called_off(history, run, number, CancelReason.CLINIC, at)

    history.then(run, number, comes_at, arrives)
    history.then(run, number, begins_at, begins)


def _called_off(history: History, run: Running, number: int, reason: CancelReason, at: datetime) -> None:
    """The appointment is given up, and the caller gets another one."""
    stage, booked = history.stage, run.booked.pop(number)
    stage.do(
        stage.reception,
        at,
        lambda c: cancel(c, appointment_id=booked.appointment_id, cancel_reason=reason, tell_patient=False),
    )
    desk.go_on(history, run, at + MINUTE)


def treated(history: History, run: Running, number: int, at: datetime, on: date | None = None) -> None:
    """The treatment has taken place; whoever books one session at a time books the next on the way out."""
    if _cannot_be_treated(history, run, number):
        _called_off(history, run, number, CancelReason.CLINIC, at)
        return
    stage, who, booked = history.stage, history.treating(run, number), run.booked[number]
    in_part = run.chance.random() < 0.02
    stage.do(who, at, lambda c: perform(c, appointment_id=booked.appointment_id, on=on, partial=in_part))
    run.performed.append(on or run.on(number))
    del run.booked[number]
    if run.course is not None:
        _what_is_next(history, run, run.course, number, at)


def _what_is_next(history: History, run: Running, course: Course, number: int, at: datetime) -> None:
    if len(run.performed) == course.sessions:
        _comes_back(history, run, at)
    elif not run.booked and not (course.story in BOOKED_ONE_BY_ONE and course.turn == number + 1):
        desk.book(history, run, at)


def _comes_back(history: History, run: Running, at: datetime) -> None:
    """After a whole course some come for a review, and some keep up what was reached."""
    if run.course is None:
        return
    course, today, chance = run.course, clinic_date(at, run.place.zone), run.chance.random()
    months = course.protocol.maintenance_days
    if chance < 0.4:
        wish = desk.VisitWish(run.place, "review", today + timedelta(run.chance.randint(21, 40)))
        desk.visit(history, course.patient, wish, at)
    elif chance < 0.6 and months and course.protocol.code == "microneedling-rejuvenation":
        wish = desk.VisitWish(run.place, "maintenance", today + timedelta(months[0]))
        desk.visit(history, course.patient, wish, at)


def _stays_away(history: History, run: Running, number: int) -> None:
    stage, booked = history.stage, run.booked[number]

    def is_missed(at: datetime) -> None:
        stage.do(stage.reception, at, lambda c: miss(c, appointment_id=booked.appointment_id))
        del run.booked[number]
        stage.agenda.at(at + timedelta(hours=run.chance.randint(1, 28)), lambda then: desk.go_on(history, run, then))

    history.then(run, number, booked.slot.starts_at + 40 * MINUTE, is_missed)


def _calls_off(history: History, run: Running, number: int) -> None:
    hours = run.chance.randint(3, 90)
    scene = partial(_called_off, history, run, number, CancelReason.PATIENT)
    history.then(run, number, run.booked[number].slot.starts_at - timedelta(hours=hours), scene)


def _moves(history: History, run: Running, number: int) -> None:
    """The caller would rather come some days later; when nothing fits, the patient comes as booked."""
    booked = run.booked[number]
    if run.course is None:
        comes(history, run, number)
        return
    later = booked.slot.starts_at + timedelta(days=run.chance.randint(1, 3))

    def calls(at: datetime) -> None:
        if not desk.replan(history, run, at, WantedMove(booked.appointment_id, Slot(later, {}))):
            comes(history, run, number)

    history.then(run, number, booked.slot.starts_at - timedelta(hours=run.chance.randint(26, 90)), calls)


def _is_recorded_late(history: History, run: Running, number: int, on: date) -> None:
    """Nobody found the time; the next morning it is put on record."""
    history.then(run, number, run.ends(number) + timedelta(hours=16), lambda at: treated(history, run, number, at, on))
