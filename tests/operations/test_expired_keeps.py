"""A keep that has run out keeps nobody from the time, nor its own patient."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.refusals import RuleBroken
from scheduler.operations.booking.keeping import keep_slots
from scheduler.operations.booking.placing import Placement
from tests.support.desk import Desk
from tests.support.rows import NOW

AFTERWARDS = NOW + timedelta(minutes=11)


def keep(desk: Desk, series_id: UUID, number: int) -> None:
    slot = desk.place.slot(number, device="microneedling-pen")
    desk.do(lambda context: keep_slots(context, series_id=series_id, placements=[Placement(1, slot)]))


def test_another_patient_takes_the_time_of_a_keep_once_it_has_run_out(desk: Desk) -> None:
    keep(desk, desk.series(desk.patient()), 7)
    rival = desk.series(desk.patient())
    with pytest.raises(RuleBroken):
        desk.book(rival, {1: 7})
    assert len(desk.book(rival, {1: 7}, now=AFTERWARDS).changes) == 2


def test_the_patient_of_a_keep_that_has_run_out_may_come_at_that_time_for_something_else(desk: Desk) -> None:
    patient = desk.patient()
    keep(desk, desk.series(patient), 7)
    other = desk.series(patient, sites=("hands",))
    with pytest.raises(RuleBroken):
        desk.book(other, {1: 7})
    assert len(desk.book(other, {1: 7}, now=AFTERWARDS).changes) == 2
