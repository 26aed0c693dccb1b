"""A series as it looks after changes: what a preview shows and what a check is made on."""

from collections.abc import Iterable
from dataclasses import replace

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    Change,
    ImportDecided,
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
            made = Booking(change.appointment_id, change.on, change.slot)
            return replace(session, booking=_with_terms(made, change))
        case AppointmentMoved() if booking:
            moved = replace(booking, on=change.on, slot=change.after)
            return replace(session, booking=_with_terms(moved, change))
        case AppointmentCancelled():
            return replace(session, booking=None, last_slot=change.slot, last_on=change.on)
        case AppointmentStatusChanged() if booking:
            return _with_status(session, booking, change.after)
        case RiskChanged() if booking:
            return replace(session, booking=replace(booking, at_risk=change.reason is not None))
        case SessionChanged():
            return replace(session, state=change.after, performed_on=change.performed_on, partial=change.partial)
        case WindowStored():
            return replace(session, continued=change.window)
        case ImportDecided() if booking and booking.appointment_id == change.appointment_id:
            return replace(session, booking=replace(booking, override=change.override, import_note=change.note))
    return session


def _with_terms(booking: Booking, change: AppointmentBooked | AppointmentMoved) -> Booking:
    """What else the change says of its booking."""
    extra, note = change.treatment_extra, change.import_note
    return replace(booking, override=change.override, treatment_extra=extra, import_note=note)


def _with_status(session: Session, booking: Booking, status: AppointmentStatus) -> Session:
    """A no-show releases its slot, and a replan stays near it. What was done or was never true leaves no trace."""
    if status in LIVE:
        return replace(session, booking=replace(booking, status=status))
    if status is AppointmentStatus.NOSHOW:
        return replace(session, booking=None, last_slot=booking.slot, last_on=booking.on)
    return replace(session, booking=None)
