"""What a browser chose of its own."""

import pytest

from config import Settings
from scheduler import create_app
from tests.support.api import Api
from tests.support.browse import Browser


def test_colours_are_the_machine_s_until_somebody_chooses(shared_api: Api) -> None:
    browser = Browser(shared_api)
    assert "data-theme" not in browser.get("/day").text
    assert browser.post("/preferences", theme="dark", back="/day").headers["Location"] == "/day"
    assert 'data-theme="dark"' in browser.get("/day").text
    browser.post("/preferences", theme="machine")
    assert "data-theme" not in browser.get("/day").text


def test_one_choice_leaves_the_others_as_they_are(shared_api: Api) -> None:
    browser = Browser(shared_api)
    browser.post("/preferences", language="de")
    browser.post("/preferences", keys="off")
    page = browser.get("/day").text
    assert ('lang="de-DE"' in page, 'data-keys="off"' in page) == (True, True)


@pytest.mark.parametrize("field", [{"theme": "pink"}, {"language": "xx"}, {"keys": "maybe"}])
def test_what_is_no_choice_is_refused(shared_api: Api, field: dict[str, str]) -> None:
    assert Browser(shared_api).post("/preferences", **field).status_code == 422


def test_another_organisation_s_clinic_cannot_be_chosen(shared_api: Api) -> None:
    absent = "00000000-0000-7000-8000-000000000000"
    assert Browser(shared_api).post("/clinic-choice", clinic=absent).status_code == 404


def test_the_session_is_for_this_site_and_for_no_script(shared_api: Api) -> None:
    cookie = Browser(shared_api).post("/preferences", theme="light").headers["Set-Cookie"]
    assert cookie.startswith("interval=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_over_https_the_session_is_bound_to_this_very_host() -> None:
    app = create_app(Settings(environment="test", public_url="https://clinic.test", log_level="ERROR"))
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-interval"
    assert app.config["SESSION_COOKIE_SECURE"] is True
