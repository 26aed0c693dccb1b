"""Every refusal is a problem document, whoever refuses and whatever was asked."""

import json
from typing import Any

import pytest
from flask import Response

from scheduler.domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Refusal, RuleBroken, Stale
from scheduler.web import problems
from tests.support.api import Api

ZOE = {"name": "Zoë", "phone": "0301234"}


def expect(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, after checking what all of them have."""
    assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.get_data())
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["type"] == f"http://localhost:8000/problems/{code}"
    assert told["title"] == code.replace("_", " ").capitalize()
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    "path", ["/nothing", "/patients/", "//patients", "/patients//x", "/patients/%2e%2e/docs", "/openapi.json/", "/", ""]
)
def test_an_address_that_is_not_there(shared_api: Api, path: str) -> None:
    expect(shared_api.get(path), 404, "no_such_address")


@pytest.mark.parametrize("path", ["/nothing", "/healthz/", "/problems/", "/problems/NOT-A-CODE", "/static/none.css"])
def test_an_address_outside_the_api_that_is_not_there(shared_api: Api, path: str) -> None:
    expect(shared_api.app.test_client().get(path), 404, "no_such_address")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/patients", {"GET", "HEAD", "POST"}),
        ("PUT", "/patients", {"GET", "HEAD", "POST"}),
        ("OPTIONS", "/patients", {"GET", "HEAD", "POST"}),
        ("PATCH", "/protocols", {"GET", "HEAD"}),
        ("POST", "/openapi.json", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/protocols", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_an_address_does_not_take(shared_api: Api, method: str, path: str, allowed: set[str]) -> None:
    answer = shared_api.call(method, path)
    expect(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_a_body_of_64_kib_is_read_and_one_byte_more_is_not(shared_api: Api) -> None:
    frame = len(json.dumps(ZOE | {"note": ""}))
    for size, status, code in ((64 * 1024, 422, "invalid_request"), (64 * 1024 + 1, 413, "too_large")):
        body = json.dumps(ZOE | {"note": "x" * (size - frame)}).encode()
        assert len(body) == size
        expect(shared_api.post("/patients", body), status, code)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/merge-patch+json"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
    ],
)
def test_a_body_that_is_no_plain_json(shared_api: Api, headers: dict[str, str]) -> None:
    expect(shared_api.call("POST", "/patients", ZOE, headers=headers), 415, "not_json")


def test_a_post_without_a_body_is_no_json_either(shared_api: Api) -> None:
    expect(shared_api.post("/patients"), 415, "not_json")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_json_may_say_that_it_is_utf_8(shared_api: Api, charset: str) -> None:
    headers = {"Content-Type": f"application/json; charset={charset}"}
    assert shared_api.call("POST", "/patients", ZOE, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"{'name': 'Zoe'}", "malformed_json"),
        (b'{"name": "Zoe"} x', "malformed_json"),
        (b'{"name": "Zoe",}', "malformed_json"),
        (b'{"name": "a\nb"}', "malformed_json"),
        (b'\xef\xbb\xbf{"name": "Zoe"}', "malformed_json"),
        (b'{"name": ' + b"9" * 5000 + b"}", "malformed_json"),
        (b"[" * 60_000, "malformed_json"),
        (b'{"name": "Zo\xeb"}', "malformed_text"),
        (b'{"name": "\\ud800"}', "malformed_text"),
        (b'{"\\udfff": 1}', "malformed_text"),
        (b'{"name": NaN}', "not_a_number"),
        (b'{"name": -Infinity}', "not_a_number"),
        (b'{"name": 1e999}', "not_a_number"),
        (b'{"name": "a", "name": "b"}', "repeated_key"),
        (b'{"note": {"a": 1, "a": 1}}', "repeated_key"),
        (b"[" * 40 + b"1" + b"]" * 40, "too_deep"),
    ],
)
def test_a_body_that_cannot_be_read(shared_api: Api, body: bytes, code: str) -> None:
    expect(shared_api.post("/patients", body), 400, code)


@pytest.mark.parametrize("body", [None, 1, "text", [], [ZOE], True])
def test_a_body_that_is_no_object(shared_api: Api, body: Any) -> None:
    told = expect(shared_api.post("/patients", json.dumps(body).encode()), 422, "invalid_request")
    assert [(one["in"], one["at"]) for one in told["errors"]] == [("body", "")]


def test_every_fault_is_named_at_once(shared_api: Api) -> None:
    body = {"name": 7, "phone": "x", "date_of_birth": "12.03.1984", "role": "admin"}
    answer = shared_api.call("POST", "/patients", body, query={"q": "1"}, headers={"Idempotency-Key": "two words"})
    told = expect(answer, 422, "invalid_request")
    assert [(one["in"], one["at"], one["detail"]) for one in told["errors"]] == [
        ("query", "/q", "is not known here"),
        ("body", "/name", "Input should be a valid string"),
        ("body", "/phone", "must be a phone number of 5 to 15 digits"),
        ("body", "/date_of_birth", "must be a date such as 2026-03-05"),
        ("body", "/role", "is not known here"),
        ("header", "/Idempotency-Key", "must be 1 to 200 printable characters, no spaces"),
    ]


def test_a_field_that_is_missing_is_needed(shared_api: Api) -> None:
    told = expect(shared_api.post("/patients", {"phone": "0301234"}), 422, "invalid_request")
    assert told["errors"] == [{"in": "body", "at": "/name", "code": "missing", "detail": "is needed"}]


def test_a_strange_key_is_named_as_a_pointer_and_cut_short(shared_api: Api) -> None:
    told = expect(shared_api.post("/patients", ZOE | {"a/b~" + "c" * 200: 1}), 422, "invalid_request")
    assert told["errors"][0]["at"] == "/a~1b~0" + "c" * 96


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=1_0", "/limit"),
        ("limit=+5", "/limit"),
        ("limit=5.0", "/limit"),
        ("limit=%205", "/limit"),
        ("limit=", "/limit"),
        ("limit=5&limit=6", "/limit"),
        ("q=", "/q"),
        ("q=%20", "/q"),
        ("q=%00", "/q"),
        ("sort=name", "/sort"),
        ("Limit=5", "/Limit"),
    ],
)
def test_a_parameter_that_cannot_be_used(shared_api: Api, query: str, at: str) -> None:
    told = expect(shared_api.call("GET", "/patients", query=query), 422, "invalid_request")
    assert [(one["in"], one["at"]) for one in told["errors"]] == [("query", at)]


@pytest.mark.parametrize("path", ["/patients/7", "/patients/null", "/patients/{01a20c24-3c59-7feb-bbee-89152cd2a733}"])
def test_an_identifier_that_is_none(shared_api: Api, path: str) -> None:
    told = expect(shared_api.get(path), 422, "invalid_request")
    assert [(one["in"], one["at"]) for one in told["errors"]] == [("path", "/patient_id")]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotFound("no"), 404),
        (NotAllowed("no"), 403),
        (RuleBroken("no"), 409),
        (Refusal("no"), 409),
        (Stale("no"), 412),
        (Invalid("no"), 422),
        (problems.Malformed("no"), 400),
        (problems.Unauthenticated("no"), 401),
        (problems.TooLarge("no"), 413),
        (problems.WrongMediaType("no"), 415),
        (problems.NotJson("no"), 415),
        (problems.RevisionMissing("no"), 428),
    ],
)
def test_each_class_of_refusal_has_its_status(refusal: Refusal, status: int) -> None:
    assert problems.status_of(refusal) == status


def test_a_subclass_has_the_status_of_its_nearest_ancestor() -> None:
    class SlotTaken(RuleBroken):
        """A rule of its own."""

    assert problems.status_of(SlotTaken("no")) == 409


def test_all_conflicts_and_all_facts_are_told_and_none_replaces_what_is_fixed(shared_api: Api) -> None:
    conflicts = [Conflict("one", "First.", {"on": "2026-03-05", "code": "x"}, "Wait."), Conflict("two", "Second.")]
    refusal = RuleBroken(
        "Both.", code="both", conflicts=conflicts, remedy="Move.", window=[1, 2], status=200, title="x"
    )
    with shared_api.app.test_request_context():
        told = expect(problems.refused(refusal), 409, "both")
    assert told["conflicts"] == [
        {"on": "2026-03-05", "code": "one", "detail": "First.", "remedy": "Wait."},
        {"code": "two", "detail": "Second."},
    ]
    assert (told["detail"], told["remedy"], told["window"]) == ("Both.", "Move.", [1, 2])
