from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.slots import Slot, Stretch, claims_of, needed_spans, patient_times, total_minutes
from tests.domain.plain_clinic import ANA, LASER, NEEDLING, PATIENT, ROOM_1

PRACTITIONER, ROOM, DEVICE = ResourceKind.PRACTITIONER, ResourceKind.ROOM, ResourceKind.DEVICE
TEN = datetime(2026, 5, 4, 8, tzinfo=UTC)
SLOT = Slot(TEN, {PRACTITIONER: ANA, ROOM: ROOM_1, DEVICE: LASER})


def phase_of(fives: int, needs: frozenset[ResourceKind], patient: bool) -> Phase:
    return Phase("phase", 5 * fives, needs, patient)


PHASES = st.lists(
    st.builds(phase_of, st.integers(0, 12), st.frozensets(st.sampled_from(ResourceKind)), st.booleans()),
    max_size=6,
)


def after(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def phase(minutes: int, *needs: ResourceKind, patient: bool = False) -> Phase:
    return Phase("phase", minutes, frozenset(needs), patient)


def test_each_resource_is_claimed_for_its_own_phases_only() -> None:
    assert set(claims_of(SLOT, NEEDLING, PATIENT)) == {
        Stretch(ANA, after(30), after(75)),
        Stretch(ROOM_1, after(0), after(90)),
        Stretch(LASER, after(30), after(90)),
        Stretch(PATIENT, after(0), after(75)),
    }


def test_phases_that_follow_one_another_make_one_claim() -> None:
    assert needed_spans((phase(10, ROOM), phase(20, ROOM), phase(5)))[ROOM] == ((0, 30),)


def test_a_phase_in_between_makes_two_claims() -> None:
    assert needed_spans((phase(10, ROOM), phase(20), phase(5, ROOM)))[ROOM] == ((0, 10), (30, 35))


def test_a_phase_of_no_minutes_claims_nothing_and_separates_nothing() -> None:
    phases = (phase(10, ROOM), phase(0, DEVICE, patient=True), phase(5, ROOM))
    assert needed_spans(phases) == {ROOM: ((0, 15),)}


def test_the_patient_stays_from_the_first_phase_to_the_last_that_needs_the_patient() -> None:
    phases = (phase(5, ROOM), phase(10, patient=True), phase(20, DEVICE), phase(15, patient=True), phase(10, ROOM))
    assert needed_spans(phases)[None] == ((5, 50),)
    assert patient_times(TEN, phases) == (after(5), after(50))


def test_nobody_needed_leaves_no_spans() -> None:
    assert needed_spans((phase(30),)) == {}


def test_the_minutes_of_all_phases_add_up() -> None:
    assert total_minutes(NEEDLING) == 90
    assert total_minutes(()) == 0


def test_a_resource_that_the_slot_lacks_is_not_claimed() -> None:
    claims = claims_of(Slot(TEN, {PRACTITIONER: ANA}), NEEDLING, PATIENT)
    assert {claim.subject_id for claim in claims} == {ANA, PATIENT}


def test_a_slot_knows_its_practitioner() -> None:
    assert SLOT.practitioner_id == ANA
    assert Slot(TEN, {ROOM: ROOM_1}).practitioner_id is None


@pytest.mark.parametrize(
    ("first", "last", "subject", "overlaps"),
    [
        (0, 30, ANA, False),
        (0, 31, ANA, True),
        (40, 50, ANA, True),
        (30, 75, ANA, True),
        (74, 90, ANA, True),
        (75, 90, ANA, False),
        (30, 75, ROOM_1, False),
    ],
)
def test_stretches_overlap_when_one_subject_is_in_both_at_once(
    first: int, last: int, subject: UUID, overlaps: bool
) -> None:
    one, other = Stretch(ANA, after(30), after(75)), Stretch(subject, after(first), after(last))
    assert one.overlaps(other) is overlaps
    assert other.overlaps(one) is overlaps


@given(phases=PHASES)
def test_a_resource_is_claimed_in_exactly_the_minutes_of_the_phases_that_need_it(phases: list[Phase]) -> None:
    spans = needed_spans(phases)
    for kind in ResourceKind:
        at, minutes = 0, set()
        for one in phases:
            minutes |= set(range(at, at + one.minutes)) if kind in one.needs else set()
            at += one.minutes
        assert {minute for first, last in spans.get(kind, ()) for minute in range(first, last)} == minutes


@given(phases=PHASES)
def test_spans_are_in_order_and_none_touches_the_next(phases: list[Phase]) -> None:
    for spans in needed_spans(phases).values():
        assert all(first < last for first, last in spans)
        assert all(one[1] < other[0] for one, other in pairwise(spans))
        assert spans[-1][1] <= total_minutes(phases)


@given(phases=PHASES)
def test_the_claims_of_one_appointment_never_overlap(phases: list[Phase]) -> None:
    claims = claims_of(SLOT, phases, PATIENT)
    assert not any(one.overlaps(other) for place, one in enumerate(claims) for other in claims[place + 1 :])
