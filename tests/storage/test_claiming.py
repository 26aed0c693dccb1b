"""Claims follow the appointments that make them, and revisions follow the claims."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentStatusChanged,
    CancelReason,
    RiskChanged,
)
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.slots import Slot, claims_of
from scheduler.storage.applying import apply_changes
from scheduler.storage.database import Database
from scheduler.storage.rows import AppointmentRow
from tests.support.queries import counted
from tests.support.stored_course import NINE, StoredCourse, moved, phases

DAY = timedelta(days=1)
STATUS = AppointmentStatus


@pytest.fixture
def course(database_url: str) -> Iterator[StoredCourse]:
    database = Database(database_url)
    yield StoredCourse(database)
    database.dispose()


def stretches(course: StoredCourse, slot: Slot, extra: int = 0) -> set[tuple[UUID, datetime, datetime]]:
    """What the domain says an appointment in this slot occupies."""
    claims = claims_of(slot, phases(extra), course.ids["patient"])
    return {(claim.subject_id, claim.starts_at, claim.ends_at) for claim in claims}


def cancelled(booked: AppointmentBooked) -> AppointmentCancelled:
    return AppointmentCancelled(booked.appointment_id, booked.session, booked.slot, booked.on, CancelReason.PATIENT)


def test_a_booking_claims_each_resource_for_its_phases_and_the_patient(course: StoredCourse) -> None:
    booked = course.booked(1, treatment_extra=15)
    course.apply(booked)
    minute = timedelta(minutes=1)
    assert course.claims(booked.appointment_id) == {
        (course.ids["patient"], NINE, NINE + 65 * minute),
        (course.ids["practitioner1"], NINE + 20 * minute, NINE + 65 * minute),
        (course.ids["room1"], NINE, NINE + 75 * minute),
        (course.ids["device1"], NINE + 20 * minute, NINE + 75 * minute),
    }
    assert course.claims(booked.appointment_id) == stretches(course, booked.slot, 15)


def test_a_move_claims_the_new_slot_and_gives_the_old_one_back(course: StoredCourse) -> None:
    booked, after = course.booked(1), course.slot(NINE + timedelta(minutes=10), 2)
    course.apply(booked)
    course.apply(moved(booked, after, treatment_extra=5))
    assert course.claims(booked.appointment_id) == stretches(course, after, 5)
    course.apply(course.booked(2, course.slot(NINE + DAY)))


def test_a_move_may_overlap_where_the_appointment_was(course: StoredCourse) -> None:
    booked, after = course.booked(1), course.slot(NINE + timedelta(minutes=15))
    course.apply(booked)
    course.apply(moved(booked, after))
    assert course.claims(booked.appointment_id) == stretches(course, after)


def test_two_appointments_swap_their_slots_in_one_transaction(course: StoredCourse) -> None:
    first, second = course.booked(1), course.booked(2, course.slot(NINE + 28 * DAY))
    course.apply(first, second)
    course.apply(moved(first, second.slot), moved(second, first.slot))
    assert course.claims(first.appointment_id) == stretches(course, second.slot)
    assert course.claims(second.appointment_id) == stretches(course, first.slot)


def test_three_appointments_shift_into_each_others_slots(course: StoredCourse) -> None:
    slots = [course.slot(NINE + n * 28 * DAY) for n in range(4)]
    booked = [course.booked(n + 1, slot) for n, slot in enumerate(slots[:3])]
    course.apply(*booked)
    course.apply(*(moved(one, after) for one, after in zip(booked, slots[1:], strict=True)))
    for one, after in zip(booked, slots[1:], strict=True):
        assert course.claims(one.appointment_id) == stretches(course, after)


def test_a_cancelled_slot_is_booked_again_in_the_same_transaction(course: StoredCourse) -> None:
    first, second = course.booked(1), course.booked(1)
    course.apply(first)
    course.apply(cancelled(first), second)
    assert course.claims(first.appointment_id) == set()
    assert course.claims(second.appointment_id) == stretches(course, second.slot)


def test_time_is_given_back_and_claimed_again_where_a_change_says_so(course: StoredCourse) -> None:
    booked = course.booked(1, treatment_extra=5)
    course.apply(booked)
    missed = AppointmentStatusChanged(booked.appointment_id, STATUS.BOOKED, STATUS.NOSHOW, frees=True)
    came = AppointmentStatusChanged(booked.appointment_id, STATUS.NOSHOW, STATUS.ARRIVED, claims=True)
    fulfilled = AppointmentStatusChanged(booked.appointment_id, STATUS.ARRIVED, STATUS.FULFILLED)
    course.apply(missed)
    assert course.claims(booked.appointment_id) == set()
    course.apply(came)
    assert course.claims(booked.appointment_id) == stretches(course, booked.slot, 5)
    course.apply(fulfilled)
    assert course.claims(booked.appointment_id) == stretches(course, booked.slot, 5)


def test_what_a_late_patient_gave_back_may_be_taken(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked)
    course.apply(AppointmentStatusChanged(booked.appointment_id, STATUS.BOOKED, STATUS.NOSHOW, frees=True))
    course.apply(course.booked(2))
    with pytest.raises(RuleBroken) as caught:
        course.apply(AppointmentStatusChanged(booked.appointment_id, STATUS.NOSHOW, STATUS.ARRIVED, claims=True))
    assert caught.value.code == "slot_taken"
    assert course.row(booked.appointment_id, "status") == {"status": STATUS.NOSHOW}


def test_what_is_claimed_again_is_where_the_appointment_is_now(course: StoredCourse) -> None:
    """Also when the transaction had looked at the appointment before it was moved."""
    booked, after = course.booked(1), course.slot(NINE + DAY, 2)
    course.apply(booked)
    back = AppointmentStatusChanged(booked.appointment_id, STATUS.NOSHOW, STATUS.BOOKED, claims=True)
    gone = AppointmentStatusChanged(booked.appointment_id, STATUS.BOOKED, STATUS.NOSHOW, frees=True)

    def look_then_move(tx: Session) -> None:
        tx.scalars(select(AppointmentRow)).one()
        apply_changes(tx, course.target(), [moved(booked, after)])
        apply_changes(tx, course.target(), [gone])
        apply_changes(tx, course.target(), [back])

    course.database.write(look_then_move)
    assert course.claims(booked.appointment_id) == stretches(course, after)


def test_a_claimed_patient_cannot_be_in_two_rooms(course: StoredCourse) -> None:
    course.apply(course.booked(1))
    with pytest.raises(RuleBroken) as caught:
        course.apply(course.booked(2, course.slot(NINE + timedelta(minutes=30), 2)))
    assert caught.value.code == "slot_taken"


def test_busy_revisions_move_with_the_claims_of_their_resources_alone(course: StoredCourse) -> None:
    ones = {"practitioner1": 1, "room1": 1, "device1": 1}
    twos = {"practitioner2": 1, "room2": 1, "device2": 1}
    assert course.revisions() == {**ones, **twos, "series": 1}
    booked = course.booked(1)
    course.apply(booked)
    ones = dict.fromkeys(ones, 2)
    assert course.revisions() == {**ones, **twos, "series": 2}
    course.apply(moved(booked, course.slot(NINE + DAY, 2)))
    ones, twos = dict.fromkeys(ones, 3), dict.fromkeys(twos, 2)
    assert course.revisions() == {**ones, **twos, "series": 3}
    course.apply(RiskChanged(booked.appointment_id, 1, booked.on, "too_early"))
    assert course.revisions() == {**ones, **twos, "series": 4}
    course.apply(cancelled(booked))
    assert course.revisions() == {**ones, **dict.fromkeys(twos, 3), "series": 5}


ONES, TWOS = {"practitioner1", "room1", "device1"}, {"practitioner2", "room2", "device2"}
ALWAYS = {"patient", "clinic"}


def test_the_feeds_of_all_who_are_involved_are_stale_after_any_change(course: StoredCourse) -> None:
    booked = course.booked(1)
    assert course.stale_feeds() == set()
    course.apply(booked)
    assert course.stale_feeds() == ALWAYS | ONES
    course.apply(RiskChanged(booked.appointment_id, 1, booked.on, "too_early"))
    assert course.stale_feeds() == ALWAYS | ONES
    course.apply(moved(booked, course.slot(NINE + DAY, 2)))
    assert course.stale_feeds() == ALWAYS | ONES | TWOS
    course.apply(cancelled(booked))
    assert course.stale_feeds() == ALWAYS | TWOS


def test_a_state_that_frees_nothing_makes_the_feeds_stale_too(course: StoredCourse) -> None:
    booked = course.booked(1)
    course.apply(booked)
    course.stale_feeds()
    course.apply(AppointmentStatusChanged(booked.appointment_id, AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED))
    assert course.stale_feeds() == ALWAYS | ONES


def test_marking_the_feeds_is_one_statement(course: StoredCourse) -> None:
    booked = course.booked(1)
    with counted(course.database.engine) as told:
        course.apply(booked)
    assert [one.split()[0] for one in told if "feeds" in one] == ["WITH"]
