"""Placing holds: what they release, put at risk or leave alone, in every clinic; and what makes no hold."""

import pytest
from sqlalchemy import select, update

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.holds import HoldState
from scheduler.domain.refusals import RuleBroken, Stale
from scheduler.operations.holds.holding import place_hold
from scheduler.storage.rows import AppointmentRow, HoldRow, SeriesRow
from tests.support.desk import RF, Desk, day, second_clinic
from tests.support.hold_orders import place, preview, propose, refused, wish

FOUR = {1: 0, 2: 35, 3: 70, 4: 105}


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        (34, 35, [1, 3, 4]),
        (35, 36, [1, 3, 4]),
        (35, 35, [1, 3, 4]),
        (30, 34, [1, 2, 3, 4]),
        (36, 40, [1, 2, 3, 4]),
    ],
)
def test_an_appointment_on_the_first_or_last_day_is_released(
    desk: Desk, first: int, last: int, left: list[int]
) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    place(desk, patient, wish(first, last))
    assert list(desk.dates(series)) == left


def test_what_is_released_is_cancelled_for_the_hold_and_its_slot_is_free(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    placed = place(desk, patient, wish(30, 40))
    row = desk.read(
        lambda tx: tx.scalars(
            select(AppointmentRow).where(AppointmentRow.on_date == day(35), AppointmentRow.patient_id == patient)
        ).one()
    )
    assert row.cancel_reason is CancelReason.HOLD
    assert placed.hold is not None
    assert placed.hold.state is HoldState.ACTIVE
    assert desk.dates(desk.course({1: 35}, patient_id=desk.patient())) == {1: 35}


def test_later_appointments_whose_gap_breaks_are_at_risk(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35, 3: 66, 4: 101}, patient_id=patient)
    place(desk, patient, wish(30, 39))
    assert (desk.dates(series), desk.at_risk(series)) == ({1: 0, 3: 66, 4: 101}, [3])


def test_two_series_in_two_zones_are_both_released_by_their_own_dates(desk: Desk) -> None:
    patient = desk.patient()
    there = second_clinic(desk, "Pacific/Auckland")
    here_series = desk.course({1: 0, 2: 35}, patient_id=patient)
    there_series = desk.series(patient, sites=("back",), place=there)
    desk.book(there_series, {1: 1, 2: 36}, place=there)
    shown = preview(desk, patient, wish(35, 35, "systemic-infection", None))
    assert [effect.about_id for effect in shown.effects] == [here_series]
    place(desk, patient, wish(35, 36, "systemic-infection", None))
    assert (list(desk.dates(here_series)), list(desk.dates(there_series))) == ([1], [1])


def test_a_hold_on_one_site_leaves_another_alone(desk: Desk) -> None:
    patient = desk.patient()
    face, back = desk.series(patient), desk.series(patient, sites=("back",))
    desk.book(face, {1: 0, 2: 35})
    desk.book(back, {1: 0, 2: 35}, hour=14)
    place(desk, patient, wish(30, 40, site="lips"))
    assert (list(desk.dates(face)), list(desk.dates(back))) == ([1], [1, 2])


def test_a_hold_on_an_unknown_site_blocks_every_site(desk: Desk) -> None:
    patient = desk.patient()
    back = desk.series(patient, sites=("back",))
    desk.book(back, {1: 0, 2: 35})
    place(desk, patient, wish(30, 40, site=None))
    assert list(desk.dates(back)) == [1]


def test_visits_that_treat_are_released_and_others_are_not(desk: Desk) -> None:
    patient = desk.patient()
    desk.visit(patient, 10, "maintenance", sites=("face",))
    desk.visit(patient, 11, "consultation")
    shown = preview(desk, patient, wish(5, 20), HoldChoice.OMIT)
    assert [change.on for change in shown.released] == [day(10)]
    place(desk, patient, wish(5, 20), choose=HoldChoice.CEASE)
    kept = select(AppointmentRow.on_date).where(
        AppointmentRow.patient_id == patient, AppointmentRow.cancel_reason.is_(None)
    )
    assert desk.read(lambda tx: list(tx.scalars(kept))) == [day(11)]


def test_what_a_hold_frees_puts_no_neighbour_at_risk(desk: Desk) -> None:
    patient = desk.patient()
    needling, rf = desk.series(patient), desk.series(patient, sessions=3, protocol=RF, sites=("back",))
    desk.book(needling, {1: 35})
    desk.book(rf, {1: 40}, device="rf-microneedling")
    moved_here = update(SeriesRow).where(SeriesRow.id == rf).values(sites=["face"])
    desk.clinic.database.write(lambda tx: tx.execute(moved_here))
    shown = preview(desk, patient, HoldWish("metal-implant-site", site="face"))
    assert [effect.about_id for effect in shown.effects] == [rf]
    place(desk, patient, HoldWish("metal-implant-site", site="face"))
    assert (desk.dates(needling), desk.at_risk(needling), desk.dates(rf)) == ({1: 35}, [], {})


def test_a_proposal_takes_no_slot_away_and_blocks_bookings(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35}, patient_id=patient)
    placed = propose(desk, patient, wish(30, 80))
    assert placed.hold is not None
    assert (placed.hold.state, placed.hold.why, placed.deeds) == (HoldState.PROPOSED, None, ())
    assert desk.dates(series) == {1: 0, 2: 35}
    with pytest.raises(RuleBroken) as refusal:
        desk.book(series, {3: 70})
    assert refusal.value.code == "on_hold"


def test_reversed_dates_are_refused(desk: Desk) -> None:
    assert refused(desk, desk.patient(), wish(10, 9)).code == "hold_reversed"


def test_a_hold_with_effects_needs_their_digest(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    shown = preview(desk, patient, wish(30, 40))
    unseen = refused(desk, patient, wish(30, 40))
    assert (type(unseen), unseen.code) == (RuleBroken, "effects_unseen")
    assert unseen.facts["preview"]["digest"] == shown.digest
    assert [effect["changes"][0]["type"] for effect in unseen.facts["preview"]["effects"]] == ["AppointmentCancelled"]


def test_a_hold_is_refused_when_its_effects_have_changed(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course({1: 0}, patient_id=patient)
    stale = preview(desk, patient, wish(30, 40)).digest
    desk.book(series, {2: 35})
    refusal = refused(desk, patient, wish(30, 40), digest=stale)
    assert (refusal.code, list(desk.dates(series))) == ("effects_changed", [1, 2])
    fresh = refusal.facts["preview"]["digest"]
    desk.do(lambda c: place_hold(c, patient_id=patient, wish=wish(30, 40), digest=fresh), Role.PRACTITIONER)
    assert list(desk.dates(series)) == [1]


def test_other_dates_than_those_shown_are_another_deed(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    assert (
        refused(desk, patient, wish(30, 41), digest=preview(desk, patient, wish(30, 40)).digest).code
        == "effects_changed"
    )


def test_a_hold_without_effects_needs_no_digest(desk: Desk) -> None:
    patient = desk.patient()
    placed = desk.do(lambda c: place_hold(c, patient_id=patient, wish=wish(1, 2)), Role.PRACTITIONER)
    assert placed.hold is not None


def test_a_preview_stores_nothing(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    revision = desk.revision(patient)
    preview(desk, patient, wish(30, 40))
    assert (desk.dates(series), desk.revision(patient)) == (FOUR, revision)
    assert desk.read(lambda tx: tx.scalars(select(HoldRow.id).where(HoldRow.patient_id == patient)).all()) == []


def test_a_hold_moves_the_patients_revision_and_wants_the_one_that_was_seen(desk: Desk) -> None:
    patient = desk.patient()
    before = desk.revision(patient)
    placed = place(desk, patient, wish(1, 2))
    assert placed.revision == desk.revision(patient) == before + 1
    with pytest.raises(Stale):
        desk.do(lambda c: place_hold(c, patient_id=patient, wish=wish(3, 4), seen=before), Role.PRACTITIONER)
