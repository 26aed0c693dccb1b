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
            return AppointmentStatusChanged(id_, AppointmentStatus.BOOKED, error, change.slot.starts_at, frees=True)
        case AppointmentMoved():
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
            )
        case AppointmentCancelled():
            extra = change.treatment_extra
            return AppointmentBooked(new_id(), change.session, change.slot, change.on, extra, change.override)
        case AppointmentStatusChanged():
            back = replace(change, before=change.after, after=change.before)
            return replace(back, frees=change.claims, claims=change.frees)
        case SeriesStateChanged():
            return SeriesStateChanged(change.after, change.before)
        case SessionChanged():
            performed, performed_before = change.performed_before, change.performed_on
            return SessionChanged(change.session, change.after, change.before, performed, performed_before)
        case WindowStored():
            return WindowStored(change.session, change.window_before, change.window)
    return None
