"""Each type of change becomes rows in one place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from scheduler.domain.changes import (
    AppointmentCancelled,
    AppointmentStatusChanged,
    CancelReason,
    Change,
    RiskChanged,
    SeriesStateChanged,
    SessionChanged,
    Times,
    WindowStored,
)
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus, Override, SeriesState, SessionState
from scheduler.storage.applying import write
from scheduler.storage.database import Database
from scheduler.storage.rows import OrganisationRow
from tests.support.rows import Ground
from tests.support.stored_course import NINE, WRITTEN, StoredCourse, moved

DAY = timedelta(days=1)
STATUS = AppointmentStatus


@pytest.fixture
def course(database_url: str) -> Iterator[StoredCourse]:
    database = Database(database_url)
    yield StoredCourse(database)
    database.dispose()


def test_every_type_of_change_has_a_handler() -> None:
    assert [kind for kind in get_args(Change) if write.dispatch(kind) is write.dispatch(object)] == []


def test_what_is_no_change_is_not_written(course: StoredCourse) -> None:
    with pytest.raises(TypeError, match="no handler for str"):
        course.apply("book it")


def test_a_booking_is_written_whole(course: StoredCourse) -> None:
    booked = course.booked(2, treatment_extra=10)
    course.apply(booked)
    written: dict[str, Any] = {
        "organisation_id": course.ids["organisation"],
        "clinic_id": course.ids["clinic"],
        "patient_id": course.ids["patient"],
        "series_id": course.ids["series"],
        "session_id": course.session_ids[2],
        "visit_type_id": None,
        "sites": [],
        "status": STATUS.BOOKED,
        "starts_at": NINE,
        "ends_at": NINE + timedelta(minutes=70),
        "on_date": date(2026, 3, 30),
        "wall_start": "2026-03-30T09:00",
        "practitioner_id": course.ids["practitioner1"],
        "room_id": course.ids["room1"],
        "device_id": course.ids["device1"],
        "treatment_extra": 10,
        "at_risk": False,
        "override_on": None,
        "override_by": None,
        "sequence": 0,
        "created_at": WRITTEN,
        "changed_at": WRITTEN,
    }
    assert course.row(booked.appointment_id, *written) == written


def test_a_visit_is_written_with_its_type_and_sites(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked, target=course.visit_target())
    written: dict[str, Any] = {"series_id": None, "session_id": None, "sites": ["lips"]}
    written["visit_type_id"] = course.ids["visit_type"]
    assert course.row(booked.appointment_id, *written) == written
    assert course.revisions()["series"] == 1


def test_an_override_is_written_with_who_gave_it(course: StoredCourse) -> None:
    booked = course.booked(2, override=Override(date(2026, 3, 30), date(2026, 3, 10), "holiday"))
    course.apply(booked)
    written = {
        "override_on": date(2026, 3, 30),
        "override_reference": date(2026, 3, 10),
        "override_reason": "holiday",
        "override_by": course.ids["user"],
    }
    assert course.row(booked.appointment_id, *written) == written
    course.apply(moved(booked, course.slot(NINE + DAY)))
    assert course.row(booked.appointment_id, *written) == dict.fromkeys(written)


def test_a_move_keeps_the_uid_and_says_the_wall_time_of_its_new_day(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked)
    uid = course.row(booked.appointment_id, "uid")
    winter = datetime(2026, 11, 2, 8, tzinfo=UTC)
    course.apply(moved(booked, course.slot(winter, 2), treatment_extra=-5))
    written = uid | {
        "starts_at": winter,
        "ends_at": winter + timedelta(minutes=55),
        "on_date": date(2026, 11, 2),
        "wall_start": "2026-11-02T09:00",
        "room_id": course.ids["room2"],
        "treatment_extra": -5,
        "sequence": 1,
    }
    assert course.row(booked.appointment_id, *written) == written


def test_a_cancellation_keeps_its_reason_and_ends_the_risk(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked, RiskChanged(booked.appointment_id, 1, booked.on, "too_early"))
    course.apply(AppointmentCancelled(booked.appointment_id, 1, booked.slot, booked.on, CancelReason.HOLD))
    written = {"status": STATUS.CANCELLED, "cancel_reason": CancelReason.HOLD, "at_risk": False, "risk_reason": None}
    assert course.row(booked.appointment_id, *written) == written


def test_a_risk_is_set_and_cleared(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked, RiskChanged(booked.appointment_id, 1, booked.on, "too_early"))
    columns = ("at_risk", "risk_reason", "sequence")
    assert course.row(booked.appointment_id, *columns) == {"at_risk": True, "risk_reason": "too_early", "sequence": 1}
    course.apply(RiskChanged(booked.appointment_id, 1, booked.on, None))
    assert course.row(booked.appointment_id, *columns) == {"at_risk": False, "risk_reason": None, "sequence": 2}


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_arrival_start_and_end_are_stored_as_a_change_of_status_says(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked)
    columns = ("status", "arrived_at", "started_at", "ended_at", "sequence")
    steps = (
        (STATUS.ARRIVED, at(1), None, None),
        (STATUS.CHECKED_IN, at(1), at(2), None),
        (STATUS.FULFILLED, at(1), at(2), at(4)),
        (STATUS.BOOKED, None, None, None),
    )
    seen = []
    for status, *times in steps:
        course.apply(AppointmentStatusChanged(booked.appointment_id, STATUS.BOOKED, status, Times(*times)))
        seen.append(tuple(course.row(booked.appointment_id, *columns).values()))
    assert seen == [(*step, sequence) for sequence, step in enumerate(steps, 1)]


def test_a_session_is_satisfied_and_due_again(course: StoredCourse) -> None:
    day = date(2026, 3, 30)
    course.apply(SessionChanged(3, SessionState.DUE, SessionState.SATISFIED, day, partial=True))
    columns = ("state", "performed_on", "partial")
    satisfied = {"state": SessionState.SATISFIED, "performed_on": day, "partial": True}
    assert course.session(3, *columns) == satisfied
    course.apply(SessionChanged(3, SessionState.SATISFIED, SessionState.DUE, performed_before=day))
    assert course.session(3, *columns) == {"state": SessionState.DUE, "performed_on": None, "partial": False}


def test_a_window_is_stored_and_taken_back(course: StoredCourse) -> None:
    window = (date(2026, 4, 1), date(2026, 4, 15))
    course.apply(WindowStored(2, window))
    assert course.session(2, "continued_from", "continued_until") == dict(
        zip(("continued_from", "continued_until"), window, strict=True)
    )
    course.apply(WindowStored(2, None, window))
    assert course.session(2, "continued_from", "continued_until") == {"continued_from": None, "continued_until": None}


def test_a_series_changes_its_state_under_a_new_revision(course: StoredCourse) -> None:
    course.apply(SeriesStateChanged(SeriesState.DRAFT, SeriesState.ACTIVE))
    assert course.revisions()["series"] == 2


def test_a_change_that_is_refused_takes_all_others_back(course: StoredCourse) -> None:
    first = course.booked(1)
    course.apply(first)
    before = (course.totals(), course.revisions(), course.session(3, "state"))
    for rival in (course.slot(NINE + timedelta(minutes=30)), replace(course.slot(), resources={})):
        with pytest.raises(RuleBroken) as caught:
            course.apply(
                course.booked(2, course.slot(NINE + 28 * DAY)),
                SessionChanged(3, SessionState.DUE, SessionState.OMITTED),
                course.booked(4, rival),
            )
        assert caught.value.code == "slot_taken"
        assert (course.totals(), course.revisions(), course.session(3, "state")) == before


def test_a_second_appointment_of_a_session_is_refused(course: StoredCourse) -> None:
    course.apply(course.booked(1))
    with pytest.raises(RuleBroken) as caught:
        course.apply(course.booked(1, course.slot(NINE + DAY)))
    assert caught.value.code == "session_already_booked"
    assert course.totals()[0] == 1


def test_a_change_that_meets_no_row_is_an_error_of_ours(course: StoredCourse) -> None:
    booked = course.booked(1)
    with pytest.raises(LookupError, match="met 0 rows"):
        course.apply(moved(booked, course.slot(NINE + DAY)))
    course.apply(booked)
    strangers = course.database.write(lambda tx: Ground(tx).add(OrganisationRow(name="Others")))
    with pytest.raises(LookupError, match="met 0 rows"):
        course.apply(
            RiskChanged(booked.appointment_id, 1, booked.on, "too_early"),
            target=course.target(organisation_id=strangers),
        )
    assert course.row(booked.appointment_id, "at_risk", "sequence") == {"at_risk": False, "sequence": 0}
