"""What people and programs put into fields comes back as it went in, or is refused, and does nothing else."""

import json

import pytest

from tests.support.api import Api

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
