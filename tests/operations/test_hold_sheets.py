"""Lists of holds: practitioners see why, reception sees until when and whom to ask."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from scheduler.domain.access import Actor, Role
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.holds import EndRule, Scope
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context
from scheduler.operations.holds.hold_endings import dismiss_hold, lift_hold
from scheduler.operations.holds.hold_sheets import HoldFilter, HoldSheet, get_hold, list_holds
from scheduler.operations.holds.overdue_holds import overdue_holds
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.hold_orders import place, propose, wish
from tests.support.queries import counted
from tests.support.rows import NOW

SORE = HoldWish("hsv-active", site="lips", note="Tingles.")


def listed(
    desk: Desk, *states: HoldFilter, role: Role = Role.PRACTITIONER, days: int = 0, **more: Any
) -> list[HoldSheet]:
    now = NOW + timedelta(days)
    return list(desk.do(lambda c: list_holds(c, states=states, **more), role, now).items)


def held(desk: Desk, wanted: HoldWish) -> UUID:
    hold = place(desk, desk.patient(), wanted).hold
    assert hold is not None
    return hold.id


def test_reception_sees_until_when_and_whom_to_ask_and_nothing_else(desk: Desk) -> None:
    patient = desk.patient()
    placed = place(desk, patient, SORE)
    (sheet,) = listed(desk, role=Role.RECEPTION)
    assert placed.hold is not None
    assert asdict(sheet) == {
        "id": placed.hold.id,
        "patient_id": patient,
        "patient": "Nadia Okonjo",
        "state": "active",
        "starts_on": day(0),
        "until": day(10),
        "ask": "practitioner",
        "expired": False,
        "overdue": False,
        "revision": desk.revision(patient),
        "why": None,
    }


def test_a_manager_does_not_see_why(desk: Desk) -> None:
    held(desk, SORE)
    assert [sheet.why for sheet in listed(desk, role=Role.MANAGER)] == [None]


def test_a_practitioner_sees_why(desk: Desk) -> None:
    held(desk, SORE)
    (sheet,) = listed(desk)
    assert sheet.why is not None
    why = sheet.why
    assert (why.code, why.rule_version, why.label, why.scope, why.site) == (
        "hsv-active",
        1,
        "Cold sore now",
        Scope.SITE,
        "lips",
    )
    assert (why.end_rule, why.ends_on, why.review_on, why.note) == (EndRule.ON_CLEARANCE, None, day(10), "Tingles.")
    assert (why.placed_by, why.placed_at, why.decided_by) == ("practitioner", NOW, None)


def test_about_a_proposal_anybody_who_may_decide_is_asked(desk: Desk) -> None:
    propose(desk, desk.patient(), SORE)
    assert [sheet.ask for sheet in listed(desk, role=Role.RECEPTION)] == ["a practitioner"]


def test_one_hold_is_read_by_staff_and_by_the_patient_it_concerns(desk: Desk) -> None:
    mine, other = desk.patient(), desk.patient("Another Okonjo")
    hold_id = place(desk, mine, SORE).hold.id

    def sees(actor: Actor) -> bool:
        try:
            return desk.read(lambda tx: get_hold(Context(tx, actor, NOW), hold_id=hold_id)).id == hold_id
        except NotFound:
            return False

    organisation = desk.clinic.organisation_id
    patients = [Actor(uuid4(), organisation, "me", frozenset({Role.PATIENT}), patient_id=one) for one in (mine, other)]
    elsewhere = Actor(uuid4(), uuid4(), "they", frozenset({Role.PRACTITIONER}))
    assert [sees(actor) for actor in (*patients, elsewhere, desk.clinic.actor())] == [True, False, False, True]


def test_a_permanent_hold_has_no_last_day(desk: Desk) -> None:
    held(desk, HoldWish("bleeding-disorder"))
    assert [sheet.until for sheet in listed(desk)] == [None]


def test_holds_are_found_by_their_state(desk: Desk) -> None:
    def of(filter_: HoldFilter, days: int = 0) -> list[UUID]:
        return [sheet.id for sheet in listed(desk, filter_, days=days)]

    dated, sore = held(desk, wish(0, 5)), held(desk, SORE)
    proposal, lifted, dismissed = _proposed(desk), held(desk, SORE), _proposed(desk)
    desk.do(lambda c: lift_hold(c, hold_id=lifted, evidence="Healed."), Role.PRACTITIONER)
    desk.do(lambda c: dismiss_hold(c, hold_id=dismissed, reason="No."), Role.PRACTITIONER)
    assert of(HoldFilter.PROPOSED) == [proposal]
    assert (of(HoldFilter.LIFTED), of(HoldFilter.DISMISSED)) == ([lifted], [dismissed])
    assert sorted(of(HoldFilter.ACTIVE, days=5)) == sorted([dated, sore])
    assert (of(HoldFilter.ACTIVE, days=6), of(HoldFilter.EXPIRED, days=6)) == ([sore], [dated])
    assert (of(HoldFilter.EXPIRED, days=5), of(HoldFilter.ENTERED_IN_ERROR)) == ([], [])
    assert len(listed(desk, HoldFilter.PROPOSED, HoldFilter.LIFTED)) == 2


@pytest.mark.parametrize(
    ("code", "last_quiet_day"), [("hsv-active", 9), ("sunburn-tan", 13), ("chemo-radiotherapy", 27)]
)
def test_a_hold_is_overdue_from_its_review_or_its_open_end(desk: Desk, code: str, last_quiet_day: int) -> None:
    hold = held(desk, HoldWish(code, site="face"))
    for filter_, days, found in (
        (HoldFilter.OVERDUE, last_quiet_day, []),
        (HoldFilter.OVERDUE, last_quiet_day + 1, [hold]),
        (HoldFilter.ACTIVE, last_quiet_day + 1, [hold]),
    ):
        sheets = listed(desk, filter_, days=days)
        assert [sheet.id for sheet in sheets] == found
        assert all(sheet.overdue is (days > last_quiet_day) for sheet in sheets)


def test_a_hold_that_ends_by_date_is_never_overdue(desk: Desk) -> None:
    held(desk, wish(0, 5))
    assert [listed(desk, HoldFilter.OVERDUE, days=days) for days in (5, 6)] == [[], []]


def test_an_overdue_hold_names_the_appointments_of_the_next_days_that_it_touches(desk: Desk) -> None:
    patient = desk.patient()
    face, back = desk.series(patient), desk.series(patient, sites=("back",))
    place(desk, patient, SORE)
    desk.book(face, {1: 13})
    desk.book(back, {1: 12})
    desk.visit(patient, 12, "consultation")
    maintenance = desk.visit(patient, 43, "maintenance", sites=("face",))
    assert maintenance
    found = {days: _touches(desk, days) for days in (9, 10, 13, 14)}
    assert found == {9: [], 10: [[day(13)]], 13: [[day(13)]], 14: [[]]}
    assert _touches(desk, 42) == [[day(43)]]


def test_pages_follow_one_another(desk: Desk) -> None:
    made = {held(desk, SORE) for _ in range(3)}
    first = desk.do(lambda c: list_holds(c, limit=2), Role.PRACTITIONER)
    second = desk.do(lambda c: list_holds(c, limit=2, after=first.last), Role.PRACTITIONER)
    assert (len(first.items), len(second.items), second.last) == (2, 1, None)
    assert {sheet.id for sheet in (*first.items, *second.items)} == made


def test_a_list_takes_as_many_queries_for_three_holds_as_for_one(desk: Desk) -> None:
    sent = []
    for _ in range(3):
        patient = desk.patient()
        desk.book(desk.series(patient), {1: 12}, hour=9 + 2 * len(sent))
        place(desk, patient, SORE, now=at(0))
        desk.do(lambda c: overdue_holds(c), Role.PRACTITIONER, at(11))
        with counted(desk.clinic.database.engine) as statements:
            desk.do(lambda c: overdue_holds(c), Role.PRACTITIONER, at(11))
        sent.append(len(statements))
    assert sent[0] == sent[2]


def test_only_ones_own_organisation_is_listed(desk: Desk) -> None:
    held(desk_of(open_clinic(desk.clinic.database)), SORE)
    assert listed(desk) == []


def _proposed(desk: Desk) -> UUID:
    hold = propose(desk, desk.patient(), SORE).hold
    assert hold is not None
    return hold.id


def _touches(desk: Desk, days: int) -> list[list[object]]:
    page = desk.do(lambda c: overdue_holds(c), Role.RECEPTION, NOW + timedelta(days))
    return [[touched.on_date for touched in one.appointments] for one in page.items]
