"""Measures and logs: by route, never by path."""

import json
import re

import pytest

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from tests.support.api import Api, Clock, api_of, database_of


def measured(api: Api) -> dict[str, float]:
    """The counter of answers, by its labels."""
    lines = re.findall(r"^interval_requests_total\{(.*)\} (\S+)$", api.app.test_client().get("/metrics").text, re.M)
    return {labels: float(value) for labels, value in lines}


def risen(api: Api, before: dict[str, float]) -> dict[str, float]:
    after = measured(api)
    return {labels: after[labels] - before.get(labels, 0) for labels in after if after[labels] != before.get(labels, 0)}


def test_answers_are_counted_by_route_method_and_status(api: Api) -> None:
    before = measured(api)
    api.get("/patients/00000000-0000-7000-8000-000000000000", x=1)
    api.get("/patients/00000000-0000-7000-8000-000000000000")
    api.as_role(None).get("/patients")
    assert {labels: count for labels, count in risen(api, before).items() if "metrics" not in labels} == {
        'method="GET",route="/api/v1/patients/<patient_id>",status="422"': 1,
        'method="GET",route="/api/v1/patients/<patient_id>",status="404"': 1,
        'method="GET",route="/api/v1/patients",status="401"': 1,
    }


def test_what_has_no_route_is_counted_together(api: Api) -> None:
    before = measured(api)
    for number in range(3):
        api.get(f"/secret-{number}")
    api.call("BREW", "/secret")
    assert {labels: count for labels, count in risen(api, before).items() if "metrics" not in labels} == {
        'method="GET",route="none",status="404"': 3,
        'method="other",route="none",status="404"': 1,
    }


def test_times_are_measured(api: Api) -> None:
    api.get("/protocols")
    text = api.app.test_client().get("/metrics").text
    assert 'interval_request_seconds_count{method="GET",route="/api/v1/protocols"}' in text


def test_a_request_is_one_line_in_the_log_without_anything_personal(
    module_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    api = api_of(module_database_url)
    create_app(Settings(environment="test", database_url=module_database_url, log_level="INFO"), Clock())
    api.get("/patients", q="Zoë Ångström")
    told = capsys.readouterr()
    (line,) = [json.loads(line) for line in (told.out + told.err).splitlines()]
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "answered",
        "GET",
        "/api/v1/patients",
        200,
    )
    assert set(line) == {"event", "level", "timestamp", "method", "route", "status", "milliseconds"}
    assert api.clinic.tokens[Role.RECEPTION] not in told.out + told.err
    database_of(api.app).dispose()
