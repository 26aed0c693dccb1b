"""What a series looks like after changes."""

from dataclasses import replace
from uuid import UUID

import pytest

from scheduler.domain.applied import applied
from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentStatusChanged,
    CancelReason,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
    WindowStored,
    cancellation,
)
from scheduler.domain.series import AppointmentStatus, Booking, SeriesState, Session, SessionState
from tests.domain.courses import appointment_id, booked, booking, course, due, on, override, performed, slot

BEFORE = course(performed(0), booked(35), booked(70), due())


def status_changed(after: AppointmentStatus, day: int = 35) -> AppointmentStatusChanged:
    return AppointmentStatusChanged(appointment_id(day), AppointmentStatus.BOOKED, after)


def test_a_booking_gives_its_session_a_date() -> None:
    change = AppointmentBooked(UUID(int=5), 4, slot(105), on(105), 15, override(105, 70))
    made = Booking(UUID(int=5), on(105), slot(105), override=override(105, 70), treatment_extra=15)
    assert applied(BEFORE, [change]) == BEFORE.with_sessions({4: replace(BEFORE.session(4), booking=made)})


def test_a_move_changes_slot_date_length_and_override_and_keeps_the_appointment() -> None:
    change = AppointmentMoved(appointment_id(35), 2, slot(35), slot(40, 15), on(35), on(40), 30, override(40, 0))
    after = Booking(appointment_id(35), on(40), slot(40, 15), override=override(40, 0), treatment_extra=30)
    assert applied(BEFORE, [change]).session(2) == Session(2, booking=after)


def test_an_import_keeps_its_note_until_it_is_moved() -> None:
    change = AppointmentBooked(UUID(int=5), 4, slot(105), on(105), import_note="Decide.")
    made = applied(BEFORE, [change])
    moved = applied(made, [AppointmentMoved(UUID(int=5), 4, slot(105), slot(106), on(105), on(106))])
    notes = [series.session(4).booking for series in (made, moved)]
    assert [one and one.import_note for one in notes] == ["Decide.", None]


def test_a_cancellation_leaves_the_session_due_near_where_it_was() -> None:
    session = BEFORE.session(2)
    change = cancellation(session, booking(35), CancelReason.PATIENT)
    assert applied(BEFORE, [change]).session(2) == Session(2, last_slot=slot(35), last_on=on(35))


@pytest.mark.parametrize("status", [AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN])
def test_a_live_status_keeps_the_date(status: AppointmentStatus) -> None:
    after = applied(BEFORE, [status_changed(status)])
    assert after.session(2) == Session(2, booking=booking(35, status))
    assert after.session(3) == BEFORE.session(3)


def test_a_no_show_leaves_the_session_due_near_where_it_was() -> None:
    after = applied(BEFORE, [status_changed(AppointmentStatus.NOSHOW)])
    assert after.session(2) == Session(2, last_slot=slot(35), last_on=on(35))


@pytest.mark.parametrize("status", [AppointmentStatus.FULFILLED, AppointmentStatus.ENTERED_IN_ERROR])
def test_what_was_done_or_never_true_is_no_longer_booked(status: AppointmentStatus) -> None:
    assert applied(BEFORE, [status_changed(status)]).session(2) == Session(2)


def test_a_status_of_another_appointment_changes_nothing() -> None:
    assert applied(BEFORE, [status_changed(AppointmentStatus.ARRIVED, day=99)]) == BEFORE


def test_a_risk_is_set_and_cleared() -> None:
    risky = RiskChanged(appointment_id(35), 2, on(35), "Too near.")
    after = applied(BEFORE, [risky])
    assert after.session(2) == Session(2, booking=booking(35, at_risk=True))
    assert applied(after, [replace(risky, reason=None)]) == BEFORE


def test_a_fact_satisfies_a_session_and_a_correction_takes_it_back() -> None:
    done = SessionChanged(4, SessionState.DUE, SessionState.SATISFIED, on(105), partial=True)
    after = applied(BEFORE, [done])
    assert after.session(4) == Session(4, SessionState.SATISFIED, on(105), partial=True)
    assert applied(after, [SessionChanged(4, SessionState.SATISFIED, SessionState.DUE)]) == BEFORE


def test_a_decision_stores_a_window_and_taking_it_back_removes_it() -> None:
    after = applied(BEFORE, [WindowStored(4, (on(110), on(124)))])
    assert after.session(4).continued == (on(110), on(124))
    assert applied(after, [WindowStored(4, None, (on(110), on(124)))]) == BEFORE


def test_a_series_changes_its_state() -> None:
    after = applied(BEFORE, [SeriesStateChanged(SeriesState.ACTIVE, SeriesState.REVOKED)])
    assert after == replace(BEFORE, state=SeriesState.REVOKED)


def test_changes_apply_in_their_order() -> None:
    cancelled = cancellation(BEFORE.session(2), booking(35), CancelReason.CLINIC)
    again = AppointmentBooked(UUID(int=5), 2, slot(36), on(36))
    after = applied(BEFORE, [cancelled, again]).session(2)
    assert (after.booking, after.last_on) == (Booking(UUID(int=5), on(36), slot(36)), on(35))


def test_a_visit_outside_a_series_changes_nothing_in_it() -> None:
    assert applied(BEFORE, [AppointmentBooked(UUID(int=5), None, slot(36), on(36))]) == BEFORE


def test_a_move_or_a_risk_of_what_is_no_longer_booked_changes_nothing() -> None:
    moved = AppointmentMoved(UUID(int=5), 4, slot(35), slot(40), on(35), on(40))
    assert applied(BEFORE, [moved, RiskChanged(UUID(int=5), 4, on(40), "Too near.")]) == BEFORE
