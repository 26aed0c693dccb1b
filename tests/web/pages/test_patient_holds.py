"""Holds of a patient who has no series: placed from the patient's page, decided at the hold's own address."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.holds import HoldState
from scheduler.operations.holds.hold_sheets import HoldSheet, list_holds
from scheduler.storage.rows import ClearanceRow
from tests.support.api import Api
from tests.support.desk import Desk, day
from tests.support.hold_orders import place, propose, wish
from tests.support.series_pages import SeriesPage

CODE, LABEL, NOTE = "retinoid-acid", "Retinol, tretinoin, AHA or BHA on the site", "Used it yesterday."
TYPED = {"code": CODE, "site": "face", "starts_on": str(day(35)), "ends_on": str(day(50)), "note": NOTE}


class PatientPage:
    """The page of one patient, in one browser."""

    def __init__(self, api: Api, desk: Desk, role: Role = Role.PRACTITIONER) -> None:
        self.api, self.desk = api, desk
        self.patient_id = desk.patient()
        self.path = f"/patients/{self.patient_id}"
        self.sender = SeriesPage(api, self.patient_id, role)

    def placed(self) -> str:
        """Place the hold, as a person does; where that leads."""
        previewed = self.sender.send(self.sender.open(f"{self.path}/hold"), "/hold/preview", **TYPED).text
        to, sent = self.sender.form(previewed, "/hold/preview")
        return self.sender.browser.post(to.removesuffix("/preview"), **sent | TYPED).headers["Location"]

    def hold(self) -> HoldSheet:
        """The patient's only hold, as a practitioner sees it."""
        (found,) = self.desk.do(
            lambda context: list_holds(context, patient_id=self.patient_id).items, Role.PRACTITIONER
        )
        return found

    def decide(self, action: str, query: str = "", **fields: Any) -> str:
        """Open the hold and send one of its forms; where that leads."""
        path = f"/holds/{self.hold().id}"
        return self.sender.send(self.sender.open(path + query), f"{path}/{action}", **fields).headers["Location"]


@pytest.fixture
def page(api: Api, desk: Desk) -> PatientPage:
    return PatientPage(api, desk)


def test_a_practitioner_places_it_from_the_patient_s_page(page: PatientPage) -> None:
    assert f'href="{page.path}/hold"' in page.sender.open(page.path)
    assert page.placed() == f"{page.path}?told=placed"
    assert "The hold stands." in page.sender.open(f"{page.path}?told=placed")
    assert (page.hold().state, page.hold().starts_on) == (HoldState.ACTIVE, day(35))


def test_reception_proposes_it_and_then_does_not_see_why(api: Api, desk: Desk) -> None:
    page = PatientPage(api, desk, Role.RECEPTION)
    assert page.placed() == f"{page.path}?told=proposed"
    assert page.hold().state is HoldState.PROPOSED
    shown = page.sender.open(f"{page.path}?told=proposed")
    assert [word for word in (CODE, LABEL, NOTE) if word in shown] == []
    path = f"/holds/{page.hold().id}"
    assert (path in shown, page.sender.browser.get(path).status_code) == (False, 403)


def test_a_wrong_date_leaves_what_was_typed(page: PatientPage) -> None:
    path = f"{page.path}/hold"
    answer = page.sender.send(page.sender.open(path), "/hold/preview", **TYPED | {"ends_on": str(day(2))})
    assert (answer.status_code, NOTE in answer.text) == (422, True)


def test_the_list_and_the_patient_s_page_lead_to_the_decision(page: PatientPage) -> None:
    place(page.desk, page.patient_id, wish(0, 50))
    path = f'href="/holds/{page.hold().id}"'
    assert [path in page.sender.open(one) for one in ("/holds", page.path)] == [True, True]


@pytest.mark.parametrize(
    ("action", "fields", "told", "state"),
    [
        ("confirm", {}, "placed", HoldState.ACTIVE),
        ("dismiss", {"reason": "Another cream."}, "dismissed", HoldState.DISMISSED),
        ("wrong", {"reason": "Wrong person."}, "wrong", HoldState.ENTERED_IN_ERROR),
    ],
)
def test_a_proposal_is_decided_and_leads_back(
    page: PatientPage, action: str, fields: Any, told: str, state: HoldState
) -> None:
    propose(page.desk, page.patient_id, wish(0, 50))
    assert page.decide(action, **fields) == f"{page.path}?told={told}"
    assert page.hold().state is state


def test_it_is_extended_after_a_look(page: PatientPage) -> None:
    place(page.desk, page.patient_id, wish(0, 50))
    assert page.decide("extend", f"?ends_on={day(80)}") == f"{page.path}?told=extended"
    assert page.hold().until == day(80)


def test_it_is_lifted_on_evidence_with_a_clearance_for_the_patient(page: PatientPage) -> None:
    place(page.desk, page.patient_id, wish(0, 50))
    assert page.decide("lift", reason="Skin is calm.", on=str(day(0)), clear="yes") == f"{page.path}?told=lifted"
    left = page.desk.read(lambda tx: tx.execute(select(ClearanceRow.patient_id, ClearanceRow.series_id)).all())
    assert (page.hold().state, left) == (HoldState.LIFTED, [(page.patient_id, None)])


def test_what_was_lifted_leads_to_the_series_that_lost_a_date(page: PatientPage) -> None:
    series_id = page.desk.course({1: 7, 2: 42}, patient_id=page.patient_id)
    place(page.desk, page.patient_id, wish(35, 50))
    assert page.decide("lift", reason="Skin is calm.") == f"/series/{series_id}?told=lifted&replan=1"


def test_a_decision_without_its_reason_comes_back_to_the_hold(page: PatientPage) -> None:
    place(page.desk, page.patient_id, wish(0, 50))
    path = f"/holds/{page.hold().id}"
    assert page.decide("lift", reason=" ") == path
    assert ('class="refused"' in page.sender.open(path), page.hold().state) == (True, HoldState.ACTIVE)


def test_a_hold_that_never_was_is_not_there(page: PatientPage) -> None:
    assert page.sender.browser.get(f"/holds/{page.patient_id}").status_code == 404
    assert re.search(r'class="holds', page.sender.open(page.path)) is None
