"""Clearances: given for a patient or one series, listed, revoked; a practitioner's only."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.refusals import NotAllowed, NotFound, Refusal, RuleBroken
from scheduler.operations.context import Context
from scheduler.operations.holds.clearances import (
    ClearanceSheet,
    ClearanceTerms,
    give_clearance,
    list_clearances,
    revoke_clearance,
)
from scheduler.storage.rows import AuditPersonalRow, AuditRow
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.hold_orders import propose
from tests.support.rows import NOW

KELOID = ClearanceTerms("keloid-history", "One, on the shoulder.", "Old and flat.")


def give(desk: Desk, patient_id: UUID, terms: ClearanceTerms = KELOID) -> ClearanceSheet:
    return desk.do(lambda c: give_clearance(c, patient_id=patient_id, terms=terms), Role.PRACTITIONER)


def refused(desk: Desk, patient_id: UUID, **terms: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        give(desk, patient_id, ClearanceTerms(**{"code": "keloid-history", "answer": "", "reason": "", **terms}))
    return refusal.value


def listed(desk: Desk, *, days: int = 0, **which: Any) -> list[UUID]:
    page = desk.do(lambda c: list_clearances(c, **which), Role.PRACTITIONER, at(days))
    return [sheet.id for sheet in page.items]


def test_a_clearance_says_who_answered_what_and_why(desk: Desk) -> None:
    patient = desk.patient()
    series = desk.series(patient)
    terms = ClearanceTerms("keloid-history", "One.", "Old and flat.", series, day(30))
    given = give(desk, patient, terms)
    assert given == ClearanceSheet(
        id=given.id,
        patient_id=patient,
        patient="Nadia Okonjo",
        series_id=series,
        code="keloid-history",
        answer="One.",
        reason="Old and flat.",
        valid_until=day(30),
        given_by="practitioner",
        given_at=NOW,
        revoked_at=None,
    )


def test_the_trail_keeps_what_was_said_apart(desk: Desk) -> None:
    patient = desk.patient()
    given = give(desk, patient)
    query = select(AuditRow, AuditPersonalRow.values).join(AuditPersonalRow).where(AuditRow.about_id == given.id)
    row, personal = desk.read(lambda tx: tx.execute(query).one())
    assert (row.action, row.about, row.rule_version) == ("clearance_given", "clearance", "keloid-history@1")
    assert (row.reason, row.facts) == (None, {"series_id": None, "valid_until": None})
    assert personal == {"answer": "One, on the shoulder.", "reason": "Old and flat."}


def test_an_absolute_contraindication_cannot_be_cleared(desk: Desk) -> None:
    refusal = refused(desk, desk.patient(), code="bleeding-disorder")
    assert (type(refusal), refusal.code) == (RuleBroken, "permanent_contraindication")


@pytest.mark.parametrize(("until", "allowed"), [(day(-1), False), (day(0), True)])
def test_a_clearance_is_valid_at_least_today(desk: Desk, until: date, allowed: bool) -> None:
    patient = desk.patient()
    if allowed:
        assert give(desk, patient, ClearanceTerms("keloid-history", "", "", None, until)).valid_until == until
    else:
        assert refused(desk, patient, valid_until=until).code == "validity_passed"


def test_a_series_of_somebody_else_is_not_the_patients(desk: Desk) -> None:
    theirs = desk.series(desk.patient())
    assert isinstance(refused(desk, desk.patient(), series_id=theirs), NotFound)


def test_an_unknown_contraindication_is_refused(desk: Desk) -> None:
    assert refused(desk, desk.patient(), code="no-such").code == "unknown_contraindication"


def test_a_revoked_clearance_covers_nothing_and_is_revoked_once(desk: Desk) -> None:
    patient = desk.patient()
    given = give(desk, patient)
    answer = HoldWish(KELOID.code, note=KELOID.answer)
    assert propose(desk, patient, answer).hold is None
    for now in (at(0), at(1)):
        revoked = desk.do(lambda c: revoke_clearance(c, clearance_id=given.id), Role.PRACTITIONER, now)
        assert revoked.revoked_at == at(0)
    assert propose(desk, patient, answer).hold is not None
    actions = select(AuditRow.action).where(AuditRow.about_id == given.id).order_by(AuditRow.number)
    assert desk.read(lambda tx: list(tx.scalars(actions))) == ["clearance_given", "clearance_revoked"]


def test_a_clearance_covers_an_answer_on_its_last_day_and_not_after(desk: Desk) -> None:
    patient = desk.patient()
    give(desk, patient, ClearanceTerms(KELOID.code, KELOID.answer, "", None, day(5)))
    answer = HoldWish(KELOID.code, note=KELOID.answer)
    assert propose(desk, patient, answer, at(5)).hold is None
    assert propose(desk, patient, answer, at(6)).hold is not None


def test_clearances_are_listed_by_patient_and_by_force(desk: Desk) -> None:
    patient = desk.patient()
    plain, dated, revoked = (
        give(desk, patient).id,
        give(desk, patient, ClearanceTerms("koebner", "", "", None, day(5))).id,
        give(desk, patient).id,
    )
    other = give(desk, desk.patient()).id
    desk.do(lambda c: revoke_clearance(c, clearance_id=revoked), Role.PRACTITIONER)
    assert set(listed(desk)) == {plain, dated, revoked, other}
    assert set(listed(desk, patient_id=patient)) == {plain, dated, revoked}
    assert set(listed(desk, patient_id=patient, in_force=True, days=5)) == {plain, dated}
    assert listed(desk, patient_id=patient, in_force=True, days=6) == [plain]


def test_pages_follow_one_another(desk: Desk) -> None:
    made = {give(desk, desk.patient()).id for _ in range(3)}
    first = desk.do(lambda c: list_clearances(c, limit=2), Role.PRACTITIONER)
    second = listed(desk, after=first.last, limit=2)
    assert {sheet.id for sheet in first.items} | set(second) == made


VERBS: list[Callable[[Context, UUID, UUID], object]] = [
    lambda c, patient, clearance: give_clearance(c, patient_id=patient, terms=KELOID),
    lambda c, patient, clearance: revoke_clearance(c, clearance_id=clearance),
    lambda c, patient, clearance: list_clearances(c),
]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER])
def test_clearances_are_a_practitioners(desk: Desk, verb: Callable[[Context, UUID, UUID], object], role: Role) -> None:
    patient = desk.patient()
    given = give(desk, patient).id
    with pytest.raises(NotAllowed):
        desk.do(lambda c: verb(c, patient, given), role)


def test_another_organisations_clearance_is_not_there(desk: Desk) -> None:
    elsewhere = desk_of(open_clinic(desk.clinic.database))
    given = give(elsewhere, elsewhere.patient())
    assert listed(desk) == []
    with pytest.raises(NotFound):
        desk.do(lambda c: revoke_clearance(c, clearance_id=given.id), Role.PRACTITIONER)
