"""Deciding about holds: confirm and extend show first what they hit; dismiss, lift and correct book nothing."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.holds import HoldState
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.context import Context
from scheduler.operations.holds.clearances import list_clearances
from scheduler.operations.holds.hold_decisions import (
    HoldDecided,
    confirm_hold,
    extend_hold,
    preview_confirmation,
    preview_extension,
)
from scheduler.operations.holds.hold_endings import (
    HoldEnded,
    LeftClearance,
    Replannable,
    dismiss_hold,
    lift_hold,
    mark_hold_wrong,
)
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.hold_orders import place, propose, wish
from tests.support.rows import NOW

FOUR = {1: 0, 2: 35, 3: 70, 4: 105}
SORE = HoldWish("hsv-active", site="lips", note="Tingles.")


def proposed(desk: Desk, patient_id: UUID, wanted: HoldWish) -> UUID:
    hold = propose(desk, patient_id, wanted).hold
    assert hold is not None
    return hold.id


def placed(desk: Desk, patient_id: UUID, wanted: HoldWish) -> UUID:
    hold = place(desk, patient_id, wanted).hold
    assert hold is not None
    return hold.id


def confirm(desk: Desk, hold_id: UUID) -> HoldDecided:
    digest = desk.do(lambda c: preview_confirmation(c, hold_id=hold_id), Role.PRACTITIONER).digest
    return desk.do(lambda c: confirm_hold(c, hold_id=hold_id, digest=digest, note="Seen."), Role.PRACTITIONER)


def extend(desk: Desk, hold_id: UUID, ends_on: date | None = None, review_on: date | None = None) -> HoldDecided:
    dates = {"ends_on": ends_on, "review_on": review_on}
    digest = desk.do(lambda c: preview_extension(c, hold_id=hold_id, **dates), Role.PRACTITIONER).digest
    return desk.do(lambda c: extend_hold(c, hold_id=hold_id, digest=digest, **dates), Role.PRACTITIONER)


def lift(desk: Desk, hold_id: UUID, now: datetime = NOW, leave: LeftClearance | None = None) -> HoldEnded:
    return desk.do(lambda c: lift_hold(c, hold_id=hold_id, evidence="Healed.", leave=leave), Role.PRACTITIONER, now)


def test_a_confirmed_proposal_releases_what_it_hits(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    done = confirm(desk, proposed(desk, patient, wish(30, 40)))
    assert (done.hold.state, list(desk.dates(series))) == (HoldState.ACTIVE, [1, 3, 4])
    assert done.hold.why is not None
    assert (done.hold.why.decision_note, done.hold.why.decided_by) == ("Seen.", "practitioner")


def test_confirming_without_the_preview_is_refused(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    hold = proposed(desk, patient, wish(30, 40))
    with pytest.raises(RuleBroken) as refusal:
        desk.do(lambda c: confirm_hold(c, hold_id=hold), Role.PRACTITIONER)
    assert (refusal.value.code, desk.dates(series)) == ("effects_unseen", FOUR)


def test_an_extension_hits_more(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    hold = placed(desk, patient, wish(30, 34))
    assert desk.dates(series) == FOUR
    done = extend(desk, hold, day(35))
    assert (done.hold.until, list(desk.dates(series))) == (day(35), [1, 3, 4])


def test_an_extension_that_hits_more_needs_its_preview(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    hold = placed(desk, patient, wish(30, 34))
    with pytest.raises(RuleBroken) as refusal:
        desk.do(lambda c: extend_hold(c, hold_id=hold, ends_on=day(35)), Role.PRACTITIONER)
    assert refusal.value.code == "effects_unseen"


def test_a_later_review_keeps_an_open_hold_open(desk: Desk) -> None:
    patient = desk.patient()
    hold = placed(desk, patient, SORE)
    assert extend(desk, hold, review_on=day(20)).hold.until == day(20)


def test_an_earlier_end_is_no_extension(desk: Desk) -> None:
    hold = placed(desk, desk.patient(), wish(30, 34))
    with pytest.raises(Invalid) as refusal:
        extend(desk, hold, day(33))
    assert refusal.value.code == "not_an_extension"


def test_a_proposal_can_be_extended_and_still_takes_no_slot(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    hold = proposed(desk, patient, wish(30, 34))
    done = desk.do(lambda c: extend_hold(c, hold_id=hold, ends_on=day(40)), Role.PRACTITIONER)
    assert (done.hold.state, desk.dates(series)) == (HoldState.PROPOSED, FOUR)


def test_a_dismissed_proposal_blocks_nothing(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0}, patient_id=patient)
    hold = proposed(desk, patient, wish(20, 60))
    done = desk.do(lambda c: dismiss_hold(c, hold_id=hold, reason="A spot."), Role.PRACTITIONER)
    assert (done.hold.state, done.replan) == (HoldState.DISMISSED, ())
    desk.book(series, {2: 35})
    assert desk.dates(series) == {1: 0, 2: 35}


def test_lifting_books_nothing_and_names_what_can_be_planned_anew(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35, 3: 66, 4: 101}, patient_id=patient)
    hold = placed(desk, patient, wish(30, 39))
    ended = lift(desk, hold, at(34))
    assert (ended.hold.state, list(desk.dates(series, at(34)))) == (HoldState.LIFTED, [1, 3, 4])
    revision = desk.sheet(series, at(34)).snapshot.series.revision
    assert ended.replan == (Replannable(series, desk.place.clinic_id, revision, (2,)),)


def test_what_is_at_risk_stays_so_after_the_lift_until_it_is_planned_anew(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35, 3: 66, 4: 101}, patient_id=patient)
    hold = placed(desk, patient, wish(30, 60))
    later = at(40)
    ended = lift(desk, hold, later)
    assert [one.sessions for one in ended.replan] == [(2, 3)]
    assert desk.at_risk(series, later) == [3]
    moves = [Placement(2, desk.place.slot(41, device="microneedling-pen"))]
    moves.append(Placement(3, desk.place.slot(73, device="microneedling-pen")))
    desk.do(lambda c: change_sessions(c, series_id=series, placements=moves), now=later)
    assert (desk.dates(series, later), desk.at_risk(series, later)) == ({1: 0, 2: 41, 3: 73, 4: 101}, [])


def test_a_lift_mends_the_gaps_that_only_the_hold_had_broken(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35, 3: 66, 4: 101}, patient_id=patient)
    hold = placed(desk, patient, wish(30, 39))
    assert desk.at_risk(series) == [3]
    lift(desk, hold)
    assert desk.at_risk(series) == []


def test_a_lift_names_its_evidence_and_who_decided(desk: Desk) -> None:
    ended = lift(desk, placed(desk, desk.patient(), SORE))
    assert ended.hold.why is not None
    why = ended.hold.why
    assert (why.decided_by, why.decided_at, why.evidence_on, why.decision_note) == (
        "practitioner",
        NOW,
        day(0),
        "Healed.",
    )


def test_evidence_from_the_future_is_refused(desk: Desk) -> None:
    hold = placed(desk, desk.patient(), SORE)
    with pytest.raises(Invalid) as refusal:
        desk.do(lambda c: lift_hold(c, hold_id=hold, evidence="Healed.", evidence_on=day(1)), Role.PRACTITIONER)
    assert refusal.value.code == "in_the_future"


def test_a_lift_may_leave_a_clearance_for_the_same_answer(desk: Desk) -> None:
    patient = desk.patient()
    ended = lift(desk, placed(desk, patient, SORE), leave=LeftClearance(valid_until=day(30)))
    (left,) = desk.do(lambda c: list_clearances(c, patient_id=patient), Role.PRACTITIONER).items
    assert (left.id, left.code, left.answer, left.reason) == (ended.clearance_id, "hsv-active", "Tingles.", "Healed.")
    assert propose(desk, patient, SORE).hold is None


def test_an_absolute_contraindication_cannot_be_lifted_only_marked_wrong(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35}, patient_id=patient)
    hold = placed(desk, patient, HoldWish("bleeding-disorder"))
    assert desk.dates(series) == {}
    with pytest.raises(RuleBroken) as refusal:
        lift(desk, hold)
    assert refusal.value.code == "permanent_hold"
    ended = desk.do(lambda c: mark_hold_wrong(c, hold_id=hold, reason="Wrong patient."), Role.PRACTITIONER)
    assert ended.hold.state is HoldState.ENTERED_IN_ERROR
    assert (desk.dates(series), [one.sessions for one in ended.replan]) == ({}, [(1, 2)])


def test_a_site_hold_names_only_the_series_that_it_concerned(desk: Desk) -> None:
    patient = desk.patient()
    face, back = desk.series(patient), desk.series(patient, sites=("back",))
    desk.book(face, {1: 0, 2: 35})
    desk.book(back, {1: 0, 2: 35}, hour=14)
    hold = placed(desk, patient, wish(30, 40))
    assert [one.series_id for one in lift(desk, hold).replan] == [face]


@pytest.mark.parametrize(
    "decide",
    [
        lambda c, hold: confirm_hold(c, hold_id=hold),
        lambda c, hold: dismiss_hold(c, hold_id=hold, reason="No."),
    ],
)
def test_an_active_hold_is_neither_confirmed_nor_dismissed(
    desk: Desk, decide: Callable[[Context, UUID], object]
) -> None:
    hold = placed(desk, desk.patient(), SORE)
    with pytest.raises(RuleBroken) as refusal:
        desk.do(lambda c: decide(c, hold), Role.PRACTITIONER)
    assert refusal.value.code == "wrong_state"


DECISIONS: list[Callable[[Context, UUID, int | None], object]] = [
    lambda c, hold, seen: confirm_hold(c, hold_id=hold, seen=seen),
    lambda c, hold, seen: extend_hold(c, hold_id=hold, review_on=day(50), seen=seen),
    lambda c, hold, seen: dismiss_hold(c, hold_id=hold, reason="No.", seen=seen),
    lambda c, hold, seen: lift_hold(c, hold_id=hold, evidence="Healed.", seen=seen),
    lambda c, hold, seen: mark_hold_wrong(c, hold_id=hold, reason="Wrong.", seen=seen),
]


@pytest.mark.parametrize("decide", DECISIONS)
def test_every_decision_wants_the_patients_revision_and_moves_it(
    desk: Desk, decide: Callable[[Context, UUID, int | None], object]
) -> None:
    patient = desk.patient()
    hold = placed(desk, patient, SORE) if decide is DECISIONS[3] else proposed(desk, patient, SORE)
    seen = desk.revision(patient)
    with pytest.raises(Stale):
        desk.do(lambda c: decide(c, hold, seen - 1), Role.PRACTITIONER)
    desk.do(lambda c: decide(c, hold, seen), Role.PRACTITIONER)
    assert desk.revision(patient) == seen + 1


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER])
def test_only_a_practitioner_decides(
    desk: Desk, decide: Callable[[Context, UUID, int | None], object], role: Role
) -> None:
    hold = proposed(desk, desk.patient(), SORE)
    with pytest.raises(NotAllowed):
        desk.do(lambda c: decide(c, hold, None), role)


def test_another_organisations_hold_is_not_there(desk: Desk) -> None:
    elsewhere = desk_of(open_clinic(desk.clinic.database))
    hold = placed(elsewhere, elsewhere.patient(), SORE)
    with pytest.raises(NotFound):
        lift(desk, hold)
