"""The present: what lies on the desks, undecided, in the hours before the demo is opened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from scheduler.demo import desk
from scheduler.demo.complaints import PASSING, TO_CLEAR, Complaint, confirmed, proposed
from scheduler.demo.courses import Course, Story, days_to_request
from scheduler.demo.history import History, Running
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.wishes import Preference, Wishes
from scheduler.operations.booking.keeping import KeepUntil, keep_slots
from scheduler.operations.booking.override_requests import request_override
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import plan_series
from scheduler.operations.booking.series import show_series
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.holding import place_hold, preview_hold
from scheduler.operations.tasks.task_details import RUNNING
from scheduler.operations.waitlist.joining import WaitlistWish, join_waitlist

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OVERDUE_DAYS = 16
"""So long ago somebody was put on hold whose review, due after fourteen days, has been forgotten."""
LAST_DOSE_DAYS = 40
"""Days since the last isotretinoin of the patient who has only just told of it."""

Deed = Callable[[History, Running, datetime], None]


def plan_present(history: History, callers: Sequence[Course]) -> None:
    """Put the last hours on the agenda; ``callers`` are courses whose booking is only half made when the demo opens."""
    deeds: Sequence[tuple[int, Deed]] = (
        (OVERDUE_DAYS * 24 * 60, partial(_on_hold, complaint=PASSING[1])),
        (300, partial(_on_hold, complaint=PASSING[1])),
        (240, partial(_on_hold, complaint=TO_CLEAR[1])),
        (150, partial(_reports, complaint=PASSING[0])),
        (90, _tells_of_isotretinoin),
        (65, partial(_reports, complaint=TO_CLEAR[0])),
        (20, partial(_reports, complaint=PASSING[3])),
    )
    agenda, now = history.stage.agenda, history.stage.now
    for turn, (minutes, deed) in enumerate(deeds):
        agenda.at(now - minutes * MINUTE, partial(_to_somebody, history, turn, deed))
    agenda.at(now - 35 * MINUTE, partial(_ask_for_overrides, history))
    agenda.at(now - 30 * MINUTE, partial(_wait, history))
    for course in callers:
        agenda.at(now - 4 * MINUTE, partial(_keeps, history, course))


def _to_somebody(history: History, turn: int, deed: Deed, at: datetime) -> None:
    """To one of those who are to come in the next days, to another one each turn."""
    found = list(_coming_up(history, at + DAY, at + 12 * DAY))
    if turn < len(found):
        deed(history, found[turn], at)


def _coming_up(history: History, first: datetime, last: datetime) -> Iterator[Running]:
    """The courses of steady patients with a session between two instants, as they began."""
    for run in history.running.values():
        steady = run.course is not None and run.course.story is Story.STEADY
        if steady and any(first <= booked.slot.starts_at < last for booked in run.booked.values()):
            yield run


def _wait(history: History, at: datetime) -> None:
    """Two want to come earlier than they are booked, one of them only in the mornings; some have few days left for a
    session that nobody has booked; one wants a consultation.
    """
    mornings = tuple(Preference(weekday, time(8), time(12)) for weekday in range(5))
    wishes = (WaitlistWish(note="Can be here within the hour."), WaitlistWish(prefer=mornings))
    for run, wish in zip(_coming_up(history, at + 5 * DAY, at + 40 * DAY), wishes, strict=False):
        coming = (one for one in run.booked.values() if one.slot.starts_at >= at + 5 * DAY)
        booked = min(coming, key=lambda one: one.slot.starts_at)
        _joins(history, run.patient_id, replace(wish, appointment_id=booked.appointment_id), at)
    for run in history.running.values():
        if run.series_id is not None and _closes_soon(history, run.series_id, at):
            _joins(history, run.patient_id, WaitlistWish(series_id=run.series_id), at)
    clinic_id = history.stage.places[0].clinic_id
    _joins(
        history,
        history.patient_ids[min(history.patient_ids)],
        WaitlistWish(visit_type="consultation", clinic_id=clinic_id),
        at,
    )


def _closes_soon(history: History, series_id: UUID, at: datetime) -> bool:
    """Whether the next session of a series has an open window that closes within two weeks."""
    sheet = history.stage.look(history.stage.reception, at, lambda c: show_series(c, series_id))
    series, today = sheet.snapshot.series, sheet.snapshot.around.today
    due = [session.number for session in series.sessions if session.open and session.booking is None]
    window = sheet.windows[min(due)] if due and series.state in RUNNING else None
    return window is not None and not window.lapsed and window.latest.on <= today + timedelta(14)


def _joins(history: History, patient_id: UUID, wish: WaitlistWish, at: datetime) -> None:
    history.stage.do(history.stage.reception, at, lambda c: join_waitlist(c, patient_id=patient_id, wish=wish))


def _reports(history: History, run: Running, at: datetime, complaint: Complaint) -> None:
    proposed(history, run, complaint, at)


def _on_hold(history: History, run: Running, at: datetime, complaint: Complaint) -> None:
    """Reported and confirmed; nobody has lifted it yet."""
    hold_id = proposed(history, run, complaint, at)
    if hold_id is not None:
        confirmed(history, history.stage.practitioners[run.place.practitioners[0]], hold_id, at + 15 * MINUTE)


def _tells_of_isotretinoin(history: History, run: Running, at: datetime) -> None:
    """A practitioner hears of it and places the hold at once."""
    who = history.stage.practitioners[run.place.practitioners[0]]
    answered_on = clinic_date(at, run.place.zone) - timedelta(LAST_DOSE_DAYS)
    wish = HoldWish("isotretinoin", answered_on=answered_on, note="Finished the capsules last month.")
    preview = history.stage.look(who, at, lambda c: preview_hold(c, patient_id=run.patient_id, wish=wish))
    placed = history.stage.do(
        who,
        at,
        lambda c: place_hold(c, patient_id=run.patient_id, wish=wish, tell=Tell.CALL, digest=preview.digest),
    )
    history.follow_all(placed.deeds)


def _keeps(history: History, course: Course, at: datetime) -> None:
    """Reception has read a plan aloud; the caller asks at home and rings back today."""
    run, stage = desk.begin(history, course, at), history.stage
    series_id, wishes = run.series_id, Wishes(prefer=course.prefer)
    if series_id is None:
        return
    plans = stage.look(
        stage.reception,
        at,
        lambda c: plan_series(c, stage.free_time, series_id=series_id, wishes=wishes, limit=1).plans,
    )
    placements = [Placement(one.number, one.slot) for plan in plans for one in plan.plan.placements]
    until = KeepUntil.END_OF_DAY
    stage.do(stage.reception, at, lambda c: keep_slots(c, series_id=series_id, placements=placements, until=until))


def _ask_for_overrides(history: History, at: datetime) -> None:
    """Reception asks for a date that only a practitioner may grant."""
    for run in list(history.running.values()):
        course = run.course
        if course and course.story is Story.REQUESTED and run.performed and not run.booked:
            _ask_for_override(history, run, course, at)


def _ask_for_override(history: History, run: Running, course: Course, at: datetime) -> None:
    first = run.performed[-1] + timedelta(days_to_request(course.protocol))
    free = desk.free_slot(history, desk.like_session(run.place, course.protocol, first), at)
    series_id, reason = run.series_id, "Leaves for three months next week."
    if free is None or series_id is None:
        return
    placement = Placement(course.turn, desk.slot_of(free))
    history.stage.do(
        history.stage.reception,
        at,
        lambda c: request_override(c, series_id=series_id, placement=placement, reason=reason),
    )
