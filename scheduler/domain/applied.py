"""A series as it looks after changes: what a preview shows, what a check is made on, and how a deed is undone."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    Change,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
    WindowStored,
)
from scheduler.domain.series import LIVE, AppointmentStatus, Booking, Series, Session


def applied(series: Series, changes: Iterable[Change]) -> Series:
    """The series after these changes, in their order."""
    for change in changes:
        series = _after(series, change)
    return series


def _after(series: Series, change: Change) -> Series:
    if isinstance(change, SeriesStateChanged):
        return replace(series, state=change.after)
    number = _number(series, change)
    if number is None:
        return series
    return series.with_sessions({number: _session_after(series.session(number), change)})


def _number(series: Series, change: Change) -> int | None:
    if isinstance(change, AppointmentStatusChanged):
        holders = (s.number for s in series.sessions if s.booking and s.booking.appointment_id == change.appointment_id)
        return next(holders, None)
    return None if isinstance(change, SeriesStateChanged) else change.session


def _session_after(session: Session, change: Change) -> Session:
    booking = session.booking
    match change:
        case AppointmentBooked():
            slot, extra = change.slot, change.treatment_extra
            made = Booking(change.appointment_id, change.on, slot, override=change.override, treatment_extra=extra)
            return replace(session, booking=made)
        case AppointmentMoved() if booking:
            extra = change.treatment_extra
            moved = replace(booking, on=change.on, slot=change.after, override=change.override, treatment_extra=extra)
            return replace(session, booking=moved)
        case AppointmentCancelled():
            return replace(session, booking=None, last_slot=change.slot, last_on=change.on)
        case AppointmentStatusChanged() if booking:
            kept = replace(booking, status=change.after) if change.after in LIVE else None
            return replace(session, booking=kept)
        case RiskChanged() if booking:
            return replace(session, booking=replace(booking, at_risk=change.reason is not None))
        case SessionChanged():
            return replace(session, state=change.after, performed_on=change.performed_on)
        case WindowStored():
            return replace(session, continued=change.window)
    return session


def inverse(change: Change, new_id: Callable[[], UUID]) -> Change | None:
    """What takes a change back, or ``None`` where nothing needs to be done.

    A cancellation is final, so its inverse books the same slot anew, under the identifier that ``new_id`` gives. A
    booking is taken back as entered in error. Risk is computed afresh and needs no inverse.
    """
    match change:
        case AppointmentBooked(appointment_id=id_):
            error = AppointmentStatus.ENTERED_IN_ERROR
            return AppointmentStatusChanged(id_, AppointmentStatus.BOOKED, error, change.slot.starts_at)
        case AppointmentMoved():
            return replace(
                change,
                before=change.after,
                after=change.before,
                on=change.on_before,
                on_before=change.on,
                override=change.override_before,
                override_before=change.override,
            )
        case AppointmentCancelled():
            extra = change.treatment_extra
            return AppointmentBooked(new_id(), change.session, change.slot, change.on, extra, change.override)
        case AppointmentStatusChanged():
            return replace(change, before=change.after, after=change.before)
        case SeriesStateChanged():
            return SeriesStateChanged(change.after, change.before)
        case SessionChanged():
            return SessionChanged(change.session, change.after, change.before, change.performed_before)
        case WindowStored():
            return WindowStored(change.session, change.window_before, change.window)
    return None
