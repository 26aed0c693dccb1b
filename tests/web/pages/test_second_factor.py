"""The second factor with a browser: set up on the way in or by choice, asked for, recovered and removed."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from scheduler.domain.throttling import PACES, Guarded
from tests.support.accounts import Account, account
from tests.support.api import Api, api_of, database_of
from tests.support.entrance import Visit, told

STEP = timedelta(seconds=30)


@pytest.fixture
def strict(module_database_url: str) -> Iterator[Api]:
    """An application that demands a second factor of managers."""
    api = api_of(module_database_url, second_factor="managers")
    yield api
    database_of(api.app).dispose()


@pytest.fixture
def lena(strict: Api) -> Account:
    return account(strict.clinic, Role.MANAGER)


def app_on(page: TestResponse) -> pyotp.TOTP:
    found = re.search(r'class="secret">([^<]+)<', page.text)
    assert found
    return pyotp.TOTP(found[1].replace(" ", ""))


def codes_on(page: TestResponse) -> list[str]:
    return [html.unescape(code) for code in re.findall(r"<li><code>([^<]+)</code>", page.text)]


def set_up(visit: Visit, who: Account) -> tuple[pyotp.TOTP, list[str]]:
    """Somebody in, with the app and the recovery codes; the step of the code has passed."""
    sent = visit.log_in(who.login, next="/account").location
    app = app_on(visit.get(sent))
    done = visit.send(sent, "/login/second-factor", code=app.at(visit.api.clock.now), next="/account")
    visit.api.clock.pass_time(2 * STEP)
    return app, codes_on(done)


def test_a_manager_sets_it_up_on_the_way_in_and_sees_nothing_before(strict: Api, lena: Account) -> None:
    visit = Visit(strict)
    answer = visit.log_in(lena.login, next="/account")
    assert answer.location == "/login/second-factor?next=/account"
    assert visit.who() is None
    page = visit.get(answer.location)
    assert ("<svg" in page.text, "style=" in page.text) == (True, False)
    wrong = visit.send(answer.location, "/login/second-factor", code="000000", next="/account")
    assert (wrong.status_code, told(wrong)) == (422, "This code is not right, or was used before.")
    code = app_on(page).at(strict.clock.now)
    done = visit.send(answer.location, "/login/second-factor", code=code, next="/account")
    assert (done.status_code, len(codes_on(done)), 'href="/account"' in done.text) == (200, 10, True)
    assert visit.who() == "manager"


def test_whoever_need_not_have_one_is_in_with_the_password(strict: Api) -> None:
    visit = Visit(strict)
    assert visit.log_in(account(strict.clinic).login).location == "/"


def test_the_code_is_asked_for_once_a_day_on_each_browser(strict: Api, lena: Account) -> None:
    first = Visit(strict)
    app, _ = set_up(first, lena)
    first.send("/account", "/logout")
    assert first.log_in(lena.login).location == "/"
    other = Visit(strict)
    assert other.log_in(lena.login, next="/account").location == "/login/code?next=/account"
    assert other.who() is None
    code = app.at(strict.clock.now)
    before = other.cookie("interval")
    assert other.send("/login/code", code=code, next="/account").location == "/account"
    assert (other.who(), other.cookie("interval") == before) == ("manager", False)
    third = Visit(strict)
    third.log_in(lena.login)
    again = third.send("/login/code", code=code)
    assert (again.status_code, told(again)) == (422, "This code is not right, or was used before.")


def test_a_code_leads_nowhere_else(strict: Api, lena: Account) -> None:
    app, _ = set_up(Visit(strict), lena)
    visit = Visit(strict)
    assert visit.log_in(lena.login, next="//elsewhere.example").location == "/login/code?next=/"
    assert visit.send("/login/code", code=app.at(strict.clock.now), next="//elsewhere.example").location == "/"


def test_a_recovery_code_lets_in_once(strict: Api, lena: Account) -> None:
    _, codes = set_up(Visit(strict), lena)
    seen = []
    for _ in range(2):
        visit = Visit(strict)
        visit.log_in(lena.login)
        visit.send("/login/code", code=codes[0])
        seen.append(visit.who())
    assert seen == ["manager", None]


def test_codes_cannot_be_tried_at_will(strict: Api, lena: Account) -> None:
    app, _ = set_up(Visit(strict), lena)
    visit = Visit(strict)
    visit.log_in(lena.login)
    tries = [visit.send("/login/code", code="000000").status_code for _ in range(PACES[Guarded.CODE].free + 2)]
    assert tries == [422] * (PACES[Guarded.CODE].free + 1) + [429]
    late = visit.send("/login/code", code=app.at(strict.clock.now))
    assert (late.status_code, late.headers["Retry-After"]) == (429, "1")


@pytest.mark.parametrize("path", ["/login/code", "/login/second-factor"])
def test_nobody_is_asked_for_a_code_who_gave_no_password(strict: Api, path: str) -> None:
    visit = Visit(strict)
    assert visit.get(path).location == "/login?next=/"
    assert visit.send("/login", path, code="123456").location == "/login?next=/"


def test_one_may_be_set_up_by_choice_and_removed_with_a_code(api: Api) -> None:
    ada = account(api.clinic)
    visit = Visit(api)
    visit.log_in(ada.login)
    assert visit.send("/account", "/account/second-factor/begin").location == "/account/second-factor"
    app = app_on(visit.get("/account/second-factor"))
    assert len(codes_on(visit.send("/account/second-factor", code=app.at(api.clock.now)))) == 10
    assert "10 recovery codes are left" in visit.get("/account").text
    api.clock.pass_time(2 * STEP)
    assert len(codes_on(visit.send("/account", "/account/recovery-codes", code=app.at(api.clock.now)))) == 10
    wrong = visit.send("/account", "/account/second-factor/remove", code="000000")
    assert (wrong.status_code, told(wrong)) == (422, "This code is not right, or was used before.")
    api.clock.pass_time(2 * STEP)
    assert visit.send("/account", "/account/second-factor/remove", code=app.at(api.clock.now)).location == "/account"
    assert Visit(api).log_in(ada.login).location == "/"
