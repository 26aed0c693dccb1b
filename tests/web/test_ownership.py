"""What belongs to another organisation is not there, at every address. One engine is asked: it makes no difference."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import TABLE, Allowance, Role
from scheduler.web.api import ENDPOINTS, description
from scheduler.web.api.registry import Endpoint
from tests.support.api import Api, database_of
from tests.support.clinic import open_clinic
from tests.support.things import SAMPLES, Things, smallest, things_of

NAMING = [endpoint for endpoint in ENDPOINTS if any(name.endswith("_id") for name in endpoint.path_model.model_fields)]
ROLES = (Role.PRACTITIONER, Role.RECEPTION, Role.MANAGER)
HOUR = {"starts_at": "2026-03-02T10:00:00Z", "ends_at": "2026-03-02T11:00:00Z"}


UPLOADS = {"text/calendar": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}
"""A body of each kind that is not JSON."""


class Nothing(dict[str, str]):
    """An identifier of nothing, whatever is asked for."""

    def __missing__(self, name: str) -> str:
        return SAMPLES["uuid"]


@pytest.fixture(scope="module")
def theirs(application: Api) -> Things:
    """The things of another organisation in the same database."""
    return things_of(open_clinic(database_of(application.app)))


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def call(api: Api, endpoint: Endpoint, things: Any, other: Any) -> tuple[int, str | None]:
    """Status and code of a call about these things; ``other`` is a second patient to be merged."""
    role = next(role for role in ROLES if TABLE[endpoint.action].get(role) in (Allowance.YES, Allowance.REQUEST))
    given = {"other_id": other} if endpoint.path.endswith("/merge") else HOUR if "absences" in endpoint.path else {}
    body = smallest_body(endpoint) | given if endpoint.json_body else None
    sent = UPLOADS[endpoint.upload.media_type] if endpoint.upload else body
    kind = {"Content-Type": endpoint.upload.media_type} if endpoint.upload else {}
    answer = api.as_role(role).call(endpoint.method, path_of(endpoint, things), sent, seen=1, headers=kind)
    return answer.status_code, answer.json["code"] if answer.status_code >= 400 else None


def path_of(endpoint: Endpoint, things: Any) -> str:
    """The path with these things in it, and samples for what is no identifier."""
    is_visit = endpoint.path.startswith("/visits")
    kinds = {
        name: str(getattr(field.annotation, "__name__", "")) for name, field in endpoint.path_model.model_fields.items()
    }
    named = {name: "visit_id" if is_visit else name for name in kinds if name.endswith("_id")}
    samples = {name: SAMPLES.get(kind, "x") for name, kind in kinds.items()}
    return endpoint.path.format(**samples | {name: things[kind] for name, kind in named.items()})


def smallest_body(endpoint: Endpoint) -> dict[str, Any]:
    told = description("")
    content = told["paths"][endpoint.path][endpoint.method.lower()]["requestBody"]["content"]
    body: dict[str, Any] = smallest(content["application/json"]["schema"], told["components"]["schemas"])
    return body


@pytest.mark.parametrize("endpoint", NAMING, ids=named)
def test_another_s_thing_and_one_that_never_was_are_not_told_apart(
    application: Api, theirs: Things, endpoint: Endpoint
) -> None:
    other = str(UUID(int=theirs["patient_id"].int ^ 1))
    answers = [call(application, endpoint, things, other) for things in (theirs, Nothing())]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.parametrize("endpoint", NAMING, ids=named)
def test_one_s_own_thing_is_there(application: Api, endpoint: Endpoint) -> None:
    api = replace(application, clinic=open_clinic(database_of(application.app)))
    mine = things_of(api.clinic)
    other = api.post("/patients", {"name": "Zoë", "phone": "0301234"}).json["patient"]["id"]
    status, code = call(api, endpoint, mine, other)
    assert status not in (401, 403, 404)
    assert code != "invalid_request"


def test_identifiers_in_bodies_and_queries_are_one_s_own_too(application: Api, theirs: Things) -> None:
    patient, clinic = str(theirs["patient_id"]), str(theirs["clinic_id"])
    mine = application.post("/patients", {"name": "Zoë", "phone": "0301234"}).json["patient"]["id"]
    series = {"patient_id": mine, "protocol": "microneedling-rejuvenation", "sessions": 4, "body_sites": ["face"]}
    visit = {"patient_id": mine, "visit_type": "consultation", "starts_at": "2026-03-05T11:00:00Z"}
    answers = [
        application.post("/series", series | {"patient_id": patient}),
        application.post("/series", series | {"clinic_id": clinic}),
        application.post("/visits", visit | {"patient_id": patient}),
        application.post("/visits", visit | {"clinic_id": clinic}),
        application.post(f"/patients/{mine}/merge", {"other_id": patient}, seen=1),
        application.get("/slots", visit_type="consultation", clinic=clinic),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6


@pytest.mark.parametrize(
    ("path", "parameter", "thing"),
    [
        ("/appointments", "patient", "patient_id"),
        ("/appointments", "clinic", "clinic_id"),
        ("/audit", "about", "patient_id"),
        ("/audit", "about", "series_id"),
    ],
)
def test_a_list_about_another_s_thing_is_empty(
    application: Api, theirs: Things, path: str, parameter: str, thing: str
) -> None:
    page = application.as_role(Role.MANAGER).get(path, **{parameter: theirs[thing]})
    assert (page.status_code, page.json) == (200, {"items": [], "next": None})
