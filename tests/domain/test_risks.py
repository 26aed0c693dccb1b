"""At risk: what stands where it should not, and the flags that a transaction sets or clears."""

from dataclasses import replace

from scheduler.domain.changes import RiskChanged
from scheduler.domain.dating import risk_changes, risks
from scheduler.domain.holds import HoldState
from scheduler.domain.series import AppointmentStatus
from tests.domain.courses import (
    appointment_id,
    around,
    booked,
    booking,
    course,
    due,
    hold,
    iso,
    on,
    other,
    override,
    performed,
)

TOO_SHORT = (
    f"Session 3 on {iso(60)} would be 20 days after {iso(40)}. "
    f"At least 28 days after the session before was performed on {iso(40)}."
)


def test_a_late_fact_puts_the_next_booking_at_risk() -> None:
    series = course(performed(0), performed(40), booked(60), booked(95))
    assert risks(series, around(41)) == {3: TOO_SHORT, 4: None}
    assert risk_changes(series, around(41)) == (RiskChanged(appointment_id(60), 3, on(60), TOO_SHORT),)


def test_an_early_fact_puts_a_booking_too_far_behind_at_risk() -> None:
    series = course(performed(0), performed(25), booked(70))
    (found,) = risk_changes(series, around(26))
    assert found.reason == (
        f"Session 3 on {iso(70)} would be 45 days after {iso(25)}. "
        f"At most 42 days after the session before was performed on {iso(25)}."
    )


def test_a_mended_gap_clears_the_flag() -> None:
    series = course(performed(0), performed(32), booked(60, at_risk=True))
    assert risk_changes(series, around(41)) == (RiskChanged(appointment_id(60), 3, on(60), None),)


def test_an_import_against_a_rule_is_at_risk_while_nobody_has_decided_about_it() -> None:
    imported = replace(booked(35), booking=replace(booking(35, at_risk=True), import_note="Decide."))
    assert risks(course(performed(0), imported), around(10)) == {2: "Decide."}
    assert risk_changes(course(performed(0), imported), around(10)) == ()
    assert risks(course(performed(15), imported), around(16))[2] != "Decide."


def test_what_is_flagged_and_what_is_well_stays_as_it_is() -> None:
    series = course(performed(0), performed(40), booked(60, at_risk=True), booked(95))
    assert risk_changes(series, around(41)) == ()


def test_a_booking_after_a_session_without_a_date_is_at_risk() -> None:
    series = course(performed(0), due(), booked(70), booked(105))
    no_date = "An earlier session has no date."
    assert risks(series, around(43)) == {3: no_date, 4: no_date}


def test_a_booking_too_near_another_procedure_is_at_risk() -> None:
    series = course(performed(0), booked(35))
    assert risks(series, around(1, others=[other(30, 0)])) == {
        2: f"Peel on {iso(30)} is too near on an overlapping site."
    }
    assert risks(series, around(1, others=[other(21, 0)])) == {2: None}


def test_an_overridden_booking_too_near_another_procedure_is_at_risk() -> None:
    series = course(performed(0), booked(60, override=override(60, 0)))
    assert risks(series, around(1)) == {2: None}
    assert risks(series, around(1, others=[other(60, 1)])) == {
        2: f"Peel on {iso(60)} is too near on an overlapping site."
    }


def test_a_closure_or_a_proposed_hold_puts_nothing_at_risk() -> None:
    series = course(performed(0), booked(35))
    surroundings = around(1, hold(35, 35, state=HoldState.PROPOSED), closures=[(35, 35)])
    assert risks(series, surroundings) == {2: None}


def test_only_live_appointments_from_today_on_can_be_at_risk() -> None:
    series = course(performed(0), booked(20), due())
    assert risks(series, around(20)).keys() == {2}
    assert risks(series, around(21)) == {}


def test_a_session_that_has_a_fact_is_no_longer_at_risk() -> None:
    satisfied = replace(performed(20), booking=booked(20).booking)
    assert risks(course(performed(0), satisfied), around(1)) == {}


def test_a_patient_who_is_already_there_can_be_at_risk() -> None:
    series = course(performed(0), booked(20, AppointmentStatus.CHECKED_IN))
    assert risk_changes(series, around(20))[0].session == 2


def test_an_overridden_booking_is_not_at_risk_while_its_override_stands() -> None:
    series = course(performed(0), booked(25, override=override(25, 0)))
    assert risks(series, around(1)) == {2: None}
    late = course(performed(1), booked(25, override=override(25, 0)))
    assert risk_changes(late, around(1))[0].reason is not None
