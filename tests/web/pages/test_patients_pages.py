"""The pages of patients: found, added, looked at, and corrected."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from scheduler.operations.patients.patients import Patient, add_patient, edit_patient, get_patient
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.clinic import STAFF, open_clinic

BORN = date(1990, 2, 28)


def added(api: Api, name: str, **given: Any) -> UUID:
    """A patient on file."""
    contact = {"phone": "+49 30 5550142"} | given
    return api.clinic.do(lambda context: add_patient(context, name=name, **contact)).patient.id


def on_file(api: Api, patient_id: UUID) -> Patient:
    return api.clinic.do(lambda context: get_patient(context, patient_id=patient_id))


def details(patient: Patient, **changed: Any) -> dict[str, Any]:
    """The form of the details as a browser sends it."""
    given = {"name": patient.name, "phone": patient.phone, "email": patient.email, "seen": patient.revision}
    return {name: "" if value is None else value for name, value in (given | changed).items()}


def names_in(page: TestResponse) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page.text)


@pytest.mark.parametrize("typed", ["dvorakova jana", "JANA NOV", "030 555 9911", "0049305559911", "28.2.1990"])
def test_a_patient_is_found_however_it_is_typed(api: Api, typed: str) -> None:
    added(api, "Jana Dvořáková-Nováková", phone="+49 (0)30 5559911", date_of_birth=BORN)
    added(api, "Somebody Else", phone="030 1112223")
    assert names_in(Browser(api).get("/patients?q=" + typed)) == ["Jana Dvořáková-Nováková"]


def test_only_what_was_found_is_sent_to_a_script_that_asks_while_somebody_types(api: Api) -> None:
    added(api, "Jana Novak")
    part = Browser(api).get("/patients?q=jana", **{"HX-Target": "found"})
    assert (names_in(part), "<html" in part.text) == (["Jana Novak"], False)


def test_who_is_not_found_can_be_added_with_what_was_typed(api: Api) -> None:
    browser = Browser(api)
    assert 'href="/patients/new?name=Zo%C3%AB"' in browser.get("/patients?q=Zoë").text
    assert 'id="new-name" name="name" value="Zoë"' in browser.get("/patients/new?name=Zoë").text
    assert 'id="new-phone" name="phone" value="030 1234"' in browser.get("/patients/new?name=030 1234").text


def test_a_new_patient_is_added_and_shown(api: Api) -> None:
    answer = Browser(api).post("/patients", name="Zoë", phone="030 7654321")
    patient_id = UUID(answer.headers["Location"].rpartition("/")[2])
    assert (answer.status_code, on_file(api, patient_id).name) == (303, "Zoë")


def test_somebody_who_may_be_on_file_is_shown_and_added_only_when_that_is_meant(api: Api) -> None:
    known, browser = added(api, "Zoë Li"), Browser(api)
    again = browser.post("/patients", name="li zoe", phone="030 1")
    assert again.status_code == 422
    shown = browser.post("/patients", name="li zoe", phone="0305550142")
    assert (shown.status_code, f'href="/patients/{known}"' in shown.text) == (409, True)
    assert ('value="li zoe"' in shown.text, 'name="is_new" value="yes"' in shown.text) == (True, True)
    assert browser.post("/patients", name="li zoe", phone="0305550142", is_new="yes").status_code == 303


def test_what_cannot_be_used_is_said_beside_its_field_with_what_was_typed(api: Api) -> None:
    page = Browser(api).post("/patients", name="Zoë", phone="12", email="x").text
    assert re.findall(r'<a href="#new-(\w+)">', page) == ["phone", "email"]
    assert 'value="12" maxlength="40" autocomplete="off" aria-invalid="true" aria-describedby="new-phone-fault"' in page
    assert "<title>Error: Add a patient" in page


@pytest.mark.parametrize("role", STAFF)
def test_each_role_sees_a_patient_and_changes_what_it_may(api: Api, role: Role) -> None:
    patient_id = added(api, "Nadia Okonjo", note="Comes with a dog")
    page = Browser(api, role).get(f"/patients/{patient_id}").text
    shown = {
        "note": "Comes with a dog" in page,
        "details": f'action="/patients/{patient_id}/details"' in page,
        "links": f'action="/patients/{patient_id}/personal-links"' in page,
    }
    edits, links = role is not Role.MANAGER, role is Role.RECEPTION
    assert shown == {"note": True, "details": edits, "links": links}


def test_details_are_corrected_and_what_is_emptied_is_cleared(api: Api) -> None:
    patient_id, browser = added(api, "Nadia", email="nadia@mail.example", date_of_birth=BORN), Browser(api)
    sent = details(on_file(api, patient_id), name="Nadia Okonjo", email="")
    answer = browser.post(f"/patients/{patient_id}/details", **sent)
    now = on_file(api, patient_id)
    assert answer.headers["Location"] == f"/patients/{patient_id}?saved=1"
    assert (now.name, now.email, now.date_of_birth) == ("Nadia Okonjo", None, None)


def test_a_rival_s_change_is_shown_beside_what_was_typed_and_saving_again_keeps_it(api: Api) -> None:
    patient_id, browser = added(api, "Nadia"), Browser(api)
    seen = on_file(api, patient_id)
    api.clinic.do(lambda c: edit_patient(c, patient_id=patient_id, seen=None, given={"phone": "030 999999"}))
    page = browser.post(f"/patients/{patient_id}/details", **details(seen, phone="030 111111"))
    assert page.status_code == 412
    assert 'value="030 111111"' in page.text
    assert re.findall(r"On file now: <strong dir=\"auto\">([^<]*)<", page.text) == ["030 999999"]
    revision = re.search(r'/details"[^§]*?name="seen" value="(\d+)"', page.text)
    assert revision
    again = browser.post(f"/patients/{patient_id}/details", **details(seen, phone="030 111111", seen=revision[1]))
    assert (again.status_code, on_file(api, patient_id).phone) == (303, "030 111111")


def test_how_to_be_told_is_changed_and_what_cannot_be_is_refused(api: Api) -> None:
    patient_id, browser = added(api, "Nadia"), Browser(api)
    wish = {"contact": "text", "language": "de", "calendar_by": "feed", "privacy": "detailed", "reminder_days": "3"}
    path, seen = f"/patients/{patient_id}/telling", {"seen": on_file(api, patient_id).revision}
    assert browser.post(path, **wish, **seen).status_code == 303
    now = on_file(api, patient_id)
    told = (now.contact, now.language, now.calendar_by, now.privacy, now.reminder_days)
    assert told == ("text", "de", "feed", "detailed", 3)
    refused = browser.post(path, **(wish | {"contact": "email", "seen": now.revision}))
    assert (refused.status_code, "To be told by email needs an e-mail address." in refused.text) == (422, True)


def test_the_note_is_written_and_emptied(api: Api) -> None:
    patient_id, browser = added(api, "Nadia"), Browser(api)
    for note in ("Calls back\nafter six", ""):
        browser.post(f"/patients/{patient_id}/note", note=note, seen=on_file(api, patient_id).revision)
        assert on_file(api, patient_id).note == note


@pytest.mark.parametrize("path", ["", "/merge"])
def test_a_patient_of_another_organisation_is_not_there(api: Api, path: str) -> None:
    other = open_clinic(api.clinic.database)
    patient_id = other.do(lambda context: add_patient(context, name="Nadia", phone="030 5550142")).patient.id
    assert Browser(api).get(f"/patients/{patient_id}{path}").status_code == 404
