"""What happens to an appointment on its day, when it happened, and what an undo brings back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.series import AppointmentStatus, SessionState
from scheduler.operations.booking.attending import arrive, check_in, correct, miss, perform
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.undoing import undo
from scheduler.operations.context import Context
from scheduler.storage.rows import AppointmentRow, SessionRow
from tests.support.desk import Desk
from tests.support.rows import NOW

TEN = NOW + timedelta(hours=1)
STATUS = AppointmentStatus


@pytest.fixture
def visit(desk: Desk) -> UUID:
    """The appointment of a session that begins at ten in the morning."""
    booking = desk.sheet(desk.course({1: 0}, sessions=3)).snapshot.series.session(1).booking
    assert booking is not None
    return booking.appointment_id


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def do(desk: Desk, deed: Callable[[Context], Deed], minutes: int, role: Role = Role.RECEPTION) -> Deed:
    return desk.do(deed, role, at(minutes))


def taken_back(desk: Desk, deed: Deed, minutes: int) -> None:
    do(desk, lambda context: undo(context, deed_id=deed.id), minutes)


def noted(desk: Desk, visit: UUID) -> tuple[Any, ...]:
    """The appointment's status, and when the patient came, the treatment began and ended."""
    row = AppointmentRow
    query = select(row.status, row.arrived_at, row.started_at, row.ended_at).where(row.id == visit)
    return tuple(desk.read(lambda tx: tx.execute(query).one()))


def test_arrival_start_and_end_are_noted_when_they_happen(desk: Desk, visit: UUID) -> None:
    do(desk, lambda c: arrive(c, appointment_id=visit), 1)
    assert noted(desk, visit) == (STATUS.ARRIVED, at(1), None, None)
    do(desk, lambda c: check_in(c, appointment_id=visit), 5)
    assert noted(desk, visit) == (STATUS.CHECKED_IN, at(1), at(5), None)
    do(desk, lambda c: perform(c, appointment_id=visit), 50)
    assert noted(desk, visit) == (STATUS.FULFILLED, at(1), at(5), at(50))


def test_each_step_is_undone_to_what_was_noted_before_it(desk: Desk, visit: UUID) -> None:
    came = do(desk, lambda c: arrive(c, appointment_id=visit), 1)
    taken_back(desk, came, 2)
    assert noted(desk, visit) == (STATUS.BOOKED, None, None, None)
    do(desk, lambda c: arrive(c, appointment_id=visit), 3)
    began = do(desk, lambda c: check_in(c, appointment_id=visit), 5)
    taken_back(desk, began, 6)
    assert noted(desk, visit) == (STATUS.ARRIVED, at(3), None, None)
    ended = do(desk, lambda c: perform(c, appointment_id=visit), 50)
    taken_back(desk, ended, 51)
    assert noted(desk, visit) == (STATUS.ARRIVED, at(3), None, None)


def test_a_no_show_that_is_undone_arrived_when_the_patient_came(desk: Desk, visit: UUID) -> None:
    do(desk, lambda c: arrive(c, appointment_id=visit), 1)
    missed = do(desk, lambda c: miss(c, appointment_id=visit), 20)
    taken_back(desk, missed, 21)
    assert noted(desk, visit) == (STATUS.ARRIVED, at(1), None, None)


def test_a_no_show_that_nobody_saw_arrive_is_undone_without_an_arrival(desk: Desk, visit: UUID) -> None:
    missed = do(desk, lambda c: miss(c, appointment_id=visit), 20)
    taken_back(desk, missed, 21)
    assert noted(desk, visit) == (STATUS.BOOKED, None, None, None)


def test_who_comes_after_all_arrived_then(desk: Desk, visit: UUID) -> None:
    do(desk, lambda c: arrive(c, appointment_id=visit), 1)
    do(desk, lambda c: miss(c, appointment_id=visit), 20)
    late = do(desk, lambda c: arrive(c, appointment_id=visit), 30)
    assert noted(desk, visit) == (STATUS.ARRIVED, at(30), None, None)
    taken_back(desk, late, 31)
    assert noted(desk, visit) == (STATUS.NOSHOW, at(1), None, None)


@pytest.mark.parametrize("partial", [True, False])
def test_a_correction_that_is_undone_knows_what_was_performed_partly(desk: Desk, visit: UUID, partial: bool) -> None:
    do(desk, lambda c: arrive(c, appointment_id=visit), 1)
    do(desk, lambda c: perform(c, appointment_id=visit, partial=partial), 50)
    wrong = do(desk, lambda c: correct(c, appointment_id=visit, reason="Another."), 60, Role.PRACTITIONER)
    assert (noted(desk, visit), of_session(desk, visit)) == (
        (STATUS.ENTERED_IN_ERROR, at(1), None, None),
        (SessionState.DUE, None, False),
    )
    taken_back(desk, wrong, 61)
    assert (noted(desk, visit), of_session(desk, visit)) == (
        (STATUS.FULFILLED, at(1), None, at(50)),
        (SessionState.SATISFIED, NOW.date(), partial),
    )


def of_session(desk: Desk, visit: UUID) -> tuple[Any, ...]:
    """The state of the appointment's session, when it was performed, and whether partly."""
    row, mine = SessionRow, select(AppointmentRow.session_id).where(AppointmentRow.id == visit).scalar_subquery()
    query = select(row.state, row.performed_on, row.partial).where(row.id == mine)
    return tuple(desk.read(lambda tx: tx.execute(query).one()))
