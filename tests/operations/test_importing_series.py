"""Series that were imported: what there is to decide stays in sight until somebody decides."""

from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.changes import CancelReason
from scheduler.operations.booking.attending import cancel
from scheduler.operations.booking.deeds import Deed, mend_risks
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.undoing import undo
from scheduler.operations.imports.importing_series import import_series
from scheduler.storage.rows import AppointmentRow
from tests.support.desk import Desk
from tests.support.hold_orders import place, wish

A = AppointmentRow
Told = tuple[bool, str | None, str | None]


@pytest.fixture
def patient_id(desk: Desk) -> UUID:
    return desk.patient()


@pytest.fixture
def late(desk: Desk, patient_id: UUID) -> UUID:
    """A series whose second session was booked for eight in the evening, after hours."""
    return imported(desk, patient_id, "2026-02-16", "2026-03-23T20:00:00+01:00")


def imported(desk: Desk, patient_id: UUID, performed: str, booked: str) -> UUID:
    values = {
        "patient": str(patient_id),
        "protocol": "microneedling-rejuvenation",
        "sessions": "4",
        "body_sites": "face",
        "performed": performed,
        "booked": booked,
        "practitioner": "Ada",
        "room": "Room 1",
        "device": "microneedling-pen",
    }
    clinic_id = desk.place.clinic_id
    return desk.do(lambda context: import_series(context, clinic_id=clinic_id, values=values)).series_id


def told(desk: Desk, series_id: UUID) -> Told:
    """Of its live appointment or last one: whether it is at risk, why, and what there is to decide."""
    query = select(A.at_risk, A.risk_reason, A.import_note).where(A.series_id == series_id).order_by(A.changed_at, A.id)
    return tuple(desk.read(lambda tx: tx.execute(query).all())[-1])


def move(desk: Desk, series_id: UUID) -> Deed:
    placements = [Placement(2, desk.place.slot(21, 10, "microneedling-pen"))]
    return desk.do(lambda context: change_sessions(context, series_id=series_id, placements=placements))


def test_a_booking_after_hours_stays_at_risk_when_risks_are_looked_at_again(
    desk: Desk, patient_id: UUID, late: UUID
) -> None:
    before = told(desk, late)
    assert before[0]
    assert before[2] == before[1]
    assert str(before[2]).startswith("imported, decide: Ada is not available")
    desk.do(lambda context: mend_risks(context, patient_id))
    assert told(desk, late) == before


def test_a_booking_under_a_hold_stays_at_risk_when_another_session_is_booked(desk: Desk, patient_id: UUID) -> None:
    place(desk.clinic, patient_id, wish(0, 30))
    series_id = imported(desk, patient_id, "2026-02-16", "2026-03-23T10:00:00+01:00")
    before = told(desk, series_id)
    assert before[2] == "imported, decide: A hold blocks treatment from 2026-03-02 to 2026-04-01."
    desk.book(series_id, {3: 56})
    assert desk.at_risk(series_id) == [2]


def test_whoever_moves_it_has_decided(desk: Desk, late: UUID) -> None:
    move(desk, late)
    assert told(desk, late) == (False, None, None)


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_an_undo_brings_back_what_there_was_to_decide(desk: Desk, patient_id: UUID, deed: str) -> None:
    early = imported(desk, patient_id, "2026-02-16", "2026-03-09T10:00:00+01:00")
    before = told(desk, early)
    assert str(before[2]).startswith("imported, decide: Session 2 on 2026-03-09 would be 21 days after 2026-02-16.")
    done = move(desk, early) if deed == "move" else call_off(desk, early)
    assert desk.at_risk(early) == []
    desk.do(lambda context: undo(context, deed_id=done.id))
    assert told(desk, early) == before


def call_off(desk: Desk, series_id: UUID) -> Deed:
    query = select(A.id).where(A.series_id == series_id)
    appointment_id = desk.read(lambda tx: tx.execute(query).scalar_one())
    reason = CancelReason.PATIENT
    return desk.do(lambda context: cancel(context, appointment_id=appointment_id, cancel_reason=reason))
