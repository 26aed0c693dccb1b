"""Errors as people see them: a page that says what happened and what would work. Programs get problem documents."""

import pytest
from flask import Flask

from scheduler.domain.access import Role
from scheduler.storage.database import Unavailable
from scheduler.web.pages import ENDPOINTS
from tests.support.api import Api
from tests.support.browse import Browser

HTML, PROBLEM = "text/html; charset=utf-8", "application/problem+json"


def test_a_mistyped_address(shared_api: Api) -> None:
    answer = Browser(shared_api).get("/nothing")
    assert (answer.status_code, answer.content_type) == (404, HTML)
    assert "<h1>There is nothing here</h1>" in answer.text
    assert "<code>no_such_address</code>" in answer.text


def test_a_page_for_another_role(shared_api: Api) -> None:
    answer = Browser(shared_api, Role.MANAGER).post("/appointments/00000000-0000-7000-8000-000000000000/arrive")
    assert (answer.status_code, answer.content_type) == (403, HTML)
    assert "<h1>This is not for your role</h1>" in answer.text
    assert "Ask: practitioner, reception." in answer.text


def test_a_form_that_has_been_open_too_long(shared_api: Api) -> None:
    browser = Browser(shared_api)
    answer = browser.client.post("/preferences", data={"theme": "dark"}, headers={"Accept": "text/html"})
    assert (answer.status_code, "This page has been open for too long." in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (Unavailable("away"), 503, "Not available at this moment"),
        (RuntimeError("broken"), 500, "Something went wrong on our side"),
    ],
)
def test_when_the_service_itself_is_at_fault(
    shared_api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, title: str
) -> None:
    def fail(**_path: str) -> str:
        raise error

    browser = Browser(shared_api)
    monkeypatch.setitem(views(shared_api.app), "pages.day_today", fail)
    answer = browser.get("/day?by=room")
    assert (answer.status_code, f"<h1>{title}</h1>" in answer.text) == (status, True)
    assert 'href="/day?by=room"' in answer.text
    assert "broken" not in answer.text


def views(app: Flask) -> dict[str, object]:
    found: dict[str, object] = app.view_functions  # type: ignore[assignment]
    return found


@pytest.mark.parametrize("path", ["/nothing", "/day/2026-13-01"])
def test_a_program_gets_a_problem_document(shared_api: Api, path: str) -> None:
    answer = Browser(shared_api).client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)


def test_the_api_answers_in_its_own_way_whoever_asks(shared_api: Api) -> None:
    assert Browser(shared_api).get("/api/v1/nothing").content_type == PROBLEM


def test_an_error_is_told_in_the_language_and_look_of_its_reader(shared_api: Api) -> None:
    browser = Browser(shared_api)
    browser.remember(language="de", theme="dark")
    page = browser.get("/nothing").text
    assert '<html lang="de-DE" data-theme="dark">' in page
    assert "<h1>Hier ist nichts</h1>" in page


def test_every_page_keeps_to_a_strict_policy_and_is_stored_nowhere(shared_api: Api) -> None:
    paths = {endpoint.path for endpoint in ENDPOINTS if endpoint.method == "GET" and "{" not in endpoint.path}
    for path in sorted(paths | {"/day/2026-03-02", "/day/2026-03-02/live", "/day/2026-03-02/sheet", "/nothing"}):
        answer = Browser(shared_api).get(path)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert " onclick=" not in answer.text
