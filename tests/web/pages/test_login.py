"""Logging in with a browser: the way in and out, what is refused, and what the cookies are like."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from scheduler.domain.logins import IDLE_END
from scheduler.domain.throttling import PACES, Guarded
from scheduler.operations.staff import hashes
from scheduler.storage.rows import AuditRow, LoginRow
from tests.support.accounts import PASSWORD, Account, account
from tests.support.api import Api, Clock, api_of, database_of
from tests.support.clinic import open_clinic
from tests.support.entrance import Visit, problem_code, told

MINUTE = timedelta(minutes=1)
SET_COOKIE = "Set-Cookie"


@pytest.fixture
def ada(api: Api) -> Account:
    return account(api.clinic)


@pytest.fixture
def visit(api: Api) -> Visit:
    return Visit(api)


def test_somebody_who_is_not_in_is_asked_who_is_there_and_comes_back(ada: Account, visit: Visit) -> None:
    asked = visit.get("/account?from=here")
    assert (asked.status_code, asked.location) == (303, "/login?next=/account%3Ffrom%3Dhere")
    page = visit.get(asked.location)
    assert 'name="next" value="/account?from=here"' in page.text
    done = visit.log_in(ada.login, next="/account?from=here")
    assert (done.status_code, done.location, visit.who()) == (303, "/account?from=here", "reception")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//elsewhere.example",
        "https://elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/%0d%0aLocation: x\r\nx",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "",
        " //elsewhere.example",
    ],
)
def test_nobody_is_sent_elsewhere_after_logging_in(ada: Account, visit: Visit, elsewhere: str) -> None:
    assert visit.log_in(ada.login, next=elsewhere).location == "/"
    page = Visit(visit.api).client.get("/login", query_string={"next": elsewhere})
    assert 'name="next" value=""' in page.text


def test_a_forged_host_leads_nowhere(ada: Account, api: Api) -> None:
    visit = Visit(api, base="http://evil.example")
    answers = [visit.get("/account", **{"X-Forwarded-Host": "evil.example"}), visit.log_in(ada.login)]
    assert [answer.location for answer in answers] == ["/login?next=/account", "/"]
    assert "evil" not in "".join(answer.text + str(answer.headers) for answer in answers)


@pytest.mark.parametrize(
    ("login", "password"),
    [("{}", "three warm lampS"), ("nobody", PASSWORD), ("", ""), ("\0", "three warm lampS"), ("{}", "")],
)
def test_a_wrong_name_and_a_wrong_password_get_one_answer(
    ada: Account, visit: Visit, login: str, password: str
) -> None:
    answer = visit.log_in(login.format(ada.login), password)
    assert (answer.status_code, told(answer)) == (422, "Name or password is not right.")
    assert password == "" or password not in answer.text
    assert visit.who() is None


def test_a_hash_is_computed_whether_or_not_the_name_is_known(
    ada: Account, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | None] = []

    def is_right(kept: str | None, secret: str) -> bool:
        compared.append(kept)
        return hashes.is_right(kept, secret)

    monkeypatch.setattr("scheduler.web.pages.login_steps.is_right", is_right)
    visit.log_in(ada.login, "wrong")
    visit.log_in("nobody", "wrong")
    assert [bool(kept) for kept in compared] == [True, False]


def test_too_many_attempts_wait_and_nothing_is_hashed_meanwhile(
    ada: Account, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(PACES[Guarded.STRANGER].free + 1):
        assert visit.log_in(ada.login, "wrong").status_code == 422
    monkeypatch.setattr("scheduler.web.pages.login_steps.is_right", None)
    answer = visit.log_in(ada.login)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert told(answer) == "There were too many attempts in a short time."
    monkeypatch.undo()
    visit.api.clock.pass_time(timedelta(seconds=1))
    assert visit.log_in(ada.login).status_code == 303


def test_logging_in_gives_a_new_session_whatever_was_in_the_old_one(ada: Account, visit: Visit) -> None:
    visit.get("/login")
    before = visit.cookie("interval")
    with visit.client.session_transaction(base_url=visit.base) as session:
        session.update(login="planted by somebody", csrf_token="planted", theme="dark")
    visit.log_in(ada.login)
    with visit.client.session_transaction(base_url=visit.base) as session:
        kept = dict(session)
    assert kept["login"] != "planted by somebody"
    assert (kept.get("csrf_token"), kept["theme"], visit.cookie("interval") == before) == (None, "dark", False)


def test_whoever_was_in_with_this_browser_is_out_when_somebody_else_logs_in(ada: Account, visit: Visit) -> None:
    manager = account(ada.clinic, Role.MANAGER)
    visit.log_in(manager.login)
    visit.log_in(ada.login)
    with ada.database.read() as tx:
        ended = {row.user_id: row.ended_at is not None for row in tx.scalars(select(LoginRow))}
    assert (ended[manager.user_id], ended[ada.user_id], visit.who()) == (True, False, "reception")


def test_a_form_that_no_page_of_ours_made_is_refused(ada: Account, visit: Visit) -> None:
    visit.get("/login")
    for token in ({}, {"csrf_token": "guessed"}, {"csrf_token": ""}):
        answer = visit.send_as_it_is("/login", login=ada.login, password=PASSWORD, **token)
        assert (answer.status_code, problem_code(answer)) == (400, "page_too_old")
    assert visit.who() is None


def test_another_browser_s_form_is_refused(ada: Account, visit: Visit) -> None:
    found = re.search(r'csrf_token" value="([^"]+)"', Visit(visit.api).get("/login").text)
    assert found
    visit.get("/login")
    answer = visit.send_as_it_is("/login", login=ada.login, password=PASSWORD, csrf_token=found[1])
    assert answer.status_code == 400


def test_a_form_from_before_logging_in_does_nothing_afterwards(ada: Account, visit: Visit) -> None:
    found = re.search(r'csrf_token" value="([^"]+)"', visit.get("/login").text)
    assert found
    visit.log_in(ada.login)
    assert visit.send_as_it_is("/logout", csrf_token=found[1]).status_code == 400
    assert visit.who() == "reception"


def test_logging_out_is_for_good(ada: Account, visit: Visit) -> None:
    visit.log_in(ada.login)
    stolen = visit.cookie("interval")
    assert stolen
    assert visit.send("/account", "/logout").location == "/login"
    assert visit.who() is None
    thief = Visit(visit.api)
    thief.client.set_cookie("interval", stolen, domain="localhost")
    assert thief.who() is None


def test_a_log_in_ends_without_use_and_lasts_with_it_and_polling_is_no_use(ada: Account, visit: Visit) -> None:
    visit.log_in(ada.login)
    half = IDLE_END / 2 + MINUTE
    visit.api.clock.pass_time(half)
    assert visit.who() == "reception"
    visit.api.clock.pass_time(half)
    assert visit.get("/account", **{"If-None-Match": 'W/"x"'}).status_code == 200
    visit.api.clock.pass_time(half)
    assert visit.who() is None


@pytest.mark.parametrize(
    ("settings", "prefix", "secure"),
    [({}, "", False), ({"public_url": "https://clinic.test"}, "__Host-", True)],
)
def test_cookies_are_as_closed_as_the_address_allows(
    database_url: str, settings: dict[str, str], prefix: str, secure: bool
) -> None:
    api = api_of(database_url, **settings)
    base = settings.get("public_url", "http://localhost:8000")
    answer = Visit(api, base=base).log_in(account(api.clinic).login)
    cookies = {line.split("=")[0]: set(line.split("; ")[1:]) for line in answer.headers.getlist(SET_COOKIE)}
    assert set(cookies) == {prefix + "interval", prefix + "interval-device"}
    for flags in cookies.values():
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= flags
        assert ("Secure" in flags, any(flag.startswith("Domain") for flag in flags)) == (secure, False)
    assert any(flag.startswith("Max-Age") for flag in cookies[prefix + "interval-device"])
    database_of(api.app).dispose()


def test_no_secret_is_logged(ada: Account, visit: Visit, capfd: pytest.CaptureFixture[str]) -> None:
    visit.log_in(ada.login, "a wrong one")
    visit.log_in(ada.login)
    visit.get("/account")
    said = "".join(capfd.readouterr())
    assert (PASSWORD in said, "a wrong one" in said, ada.login in said) == (False, False, False)


def test_the_audit_trail_names_whoever_was_in(ada: Account, visit: Visit) -> None:
    visit.log_in(ada.login)
    visit.send("/account", "/logout")
    with ada.database.read() as tx:
        query = select(AuditRow.action).where(AuditRow.actor_id == ada.user_id).order_by(AuditRow.number)
        assert list(tx.scalars(query)) == ["logged_in", "logged_out"]


@pytest.mark.parametrize(("address", "warned"), [("http://desk.lan", True), ("https://clinic.test", False)])
def test_in_production_a_plain_address_lets_in_and_is_warned_of(database_url: str, address: str, warned: bool) -> None:
    keys = {"secret_key": "qW3eR5tY7uI9oP1aS2dF4gH6jK8lZ0xC", "link_key": "mN1bV3cX5zA7sD9fG2hJ4kL6qW8eR0tY"}
    clock = Clock()
    app = create_app(
        Settings(environment="production", database_url=database_url, public_url=address, log_level="ERROR", **keys),
        clock,
    )
    api = Api(app, open_clinic(database_of(app)), clock)
    visit = Visit(api, base=address)
    assert ("not encrypted" in visit.get("/login").text) is warned
    visit.log_in(account(api.clinic).login)
    assert visit.who() == "reception"
    database_of(app).dispose()
