"""What every answer carries."""

import pytest
from werkzeug.test import TestResponse

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from tests.support.api import BASE, Api

EVERYWHERE = [
    f"{BASE}/patients",
    f"{BASE}/openapi.json",
    f"{BASE}/docs",
    f"{BASE}/nothing",
    "/healthz",
    "/readyz",
    "/metrics",
    "/problems/not_found",
    "/static/reference.css",
    "/static/none.css",
]


def got(api: Api, path: str, **headers: str) -> TestResponse:
    token = {"Authorization": f"Bearer {api.clinic.tokens[Role.RECEPTION]}"}
    return api.app.test_client().get(path, headers={**token, **headers}, buffered=True)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_security_headers(shared_api: Api, path: str) -> None:
    headers = got(shared_api, path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'self'", "'self'", "'self'")
    assert (policy["frame-ancestors"], policy["base-uri"], policy["object-src"]) == ("'none'", "'none'", "'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", [path for path in EVERYWHERE if "reference.css" not in path])
def test_no_answer_but_a_static_file_is_stored(shared_api: Api, path: str) -> None:
    assert got(shared_api, path).headers["Cache-Control"] == "no-store"


def test_a_static_file_may_be_kept_and_asked_about(shared_api: Api) -> None:
    answer = got(shared_api, "/static/reference.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("path", EVERYWHERE[:4])
def test_browsers_are_told_to_stay_with_https_where_it_is_served(path: str) -> None:
    settings = Settings(environment="test", public_url="https://clinic.test", log_level="ERROR")
    answer = create_app(settings).test_client().get(path)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_links_follow_the_public_address_and_never_the_host_header(api: Api) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    added = api.call("POST", "/patients", {"name": "Zoë", "phone": "0301234"}, headers=forged)
    described = got(api, f"{BASE}/openapi.json", **forged)
    pages = [got(api, path, **forged).text for path in (f"{BASE}/docs", "/problems/not_found", "/nothing")]
    assert added.headers["Location"].startswith(f"http://localhost:8000{BASE}/patients/")
    assert described.json["servers"] == [{"url": f"http://localhost:8000{BASE}"}]
    assert "evil" not in "".join((added.text, str(added.headers), described.text, *pages))
