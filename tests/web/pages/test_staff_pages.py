"""The staff's pages with a browser: somebody added, changed, let in and ended; what is refused stands by its field."""

import re
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from tests.support.accounts import Account, account
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.entrance import Visit

PASSWORD = "four cold windows"


@pytest.fixture
def lena(api: Api) -> Browser:
    return Browser(api, Role.MANAGER)


@pytest.fixture
def ada(api: Api) -> Account:
    return account(api.clinic)


def test_somebody_new_sets_a_password_with_the_link_and_is_in(api: Api, lena: Browser) -> None:
    login = f"sian.{api.clinic.organisation_id}@clinic.example"
    page = lena.post("/staff", name="Siân Hughes", login=login, roles=["reception", "practitioner"])
    found = re.search(r'value="http://localhost:8000(/set-password/[^"]+)"', page.text)
    assert found
    visit = Visit(api)
    visit.send(found[1], password=PASSWORD, again=PASSWORD)
    visit.log_in(login, PASSWORD)
    listed = lena.get("/staff").text
    assert (visit.who(), "Siân Hughes" in listed, login in listed) == ("Siân Hughes", True, True)
    assert "/set-password/" not in listed


def test_what_is_missing_is_told_beside_its_field_and_what_was_typed_stays(lena: Browser) -> None:
    answer = lena.post("/staff", name="Siân Hughes", login="sian@clinic.example")
    assert (answer.status_code, "<title>Error: Add somebody" in answer.text) == (422, True)
    assert ('id="new-roles-fault"' in answer.text, 'value="Siân Hughes"' in answer.text) == (True, True)


def test_name_and_roles_are_changed(lena: Browser, ada: Account) -> None:
    path = f"/staff/{ada.user_id}"
    assert lena.post(path, name="Siân", roles=["manager", "reception"]).location == path
    page = lena.get(path).text
    assert ('<h1 dir="auto">Siân</h1>' in page, page.count(" checked>")) == (True, 2)


def test_managers_cannot_take_their_own_role_away(api: Api, lena: Browser) -> None:
    path = f"/staff/{api.clinic.users[Role.MANAGER]}"
    answer = lena.post(path, name="Lena", roles=["reception"])
    assert (answer.status_code, 'id="who-roles-fault"' in answer.text) == (409, True)
    assert "End the account…" not in answer.text
    assert lena.post(f"{path}/end").status_code == 409


def test_an_account_is_ended_after_a_look_at_what_goes_with_it(api: Api, lena: Browser, ada: Account) -> None:
    visit, path = Visit(api), f"/staff/{ada.user_id}"
    visit.log_in(ada.login)
    assert "out on every device" in lena.get(f"{path}/end").text
    assert lena.post(f"{path}/end").location == path
    assert (visit.who(), Visit(api).log_in(ada.login).status_code) == (None, 422)
    lena.post(f"{path}/take-back")
    assert "/set-password/" in lena.post(f"{path}/link").text


def test_a_colleague_s_log_ins_and_devices_are_shown_and_ended(api: Api, lena: Browser, ada: Account) -> None:
    visit, path = Visit(api), f"/staff/{ada.user_id}"
    visit.log_in(ada.login)
    page = lena.get(path).text
    (forget,) = re.findall(rf'formaction="({path}/devices/[0-9a-f-]+/forget)"', page)
    (end,) = re.findall(rf'formaction="({path}/logins/[0-9a-f-]+/end)"', page)
    assert [lena.post(forget).location, lena.post(end).location] == [path, path]
    assert visit.who() is None
    assert lena.post(f"{path}/logins/end").location == path
    assert lena.post(f"{path}/second-factor/remove").location == path


def test_a_name_that_somebody_has_is_refused_beside_its_field(api: Api, lena: Browser, ada: Account) -> None:
    other: UUID = api.clinic.users[Role.PRACTITIONER]
    answer = lena.post(f"/staff/{other}/login", login=ada.login)
    assert (answer.status_code, 'id="login-login-fault"' in answer.text) == (409, True)
