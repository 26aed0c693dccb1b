"""The page of one patient: links, merging, holds, and what hostile text does to it."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.operations.patients.patients import Patient, add_patient, get_patient
from scheduler.storage.rows import ClaimRow, MessageKind, OutboxRow
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.clinic import STAFF
from tests.support.desk import desk_of
from tests.support.hold_orders import place, wish
from tests.support.queries import counted

BORN = date(1990, 2, 28)


def added(api: Api, name: str, **given: Any) -> UUID:
    """A patient on file."""
    contact = {"phone": "+49 30 5550142"} | given
    return api.clinic.do(lambda context: add_patient(context, name=name, **contact)).patient.id


def on_file(api: Api, patient_id: UUID) -> Patient:
    return api.clinic.do(lambda context: get_patient(context, patient_id=patient_id))


def claim_as_well(tx: Session, mine: UUID, theirs: UUID, appointment_id: UUID) -> None:
    """Another patient's appointment claims the time of mine too."""
    found = tx.scalars(select(ClaimRow).where(ClaimRow.subject_id == mine)).all()
    for claim in found:
        values = {"organisation_id": claim.organisation_id, "clinic_id": claim.clinic_id}
        times = {"starts_at": claim.starts_at, "ends_at": claim.ends_at}
        tx.add(ClaimRow(**values, **times, subject_id=theirs, appointment_id=appointment_id))
    tx.flush()


def test_a_merge_is_looked_at_before_it_is_done(api: Api) -> None:
    stays, ends = added(api, "Zoë Li", phone=None, email="z@mail.example"), added(api, "Li Zoe")
    browser, path = Browser(api), f"/patients/{stays}/merge"
    assert f"{path}?other={ends}" in browser.get(f"{path}?q=li").text
    preview = browser.get(f"{path}?other={ends}").text
    assert re.findall(r'class="after">([^<]*)<', preview)[:3] == ["Zoë Li", "+49 30 5550142", "z@mail.example"]
    answer = browser.post(path, other=ends, seen=on_file(api, stays).revision)
    assert (answer.status_code, on_file(api, stays).phone) == (303, "+49 30 5550142")
    assert browser.get(f"/patients/{ends}").status_code == 404


def test_records_with_appointments_at_one_time_cannot_be_merged_and_it_says_so(api: Api) -> None:
    desk = desk_of(api.clinic)
    stays, ends = desk.patient("Zoë Li"), desk.patient("Li Zoe")
    desk.visit(stays, 3, "consultation", 15)
    visit = desk.visit(ends, 4, "consultation", 15)
    api.clinic.database.write(lambda tx: claim_as_well(tx, stays, ends, visit))
    preview = Browser(api).get(f"/patients/{stays}/merge?other={ends}").text
    assert "have appointments at the same time" in preview
    assert 'name="other"' not in preview
    refused = Browser(api).post(f"/patients/{stays}/merge", other=ends, seen=on_file(api, stays).revision)
    assert (refused.status_code, "have appointments at the same time" in refused.text) == (409, True)


def test_a_calendar_link_is_made_shown_with_its_code_and_revoked(api: Api) -> None:
    patient_id, browser = added(api, "Nadia"), Browser(api)
    answer = browser.post(f"/patients/{patient_id}/calendar-links", device="Mum’s phone")
    page = browser.get(answer.headers["Location"]).text
    address = re.search(r'value="(http://[^"]*/feeds/[^"]*\.ics)"', page)
    assert address
    assert f'href="webcal{address[1].removeprefix("http")}"' in page
    assert ("Mum’s phone" in page, 'class="qr"' in page) == (True, True)
    ends = re.search(r'action="(/calendar-links/[^"]*/revoke)"', page)
    assert ends
    assert browser.post(ends[1]).status_code == 303
    assert "Mum’s phone" not in browser.get(f"/patients/{patient_id}").text


def test_a_personal_link_is_made_and_revoked(api: Api) -> None:
    patient_id, browser = added(api, "Nadia", date_of_birth=BORN), Browser(api)
    answer = browser.post(f"/patients/{patient_id}/personal-links", scope="care")
    page = browser.get(answer.headers["Location"]).text
    assert re.search(r'value="http://[^"]*/p/[\w-]{43}"', page)
    ends = re.search(r'action="(/personal-links/[^"]*/revoke)"', page)
    assert ends
    assert browser.post(ends[1], patient=str(patient_id)).status_code == 303
    assert "/personal-links/" not in browser.get(f"/patients/{patient_id}").text


@pytest.mark.parametrize("name", ['<script>alert("1")</script>', "{{ 7 * 7 }}", "A" * 120, "‮evil", "中文 אברהם"])
def test_hostile_names_stay_text(api: Api, name: str) -> None:
    browser = Browser(api)
    answer = browser.post("/patients", name=name, phone="030 1234567")
    page = browser.get(answer.headers["Location"]).text if answer.status_code == 303 else answer.text
    assert (answer.status_code, "<script>alert" in page, "49" in page.partition("<h1")[2][:40]) == (
        422 if "‮" in name else 303,
        False,
        False,
    )


@pytest.mark.parametrize("role", STAFF)
def test_why_a_hold_stands_is_for_practitioners_only(api: Api, role: Role) -> None:
    desk = desk_of(api.clinic)
    patient_id = desk.patient()
    place(desk, patient_id, wish(0, 9))
    page = Browser(api, role).get(f"/patients/{patient_id}").text
    assert ("On hold" in page, "Used it yesterday." in page) == (True, role is Role.PRACTITIONER)


def test_the_page_costs_the_same_number_of_queries_for_many_appointments(api: Api) -> None:
    desk = desk_of(api.clinic)
    one, many = desk.patient("One"), desk.patient("Many")
    desk.course({1: 7}, patient_id=one)
    desk.course({1: 9, 2: 37, 3: 65, 4: 93}, patient_id=many)
    browser = Browser(api)
    browser.get(f"/patients/{one}")
    counts = []
    for patient_id in (one, many):
        with counted(api.clinic.database.engine) as queries:
            browser.get(f"/patients/{patient_id}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_personal_link_is_sent_when_asked(api: Api) -> None:
    patient_id = added(api, "Nadia", email="nadia@example.org")
    answer = Browser(api).post(f"/patients/{patient_id}/personal-links", scope="visits", send="yes")
    query = select(OutboxRow.kind).where(OutboxRow.patient_id == patient_id)
    with api.clinic.database.read() as tx:
        assert (answer.status_code, tx.scalars(query).all()) == (303, [MessageKind.LINK])
