"""What placing a hold writes down and says, what it refuses, and what practitioners may choose."""

from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.holds import HoldState
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, RuleBroken
from scheduler.domain.series import SeriesState, SessionState
from scheduler.operations.booking.undoing import undo
from scheduler.operations.holds.clearances import ClearanceTerms, give_clearance
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.operations.holds.holding import CLEARED, PASSED
from scheduler.storage.rows import AuditPersonalRow, AuditRow, OutboxRow
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, day, desk_of
from tests.support.hold_orders import place, preview, propose, refused, wish

FOUR = {1: 0, 2: 35, 3: 70, 4: 105}


def outbox(desk: Desk, patient_id: UUID) -> list[str]:
    """The kinds of what is to be told a patient after the booking."""
    kinds = select(OutboxRow.kind).where(OutboxRow.patient_id == patient_id).order_by(OutboxRow.id)
    return desk.read(lambda tx: list(tx.scalars(kinds)))[1:]


def test_the_patient_gets_a_message_or_a_call(desk: Desk) -> None:
    for tell, kinds in ((Tell.MESSAGE, ["news"]), (Tell.CALL, ["call"])):
        patient = desk.patient()
        desk.book(desk.series(patient), FOUR, hour=9 if tell is Tell.CALL else 14)
        place(desk, patient, wish(30, 40), tell=tell)
        assert outbox(desk, patient) == kinds


def test_nobody_is_called_when_nothing_is_released(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    place(desk, patient, wish(1, 2), tell=Tell.CALL)
    assert outbox(desk, patient) == []


def test_the_trail_names_the_rule_and_keeps_what_was_said_apart(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    placed = place(desk, patient, wish(30, 40))
    assert placed.hold is not None
    about = (AuditRow.about == "hold", AuditRow.patient_id == patient)
    query = select(AuditRow, AuditPersonalRow.values).join(AuditPersonalRow).where(*about)
    row, personal = desk.read(lambda tx: tx.execute(query).one())
    assert (row.action, row.about_id, row.rule_version) == ("hold_placed", placed.hold.id, "retinoid-acid@1")
    assert (row.reason, personal) == (None, {"note": "Used it yesterday."})
    assert row.facts == {
        "state": "active",
        "starts_on": day(30).isoformat(),
        "ends_on": day(40).isoformat(),
        "review_on": None,
        "deeds": [str(deed.id) for deed in placed.deeds],
        "choice": "defer",
    }


def test_the_released_appointment_can_not_be_undone_into_the_hold(desk: Desk) -> None:
    patient = desk.patient()
    desk.course(FOUR, patient_id=patient)
    (deed,) = place(desk, patient, wish(30, 40)).deeds
    with pytest.raises(RuleBroken) as refusal:
        desk.do(lambda c: undo(c, deed_id=deed.id))
    assert refusal.value.code == "on_hold"


def test_omitting_leaves_out_what_the_hold_hits(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    place(desk, patient, wish(30, 40), choose=HoldChoice.OMIT)
    states = [session.state for session in desk.sheet(series).snapshot.series.sessions]
    assert states == [SessionState.DUE, SessionState.OMITTED, SessionState.DUE, SessionState.DUE]


def test_omitting_below_the_minimum_names_every_series(desk: Desk) -> None:
    patient = desk.patient()
    face, back = desk.series(patient, 3), desk.series(patient, 3, sites=("back",))
    desk.book(face, {1: 0, 2: 35})
    desk.book(back, {1: 0, 2: 35}, hour=14)
    with pytest.raises(RuleBroken) as refusal:
        preview(desk, patient, wish(30, 40, "high-dose-steroid", None), HoldChoice.OMIT)
    found = [(conflict.code, conflict.facts["series_id"]) for conflict in refusal.value.conflicts]
    assert found == [("too_few_sessions", str(face)), ("too_few_sessions", str(back))]


def test_ceasing_ends_the_series_and_all_that_lies_ahead(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.course(FOUR, patient_id=patient)
    place(desk, patient, wish(60, 80), choose=HoldChoice.CEASE)
    assert desk.sheet(series).snapshot.series.state is SeriesState.REVOKED
    assert desk.dates(series) == {}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("vaccination", "caution_makes_no_hold"),
        ("product-allergy", "bars_product_only"),
        ("no-such", "unknown_contraindication"),
    ],
)
@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_what_blocks_nothing_makes_no_hold(desk: Desk, code: str, said: str, role: Role) -> None:
    assert refused(desk, desk.patient(), HoldWish(code), role).code == said


def test_an_unknown_site_is_refused(desk: Desk) -> None:
    refusal = refused(desk, desk.patient(), HoldWish("filler", site="elbow-room"))
    assert (type(refusal), refusal.code) == (Invalid, "unknown_site")


def test_a_manager_places_no_hold(desk: Desk) -> None:
    assert isinstance(refused(desk, desk.patient(), wish(1, 2), Role.MANAGER), NotAllowed)


def test_another_organisations_patient_is_not_there(desk: Desk) -> None:
    stranger = desk_of(open_clinic(desk.clinic.database)).patient()
    assert isinstance(refused(desk, stranger, wish(1, 2)), NotFound)


def test_an_answer_that_ends_before_every_session_is_logged_only(desk: Desk) -> None:
    patient = desk.patient()
    desk.course({1: 30, 2: 65}, patient_id=patient)
    done = propose(desk, patient, HoldWish("botulinum", site="face", note="Yesterday."))
    assert (done.hold, done.logged) == (None, PASSED)
    assert _logged(desk, patient) == {"code": "botulinum", "answer": "Yesterday."}


def test_for_a_patient_without_a_series_the_answer_is_proposed(desk: Desk) -> None:
    done = propose(desk, desk.patient(), HoldWish("botulinum", site="face"))
    assert done.hold is not None
    assert done.hold.state is HoldState.PROPOSED


def test_an_answer_that_a_clearance_covers_is_logged_only(desk: Desk) -> None:
    patient = desk.patient()
    answer = HoldWish("keloid-history", note="One, on the shoulder.")
    terms = ClearanceTerms("keloid-history", answer.note, "Old and flat.")
    desk.do(lambda c: give_clearance(c, patient_id=patient, terms=terms), Role.PRACTITIONER)
    assert propose(desk, patient, answer).logged == CLEARED
    assert propose(desk, patient, HoldWish("keloid-history", note="Two by now.")).logged is None
    assert propose(desk, patient, HoldWish("keloid-history")).logged is None


def test_a_clearance_for_one_series_covers_the_answer_only_where_that_is_all(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.series(patient)
    answer = HoldWish("keloid-history", note="One, on the shoulder.")
    terms = ClearanceTerms("keloid-history", answer.note, "Old and flat.", series_id=series)
    desk.do(lambda c: give_clearance(c, patient_id=patient, terms=terms), Role.PRACTITIONER)
    assert propose(desk, patient, answer).logged == CLEARED
    desk.series(patient, sites=("back",))
    assert propose(desk, patient, answer).logged is None


def test_a_practitioner_is_not_held_back_by_a_clearance(desk: Desk) -> None:
    patient = desk.patient()
    answer = HoldWish("keloid-history", note="One, on the shoulder.")
    terms = ClearanceTerms("keloid-history", answer.note, "Old and flat.")
    desk.do(lambda c: give_clearance(c, patient_id=patient, terms=terms), Role.PRACTITIONER)
    assert place(desk, patient, answer).hold is not None


def _logged(desk: Desk, patient_id: UUID) -> dict[str, str]:
    query = select(AuditPersonalRow.values).join(AuditRow).where(AuditRow.action == "answer_logged")
    return dict(desk.read(lambda tx: tx.execute(query.where(AuditRow.patient_id == patient_id)).scalar_one()))
