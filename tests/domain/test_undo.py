"""What takes a change back, and what takes that back."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.applied import applied
from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStatusChanged,
    CancelReason,
    Change,
    ImportDecided,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
    Times,
    WindowStored,
)
from scheduler.domain.series import AppointmentStatus, SessionState
from scheduler.domain.undo import inverse
from tests.domain.courses import appointment_id, course, due, on, override, slot
from tests.support.any_change import of_type

NEW = UUID(int=7_000)
REVERSIBLE = (
    AppointmentMoved,
    AppointmentStatusChanged,
    SeriesStateChanged,
    SessionChanged,
    WindowStored,
    ImportDecided,
)


def back(change: Change) -> Change | None:
    return inverse(change, lambda: NEW)


@pytest.mark.parametrize("kind", REVERSIBLE, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_taking_back_what_took_a_change_back_is_the_change(kind: type[Change], data: st.DataObject) -> None:
    change = data.draw(of_type(kind))
    undone = back(change)
    assert undone is not None
    assert back(undone) == change


def test_a_correction_is_undone_to_what_was_performed_partly() -> None:
    wrong = SessionChanged(1, SessionState.SATISFIED, SessionState.DUE, performed_before=on(0), partial_before=True)
    assert back(wrong) == SessionChanged(1, SessionState.DUE, SessionState.SATISFIED, on(0), None, True)


def test_a_step_back_brings_back_the_instants_that_were_noted_before_it() -> None:
    came, began = slot(35, 9).starts_at, slot(35, 10).starts_at
    states = (AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN)
    times = (Times(came, began), Times(came))
    step = AppointmentStatusChanged(appointment_id(35), *states, *times)
    assert back(step) == AppointmentStatusChanged(appointment_id(35), *reversed(states), *reversed(times))


@given(of_type(AppointmentCancelled))
def test_a_cancellation_is_undone_by_booking_the_same_slot_anew(change: AppointmentCancelled) -> None:
    undone = back(change)
    kept = (change.session, change.slot, change.on, change.treatment_extra, change.override, change.import_note)
    assert undone == AppointmentBooked(NEW, *kept)


def test_a_booking_is_undone_as_entered_in_error_and_gives_its_time_back() -> None:
    booked = AppointmentBooked(appointment_id(35), 2, slot(35), on(35))
    error = AppointmentStatus.ENTERED_IN_ERROR
    gone = AppointmentStatusChanged(booked.appointment_id, AppointmentStatus.BOOKED, error, frees=True)
    assert back(booked) == gone
    assert back(gone) == replace(gone, before=error, after=AppointmentStatus.BOOKED, frees=False, claims=True)


def test_a_risk_is_computed_afresh() -> None:
    assert back(RiskChanged(appointment_id(35), 2, on(35), "too_early")) is None


def test_a_move_that_lengthened_the_treatment_is_undone_to_its_former_length() -> None:
    move = AppointmentMoved(
        appointment_id(35), 2, slot(35), slot(40), on(35), on(40), 15, override(40, 0), override(35, 0), extra_before=5
    )
    assert back(move) == AppointmentMoved(
        appointment_id(35), 2, slot(40), slot(35), on(40), on(35), 5, override(35, 0), override(40, 0), extra_before=15
    )


def test_a_move_of_an_import_to_be_decided_is_undone_to_its_note() -> None:
    move = AppointmentMoved(appointment_id(35), 2, slot(35), slot(40), on(35), on(40), import_note_before="Decide.")
    assert back(move) == AppointmentMoved(
        appointment_id(35), 2, slot(40), slot(35), on(40), on(35), import_note="Decide."
    )


def test_a_series_is_as_before_once_its_deed_is_undone() -> None:
    before = course(due(), due(), due())
    window = WindowStored(3, (on(70), on(84)))
    deed = (SessionChanged(1, SessionState.DUE, SessionState.SATISFIED, on(0)), window)
    undone = [change for step in reversed(deed) if (change := back(step))]
    assert applied(before, deed) != before
    assert applied(applied(before, deed), undone) == before


def test_a_cancelled_session_has_its_slot_again_under_another_identifier() -> None:
    booked = AppointmentBooked(appointment_id(35), 2, slot(35), on(35), 15)
    before = applied(course(due(), due()), [booked])
    gone = AppointmentCancelled(booked.appointment_id, 2, slot(35), on(35), CancelReason.PATIENT, 15)
    again = back(gone)
    assert again is not None
    now = applied(applied(before, [gone]), [again]).session(2).booking
    was = before.session(2).booking
    assert was is not None
    assert now == replace(was, appointment_id=NEW)
