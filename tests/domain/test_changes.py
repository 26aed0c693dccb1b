"""Changes: what cancels a booking, and the digest that ties a deed to its preview."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest

from scheduler.domain.changes import (
    AppointmentBooked,
    AppointmentCancelled,
    CancelReason,
    Change,
    RiskChanged,
    SeriesStateChanged,
    cancellation,
    digest,
)
from scheduler.domain.series import SeriesState
from tests.domain.courses import appointment_id, booking, course, due, on, override, slot

BOOKED = AppointmentBooked(UUID(int=5), 2, slot(35), on(35), 15, override(35, 0))
RISK = RiskChanged(appointment_id(35), 2, on(35), None)


def test_a_cancellation_keeps_what_the_booking_was() -> None:
    made = replace(booking(35, override=override(35, 0)), treatment_extra=15)
    assert cancellation(course(due(), due()).session(2), made, CancelReason.HOLD) == AppointmentCancelled(
        appointment_id=appointment_id(35),
        session=2,
        slot=slot(35),
        on=on(35),
        reason=CancelReason.HOLD,
        treatment_extra=15,
        override=override(35, 0),
    )


def test_equal_effects_have_equal_digests_of_32_signs() -> None:
    again = AppointmentBooked(UUID(int=5), 2, slot(35), on(35), 15, override(35, 0))
    assert digest([BOOKED, RISK]) == digest((again, RISK))
    assert len(digest([BOOKED])) == 32


@pytest.mark.parametrize(
    "other",
    [
        [],
        [BOOKED],
        [RISK, BOOKED],
        [BOOKED, BOOKED, RISK],
        [replace(BOOKED, on=on(36)), RISK],
        [replace(BOOKED, slot=slot(35, 10)), RISK],
        [replace(BOOKED, appointment_id=UUID(int=6)), RISK],
        [replace(BOOKED, override=None), RISK],
        [BOOKED, replace(RISK, reason="Too near.")],
        [BOOKED, RISK, SeriesStateChanged(SeriesState.ACTIVE, SeriesState.REVOKED)],
    ],
)
def test_other_effects_have_other_digests(other: list[Change]) -> None:
    assert digest(other) != digest([BOOKED, RISK])


@dataclass
class VisitReleased:
    on: date


@dataclass
class VisitAtRisk:
    on: date


def test_the_kind_of_an_effect_is_in_its_digest() -> None:
    assert digest([VisitReleased(on(35))]) != digest([VisitAtRisk(on(35))])
    assert digest([VisitReleased(on(35))]) == digest([VisitReleased(on(35))])


def test_a_digest_is_the_same_in_every_process() -> None:
    assert digest([RISK]) == "36d881a9703c95899f77a7195725389d"
