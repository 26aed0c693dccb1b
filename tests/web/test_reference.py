"""The description for programs, the page for people, and the page behind each problem."""

import html

import pytest
from jsonschema import Draft202012Validator

from scheduler.web.api import ENDPOINTS
from scheduler.web.problem_words import WORDS
from tests.support.api import BASE, Api


def test_every_endpoint_is_described(shared_api: Api) -> None:
    told = shared_api.get("/openapi.json").json
    described = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert described == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    assert (told["openapi"], told["servers"]) == ("3.1.0", [{"url": f"http://localhost:8000{BASE}"}])


def test_no_two_endpoints_share_a_name() -> None:
    names = [endpoint.name for endpoint in ENDPOINTS]
    assert sorted(set(names)) == sorted(names)


def test_every_schema_is_one_and_every_reference_leads_somewhere(shared_api: Api) -> None:
    told = shared_api.get("/openapi.json").json
    schemas = told["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    wanted = {ref.rsplit("/", 1)[1] for ref in references(told)}
    assert wanted - set(schemas) == set()
    assert {name for name in schemas if name.endswith(("Query", "Path"))} == set()


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for inner in value.values() for ref in references(inner)]
    return [ref for inner in value for ref in references(inner)] if isinstance(value, list) else []


def test_an_operation_tells_its_headers_roles_and_refusals(shared_api: Api) -> None:
    merge = shared_api.get("/openapi.json").json["paths"]["/patients/{patient_id}/merge"]["post"]
    parameters = {one["name"]: (one["in"], one["required"]) for one in merge["parameters"]}
    assert parameters == {
        "patient_id": ("path", True),
        "Idempotency-Key": ("header", False),
        "If-Match": ("header", True),
    }
    assert merge["description"] == "Roles: reception (yes), practitioner (yes)."
    statuses = {"200", "400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "503", "default"}
    assert set(merge["responses"]) == statuses


def test_the_page_shows_every_endpoint_and_fetches_nothing_from_elsewhere(shared_api: Api) -> None:
    page = shared_api.get("/docs")
    text = html.unescape(page.text)
    assert page.content_type == "text/html; charset=utf-8"
    assert [one for one in ENDPOINTS if f"<code>{one.method} {one.path}</code>" not in text] == []
    assert [one.summary for one in ENDPOINTS if one.summary not in text] == []
    assert ("<script" in text, 'src="http' in text, "style=" in text) == (False, False, False)


@pytest.mark.parametrize("code", [*WORDS, "slot_taken"])
def test_every_problem_has_a_page(shared_api: Api, code: str) -> None:
    page = shared_api.app.test_client().get(f"/problems/{code}")
    words = WORDS.get(code, "A rule of the clinic, or somebody else’s booking, stands in the way.")
    assert page.status_code == 200
    assert words in html.unescape(page.text)


def test_the_addresses_of_description_and_page_need_no_token(shared_api: Api) -> None:
    statuses = [shared_api.as_role(None).get(path).status_code for path in ("/openapi.json", "/docs")]
    assert statuses == [200, 200]
