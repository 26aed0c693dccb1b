"""Patients over the API."""

from typing import Any

import pytest

from scheduler.domain.access import Role
from tests.support.api import BASE, Api

ZOE = {"name": "Zoë Ångström", "phone": "+44 20 7946 0958"}


def added(api: Api, **values: Any) -> dict[str, Any]:
    answer = api.post("/patients", ZOE | values)
    assert answer.status_code == 201, answer.json
    return dict(answer.json["patient"])


def booked_series(api: Api, patient: dict[str, Any], start_on: str) -> str:
    """A series of three on the face, whose best plan from this date is booked; the id of its first appointment."""
    wanted = {"patient_id": patient["id"], "protocol": "microneedling-rejuvenation", "sessions": 3}
    series = api.post("/series", {**wanted, "body_sites": ["face"]}).json
    plans = api.post(f"/series/{series['id']}/plans", {"start_on": start_on}).json["plans"]
    deed = api.post(f"/series/{series['id']}/bookings", {"appointments": plans[0]["appointments"]})
    assert deed.status_code == 201, deed.json
    shown = api.get(f"/series/{series['id']}").json
    return str(shown["sessions"][0]["appointment"]["id"])


def test_a_new_patient_is_answered_with_its_address_and_revision(api: Api) -> None:
    answer = api.post("/patients", ZOE)
    patient = answer.json["patient"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"http://localhost:8000{BASE}/patients/{patient['id']}"
    assert (answer.headers["ETag"], answer.headers["Content-Type"]) == ('"1"', "application/json")
    assert api.get(f"/patients/{patient['id']}").json == patient


def test_what_a_patient_looks_like(api: Api) -> None:
    patient = added(api, date_of_birth="1984-03-12", note="Rings twice")
    assert {name: patient[name] for name in patient if name != "id"} == {
        "name": "Zoë Ångström",
        "phone": "+44 20 7946 0958",
        "email": None,
        "date_of_birth": "1984-03-12",
        "note": "Rings twice",
        "deposit": "none",
        "privacy": "discreet",
        "contact": "phone",
        "calendar_by": "feed",
        "language": "en",
        "reminder_days": None,
        "revision": 1,
        "created_at": "2026-03-02T08:00:00Z",
    }


def test_a_likely_duplicate_comes_with_the_answer(api: Api) -> None:
    first = added(api)
    (alike,) = api.post("/patients", {"name": "ANGSTROM Zoe", "phone": "020 7946 0958"}).json["likely_duplicates"]
    assert (alike["id"], alike["shared"]) == (first["id"], ["name", "phone"])


def test_a_patient_is_found_and_edited(api: Api) -> None:
    patient = added(api)
    (found,) = api.get("/patients", q="angst zoe").json["items"]
    assert found == patient
    answer = api.patch(f"/patients/{patient['id']}", {"phone": None, "email": "Zoe@Clinic.Example"}, seen=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json == patient | {"phone": None, "email": "zoe@clinic.example", "contact": "email", "revision": 2}


@pytest.mark.parametrize("field", ["name", "privacy"])
def test_a_field_that_every_patient_has_cannot_be_cleared(api: Api, field: str) -> None:
    patient = added(api)
    answer = api.patch(f"/patients/{patient['id']}", {field: None}, seen=1)
    assert (answer.status_code, answer.json["errors"][0]["at"]) == (422, f"/{field}")


def test_a_patient_without_any_contact_is_refused(api: Api) -> None:
    answer = api.post("/patients", {"name": "Zoë", "phone": None})
    assert (answer.status_code, answer.json["code"]) == (422, "contact_missing")


def test_a_merged_record_answers_with_the_one_that_stayed(api: Api) -> None:
    survivor, other = added(api), added(api, name="Zoe Angstrom", email="zoe@clinic.example")
    answer = api.post(f"/patients/{survivor['id']}/merge", {"other_id": other["id"]}, seen=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json == survivor | {"email": "zoe@clinic.example", "revision": 2}
    gone = api.get(f"/patients/{other['id']}")
    assert (gone.status_code, gone.json["code"], gone.json["merged_into"]) == (404, "patient_merged", survivor["id"])


def test_series_that_meet_by_a_merge_put_their_appointments_at_risk(api: Api) -> None:
    survivor, other = added(api), added(api)
    appointments = [booked_series(api, survivor, "2026-03-09"), booked_series(api, other, "2026-03-16")]
    assert [api.get(f"/appointments/{one}").json["at_risk"] for one in appointments] == [False, False]
    answer = api.post(f"/patients/{survivor['id']}/merge", {"other_id": other["id"]}, seen=1)
    assert answer.status_code == 200, answer.json
    seen = [api.get(f"/appointments/{one}").json for one in appointments]
    assert {one["patient_id"] for one in seen} == {survivor["id"]}
    assert any(one["at_risk"] for one in seen)


def test_no_answer_about_patients_has_a_clinical_field(api: Api) -> None:
    fields = set(added(api))
    assert fields & {"holds", "clearances", "answers", "indication", "severity", "photos"} == set()


def test_protocols_are_listed_by_code_and_looked_at(api: Api) -> None:
    page = api.get("/protocols", limit=100).json
    codes = [protocol["code"] for protocol in page["items"]]
    assert (codes, page["next"]) == (sorted(codes), None)
    (one,) = [protocol for protocol in page["items"] if protocol["code"] == "microneedling-rejuvenation"]
    assert (one["min_sessions"], one["max_sessions"], one["spacing"]["min_days"], one["spacing"]["max_days"]) == (
        3,
        6,
        28,
        42,
    )
    assert api.get(f"/protocols/{one['id']}").json == one


def test_the_trail_of_a_patient_is_read_by_a_manager(api: Api) -> None:
    patient = added(api)
    (entry,) = api.as_role(Role.MANAGER).get("/audit", about=patient["id"]).json["items"]
    assert (entry["action"], entry["actor_name"], entry["about_id"]) == ("patient_added", "reception", patient["id"])
