"""A hold and a booking at the same moment: whichever comes first, nothing stands booked inside the hold."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from scheduler.domain.access import Role
from scheduler.domain.refusals import Refusal
from scheduler.operations.holds.holding import place_hold
from tests.support.desk import Desk
from tests.support.hold_orders import preview, wish

ROUNDS = 6


def book(desk: Desk, series_id: UUID, day: int, hour: int) -> str:
    try:
        desk.book(series_id, {1: day}, hour)
    except Refusal as refusal:
        return refusal.code
    return "booked"


def hold(desk: Desk, patient_id: UUID, digest: str) -> str:
    try:
        desk.do(lambda c: place_hold(c, patient_id=patient_id, wish=wish(30, 40), digest=digest), Role.PRACTITIONER)
    except Refusal as refusal:
        return refusal.code
    return "held"


def test_a_booking_and_a_hold_at_once_never_both_succeed(desk: Desk) -> None:
    for round_ in range(ROUNDS):
        patient = desk.patient()
        series = desk.series(patient)
        digest = preview(desk, patient, wish(30, 40)).digest
        with ThreadPoolExecutor(2) as both:
            booking = both.submit(book, desk, series, 35 + round_ % 3, 10 + 3 * (round_ // 3))
            holding = both.submit(hold, desk, patient, digest)
        assert {booking.result(), holding.result()} in ({"booked", "effects_changed"}, {"on_hold", "held"})
        assert bool(desk.dates(series)) is (booking.result() == "booked")
