"""What a hold does to a series when it becomes active. The preview shows these changes, the deed applies the same."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

from scheduler.domain.applied import applied
from scheduler.domain.changes import CancelReason, Change, SeriesStateChanged, SessionChanged, cancellation
from scheduler.domain.dating import risk_changes
from scheduler.domain.endings import completion, omission
from scheduler.domain.holds import Hold, HoldState
from scheduler.domain.lifecycle import SERIES, next_state
from scheduler.domain.series import AppointmentStatus, Booking, Series, Session, Surroundings
from scheduler.domain.spacing import Window, windows

NOT_BEGUN = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED})
"""The states in which an appointment that lies ahead can still be released."""


class HoldChoice(StrEnum):
    """What becomes of the sessions that a hold hits: later, never, or the end of the series."""

    DEFER = "defer"
    OMIT = "omit"
    CEASE = "cease"


def hold_effects(
    series: Series, around: Surroundings, hold: Hold, choice: HoldChoice, now: datetime
) -> tuple[Change, ...]:
    """Everything that changes in a series when ``hold`` becomes active at the UTC instant ``now``.

    ``around`` includes the hold as it will be; one that is not in it does not apply to the series, and one that is not
    active takes no slot away. Raises ``RuleBroken`` (``too_few_sessions``) when *omit* leaves fewer than the minimum,
    and (``wrong_state``) when *cease* meets a series that has ended.
    """
    if hold.state is not HoldState.ACTIVE or hold not in around.holds:
        return ()
    if choice is HoldChoice.CEASE:
        return revocation(series, CancelReason.HOLD, now)
    hit = [(session, booking) for session, booking in _ahead(series, now) if hold.covers(booking.on, around.today)]
    changes: list[Change] = [cancellation(session, booking, CancelReason.HOLD) for session, booking in hit]
    if choice is HoldChoice.OMIT:
        changes.extend(_omissions(series, [session for session, _ in hit]))
        changes.extend(completion(applied(series, changes)))
    return (*changes, *risk_changes(applied(series, changes), around))


def revocation(series: Series, reason: CancelReason, now: datetime) -> tuple[Change, ...]:
    """The end of a series before its time: nothing that lies ahead stays booked. What has happened is untouched."""
    revoked = SeriesStateChanged(series.state, next_state(SERIES, series.state, "revoke"))
    return (*(cancellation(session, booking, reason) for session, booking in _ahead(series, now)), revoked)


def reaches(hold: Hold, series: Series, around: Surroundings) -> bool:
    """Whether an answer is worth proposing as a hold: not when its computed end lies before every session to come.

    Where a date alone does not end it, a practitioner has to say something in any case.
    """
    if not hold.end_rule.expires or hold.ends_on is None:
        return True
    found = windows(series, around)
    days = (_first_day(session, found[session.number], around.today) for session in series.sessions if session.open)
    return any(day <= hold.ends_on for day in days if day is not None)


def _first_day(session: Session, window: Window | None, today: date) -> date | None:
    if session.booking is not None:
        return session.booking.on
    return None if window is None else max(window.earliest.on, today)


def _ahead(series: Series, now: datetime) -> Iterator[tuple[Session, Booking]]:
    for session in series.sessions:
        booking = session.booking
        if session.open and booking and booking.status in NOT_BEGUN and booking.slot.starts_at > now:
            yield session, booking


def _omissions(series: Series, hit: list[Session]) -> Iterator[SessionChanged]:
    """One after the other, so that each counts against the minimum."""
    for session in hit:
        omitted = omission(series, session.number)
        series = applied(series, [omitted])
        yield omitted
