"""What people and programs put into fields comes back as it went in, or is refused, and does nothing else."""

import json
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from scheduler.calendars.content_lines import plain_text
from scheduler.domain.access import Role
from tests.support.api import Api

SERIES = {"protocol": "microneedling-rejuvenation", "sessions": 3, "body_sites": ["face"]}

KEPT = [
    "Robert'); DROP TABLE patients;--",
    "<script>alert(1)</script>",
    "{{ config }} {% raw %} ${7*7} #{7*7}",
    "../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    '=HYPERLINK("http://x")',
    "O’Brien “the” ‘2nd’",
    "null",
    "محمد بن عبد الله",
    "Zalgo Z\u0351\u036b",
    "👩‍👧‍👦" * 10,
    "\ufeffZoë",
]


@pytest.mark.parametrize("name", KEPT)
def test_a_strange_name_comes_back_as_it_went_in(api: Api, name: str) -> None:
    answer = api.post("/patients", {"name": name, "phone": "0301234", "note": name})
    assert answer.status_code == 201, answer.json
    patient = api.get(f"/patients/{answer.json['patient']['id']}").json
    assert (patient["name"], patient["note"]) == (name, name)
    assert [found["name"] for found in api.get("/patients").json["items"]] == [name]


@pytest.mark.parametrize("name", KEPT)
def test_a_strange_name_and_note_spoil_no_calendar(api: Api, name: str) -> None:
    clinic = f"/clinics/{api.clinic.clinic_id}"
    manager, given = api.as_role(Role.MANAGER), {"name": name, "phone": "0301234", "note": f"note of {name}"}
    patient = api.post("/patients", {**given, "privacy": "detailed"}).json["patient"]["id"]
    manager.patch(clinic, {"name": name, "address": "Quay 3"}, seen=1)
    series = api.post("/series", SERIES | {"patient_id": patient}).json["id"]
    plan = api.post(f"/series/{series}/plans", {}).json["plans"][0]
    api.post(f"/series/{series}/bookings", {"appointments": plan["appointments"]})
    theirs = api.post(f"/patients/{patient}/links", {"device": name}).json
    whole = manager.post(f"{clinic}/links", {"device": name, "privacy": "detailed"}).json
    feeds = [api.app.test_client().get(urlsplit(link["https_url"]).path) for link in (theirs, whole)]
    assert [feed.data.count(b"BEGIN:VEVENT") for feed in feeds] == [3, 3]
    (shown, *_), (known, *_) = (Calendar.from_ical(feed.data).walk("VEVENT") for feed in feeds)
    plain = plain_text(name).lstrip("\ufeff")  # the library takes one for a byte order mark
    assert (str(shown["LOCATION"]), str(known["SUMMARY"]).rpartition(": ")[0]) == (f"{plain}, Quay 3", plain)
    assert [b"note of" in feed.data for feed in feeds] == [False, False]


@pytest.mark.parametrize(
    "q", [*KEPT, "'", '"', "\\", "%", "_", "%' OR 1=1 --", "(", "[", "*", "+", "@", "0", "1" * 100]
)
def test_a_strange_search_finds_nothing_that_is_not_there(shared_api: Api, q: str) -> None:
    answer = shared_api.get("/patients", q=q)
    assert (answer.status_code, answer.json) == (200, {"items": [], "next": None})


@pytest.mark.parametrize("name", ["Zo\x00ë", "Zo\r\në", "\u202eeoZ", "Zoë\x7f", " ", ""])
def test_a_name_that_would_harm_is_refused(shared_api: Api, name: str) -> None:
    answer = shared_api.post("/patients", {"name": name, "phone": "0301234"})
    assert (answer.status_code, [fault["at"] for fault in answer.json["errors"]]) == (422, ["/name"])


@pytest.mark.parametrize(("escaped", "status"), [(False, 422), (True, 413)])
def test_ten_thousand_emoji_are_too_many_however_they_are_sent(shared_api: Api, escaped: bool, status: int) -> None:
    body = json.dumps({"name": "😀" * 10_000, "phone": "0301234"}, ensure_ascii=escaped).encode()
    assert shared_api.post("/patients", body).status_code == status


@pytest.mark.parametrize("field", ["role", "roles", "id", "organisation_id", "revision", "merged_into_id", "__proto__"])
def test_nothing_is_set_but_what_is_asked_for(shared_api: Api, field: str) -> None:
    answer = shared_api.post("/patients", {"name": "Zoë", "phone": "0301234", field: "admin"})
    assert (answer.status_code, [fault["at"] for fault in answer.json["errors"]]) == (422, [f"/{field}"])


@pytest.mark.parametrize("query", ["next=//elsewhere", "redirect=http://elsewhere", "callback=alert"])
def test_no_parameter_leads_elsewhere(shared_api: Api, query: str) -> None:
    answer = shared_api.call("GET", "/patients", query=query)
    assert (answer.status_code, "Location" in answer.headers) == (422, False)


def test_a_number_may_be_written_with_a_fraction_of_nothing(shared_api: Api) -> None:
    body = json.dumps({"patient_id": "7", "protocol": "x", "sessions": 4.0, "body_sites": ["face"]}).encode()
    assert [fault["at"] for fault in shared_api.post("/series", body).json["errors"]] == ["/patient_id"]
