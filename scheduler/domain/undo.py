"""Undo: what takes a change back."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    Change,
    ImportDecided,
    SeriesStateChanged,
    SessionChanged,
    WindowStored,
)
from scheduler.domain.series import AppointmentStatus


def inverse(change: Change, new_id: Callable[[], UUID]) -> Change | None:
    """What takes a change back, or ``None`` where nothing needs to be done.

    A cancellation is final, so its inverse books the same slot anew, under the identifier that ``new_id`` gives. A
    booking is taken back as entered in error. Risk is computed afresh and needs no inverse.
    """
    match change:
        case AppointmentBooked(appointment_id=id_):
            error = AppointmentStatus.ENTERED_IN_ERROR
            return AppointmentStatusChanged(id_, AppointmentStatus.BOOKED, error, frees=True)
        case AppointmentMoved():
            return _moved_back(change)
        case AppointmentCancelled():
            as_it_was = (change.treatment_extra, change.override, change.import_note)
            return AppointmentBooked(new_id(), change.session, change.slot, change.on, *as_it_was)
        case AppointmentStatusChanged():
            return _as_it_stood(change)
        case SeriesStateChanged():
            return SeriesStateChanged(change.after, change.before)
        case SessionChanged():
            return _as_it_counted(change)
        case WindowStored():
            return WindowStored(change.session, change.window_before, change.window)
        case ImportDecided():
            return _undecided(change)
    return None


def _moved_back(change: AppointmentMoved) -> AppointmentMoved:
    """The old slot, with all that belonged to it."""
    return replace(
        change,
        before=change.after,
        after=change.before,
        on=change.on_before,
        on_before=change.on,
        override=change.override_before,
        override_before=change.override,
        treatment_extra=change.extra_before,
        extra_before=change.treatment_extra,
        import_note=change.import_note_before,
        import_note_before=change.import_note,
    )


def _as_it_counted(change: SessionChanged) -> SessionChanged:
    """The session as it counted, with the date and the part that were recorded by then."""
    return replace(
        change,
        before=change.after,
        after=change.before,
        performed_on=change.performed_before,
        performed_before=change.performed_on,
        partial=change.partial_before,
        partial_before=change.partial,
    )


def _undecided(change: ImportDecided) -> ImportDecided:
    """What was imported waits for a decision again."""
    return replace(
        change,
        note=change.note_before,
        note_before=change.note,
        override=change.override_before,
        override_before=change.override,
    )


def _as_it_stood(change: AppointmentStatusChanged) -> AppointmentStatusChanged:
    """The appointment as it stood, with the instants that were noted by then."""
    return replace(
        change,
        before=change.after,
        after=change.before,
        times=change.times_before,
        times_before=change.times,
        frees=change.claims,
        claims=change.frees,
    )
