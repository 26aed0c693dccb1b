"""Attendance: what happens to an appointment on its day, and what is recorded about it, as changes.

A fact can always be recorded, for earlier days too, and is never refused for spacing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler.domain.changes import (
    AppointmentCancelled,
    AppointmentStatusChanged,
    CancelReason,
    Change,
    SeriesStateChanged,
    SessionChanged,
    Times,
)
from scheduler.domain.holds import Hold, HoldState, covers_check_in
from scheduler.domain.lifecycle import APPOINTMENT, SERIES, SESSION, next_state, refuse_late_arrival
from scheduler.domain.phrases import Phrase, together
from scheduler.domain.refusals import Conflict, Invalid, RuleBroken
from scheduler.domain.series import AppointmentStatus, Booking, Series, SeriesState
from scheduler.domain.slot_conflicts import Qualification


@dataclass(frozen=True, slots=True)
class Attended:
    """An appointment whatever its state, the session that it is for (``None``: a visit), what was noted when."""

    series: Series
    booking: Booking
    session: int | None
    times: Times


def arrival(at: Attended, today: date, now: datetime) -> tuple[Change, ...]:
    """The patient is here. After a no-show the slot is claimed again.

    Raises ``RuleBroken``: ``not_today`` for another day's appointment, ``arrived_too_late``, ``wrong_state``.
    """
    refuse_late_arrival(at.booking.status, at.booking.on, today)
    if at.booking.on != today:
        detail = Phrase("The appointment is on %(day)s, not today.", day=at.booking.on)
        raise RuleBroken(detail, code="not_today", remedy="Move it to today first.", date=at.booking.on.isoformat())
    times = replace(at.times, arrived_at=now)
    return (_status(at, "arrive", times, claims=at.booking.status is AppointmentStatus.NOSHOW),)


def check_in(
    at: Attended, holds: Iterable[Hold], qualification: Qualification | None, today: date, now: datetime
) -> tuple[Change, ...]:
    """The treatment begins. ``holds`` are those that apply, ``qualification`` the practitioner's when needed.

    Raises ``RuleBroken`` with every reason why not.
    """
    change = _status(at, "check_in", replace(at.times, started_at=now))
    conflicts = (*_held(holds, today), *_unqualified(qualification, today))
    if conflicts:
        raise RuleBroken(
            together(c.detail for c in conflicts),
            code=conflicts[0].code,
            conflicts=conflicts,
            remedy=conflicts[0].remedy,
        )
    return (change,)


def _held(holds: Iterable[Hold], today: date) -> Iterator[Conflict]:
    for hold in holds:
        if covers_check_in(hold, today):
            word = "proposed" if hold.state is HoldState.PROPOSED else "active"
            detail = Phrase("A hold is %(word)s today, so the treatment cannot begin.", word=word)
            yield Conflict("on_hold", detail, {"hold": str(hold.id)}, "Ask the practitioner.")


def _unqualified(qualification: Qualification | None, today: date) -> Iterator[Conflict]:
    if qualification is not None and not qualification.holds_on(today, expecting_renewal=False):
        told = {"valid_until": str(qualification.valid_until)}
        detail = "The practitioner's qualification has ended."
        yield Conflict("qualification_expired", detail, told, "Renew it, or move the appointment to somebody else.")


def performed(at: Attended, on: date, today: date, now: datetime, *, partial: bool = False) -> tuple[Change, ...]:
    """The treatment took place on the clinic date ``on``, wholly or in part; both satisfy the session.

    The last session that was due completes the series. Raises ``Invalid`` (``in_the_future``), ``RuleBroken``.
    """
    if on > today:
        detail = Phrase("%(day)s is still to come.", day=on)
        raise Invalid(detail, code="in_the_future", remedy="Name today or an earlier day.", date=on.isoformat())
    status = _status(at, "performed", replace(at.times, ended_at=now), frees=at.booking.slot.starts_at > now)
    return (status, *_satisfied(at, on, partial))


def _satisfied(at: Attended, on: date, partial: bool) -> Iterator[Change]:
    if at.session is None:
        return
    session = at.series.session(at.session)
    satisfied = next_state(SESSION, session.state, "satisfy")
    yield SessionChanged(session.number, session.state, satisfied, on, session.performed_on, partial, session.partial)
    others_due = any(other.open for other in at.series.sessions if other.number != session.number)
    if not others_due and at.series.state is SeriesState.ACTIVE:
        yield SeriesStateChanged(at.series.state, next_state(SERIES, at.series.state, "complete"))


def no_show(at: Attended, now: datetime) -> tuple[Change, ...]:
    """The patient did not come: the session is due again, the slot is free. Raises ``RuleBroken`` (``too_early``)."""
    change = _status(at, "no_show", at.times, frees=True)
    if now < at.booking.slot.starts_at:
        raise RuleBroken("The appointment has not begun yet.", code="too_early", remedy="Cancel it instead.")
    return (change,)


def cancel(at: Attended, reason: CancelReason) -> tuple[Change, ...]:
    """Call the appointment off. Never refused for spacing; final, so a new appointment takes its place."""
    next_state(APPOINTMENT, at.booking.status, "cancel")
    booking = at.booking
    return (
        AppointmentCancelled(
            booking.appointment_id,
            at.session,
            booking.slot,
            booking.on,
            reason,
            booking.treatment_extra,
            booking.override,
            booking.import_note,
        ),
    )


def correct(at: Attended) -> tuple[Change, ...]:
    """What was recorded is wrong: the appointment counts as entered in error, its session is due again."""
    status = _status(at, "correct", replace(at.times, ended_at=None), frees=True)
    if at.session is None:
        return (status,)
    session, state = at.series.session(at.session), at.series.state
    due_again = next_state(SESSION, session.state, "correct")
    due = SessionChanged(
        session.number,
        session.state,
        due_again,
        performed_before=session.performed_on,
        partial_before=session.partial,
    )
    if state is not SeriesState.COMPLETED:
        return (status, due)
    return (status, due, SeriesStateChanged(state, next_state(SERIES, state, "correct")))


def _status(
    at: Attended, action: str, times: Times, *, frees: bool = False, claims: bool = False
) -> AppointmentStatusChanged:
    before = at.booking.status
    after = next_state(APPOINTMENT, before, action)
    return AppointmentStatusChanged(at.booking.appointment_id, before, after, times, at.times, frees, claims)
