"""The account with a browser: log-ins, password, PIN and tokens; setting a password by link; switching on a desk."""

import re

import pytest

from scheduler.domain.access import Role
from scheduler.operations.staff.accounts import password_link
from scheduler.operations.staff.tokens import bearer_of_secret
from scheduler.storage.rows import AuditRow
from tests.support.accounts import PASSWORD, Account, account
from tests.support.api import Api
from tests.support.entrance import Visit, problem_code, told

NEW = "four cold windows"


@pytest.fixture
def ada(api: Api) -> Account:
    return account(api.clinic)


def inside(api: Api, who: Account, password: str = PASSWORD) -> Visit:
    visit = Visit(api)
    visit.log_in(who.login, password)
    return visit


def test_a_link_sets_a_password_once_and_looking_does_not_use_it_up(api: Api, ada: Account) -> None:
    before = inside(api, ada)
    link = ada.clinic.do(lambda c: password_link(c, user_id=ada.user_id), Role.MANAGER)
    visit, path = Visit(api), f"/set-password/{link.secret}"
    pages = [visit.get(path).status_code for _ in range(2)]
    weak = visit.send(path, password="reception1", again="reception1")
    differ = visit.send(path, password=NEW, again="four cold window")
    done = visit.send(path, password=NEW, again=NEW)
    spent = visit.get(path)
    assert (pages, told(weak), told(differ)) == (
        [200, 200],
        "This password would soon be guessed.",
        "The two passwords differ.",
    )
    assert (done.location, spent.status_code, problem_code(spent)) == ("/login", 404, "link_spent")
    assert (before.who(), inside(api, ada).who(), inside(api, ada, NEW).who()) == (None, None, "reception")
    assert NEW not in weak.text + differ.text


@pytest.mark.parametrize("token", ["unknown", "x" * 300, "..%2f.."])
def test_an_unknown_link_sets_nothing(api: Api, token: str) -> None:
    assert Visit(api).get(f"/set-password/{token}").status_code == 404


def test_another_password_needs_the_old_one_and_ends_the_other_log_ins(api: Api, ada: Account) -> None:
    here, there = inside(api, ada), inside(api, ada)
    wrong = here.send("/account", "/account/password", old="no", password=NEW, again=NEW)
    assert (wrong.status_code, told(wrong)) == (422, "Name or password is not right.")
    done = here.send("/account", "/account/password", old=PASSWORD, password=NEW, again=NEW)
    assert (done.location, here.who(), there.who()) == ("/account", "reception", None)


def test_one_s_log_ins_are_shown_and_ended(api: Api, ada: Account) -> None:
    here, there = inside(api, ada), inside(api, ada)
    page = here.get("/account").text
    ends = re.findall(r'action="(/account/logins/[0-9a-f-]{36}/end)"', page)
    assert (len(ends), page.count("here</span>")) == (2, 1)
    assert here.send("/account", "/account/logins/end").location == "/account"
    assert (here.who(), there.who()) == ("reception", None)
    (own,) = re.findall(r'action="(/account/logins/[0-9a-f-]{36}/end)"', here.get("/account").text)
    here.send("/account", own)
    assert here.who() is None


def test_on_a_shared_desk_the_next_one_is_in_with_a_pin_under_the_own_name(api: Api, ada: Account) -> None:
    desk, colleague = inside(api, ada), account(api.clinic, Role.PRACTITIONER)
    for pin, said in (("123456", "This PIN would soon be guessed."), ("12", "A PIN has 6 to 12 digits.")):
        assert told(desk.send("/account", "/account/pin", old=PASSWORD, pin=pin)) == said
    assert desk.send("/account", "/account/pin", old=PASSWORD, pin="907215").location == "/account"
    desk.log_in(colleague.login)
    assert desk.who() == "practitioner"
    wrong = desk.send("/switch", user=str(ada.user_id), secret="907216")
    assert (wrong.status_code, told(wrong), desk.who()) == (422, "Name or password is not right.", "practitioner")
    done = desk.send("/switch", user=str(ada.user_id), secret="907215", next="/account")
    assert (done.location, desk.who()) == ("/account", "reception")
    assert desk.send("/switch", user=str(colleague.user_id), secret=PASSWORD).location == "/"
    assert desk.who() == "practitioner"
    with ada.database.read() as tx:
        deeds = tx.query(AuditRow.action, AuditRow.actor_id).order_by(AuditRow.number).all()[-2:]
    assert [tuple(deed) for deed in deeds] == [("logged_out", ada.user_id), ("logged_in", colleague.user_id)]


def test_on_another_device_nobody_can_switch(api: Api, ada: Account) -> None:
    visit = Visit(api)
    assert visit.get("/switch?next=/account").location == "/login?next=/account"
    refused = visit.send("/login", "/switch", user=str(ada.user_id), secret=PASSWORD)
    assert (refused.status_code, problem_code(refused), visit.who()) == (403, "not_in_today", None)


def test_a_manager_makes_sees_and_revokes_tokens(api: Api) -> None:
    lena = inside(api, account(api.clinic, Role.MANAGER))
    user_id = str(api.clinic.users[Role.RECEPTION])
    wrong = lena.send("/staff/tokens", name="kiosk", user=user_id, role="manager")
    made = lena.send("/staff/tokens", name="kiosk", user=user_id, role="reception", ends="2027-01-01")
    found = re.search(r'class="secret">(interval_[^<]+)<', made.text)
    assert (wrong.status_code, told(wrong)) == (422, "This user is not manager.")
    assert found
    with api.clinic.database.read() as tx:
        bearer = bearer_of_secret(tx, found[1], api.clock.now)
    assert bearer
    listed = lena.get("/staff/tokens").text
    assert ("kiosk" in listed, found[1] in listed) == (True, False)
    lena.send("/staff/tokens", f"/staff/tokens/{bearer.token_id}/revoke")
    with api.clinic.database.read() as tx:
        assert bearer_of_secret(tx, found[1], api.clock.now) is None


def test_nobody_else_sees_tokens(api: Api, ada: Account) -> None:
    visit = inside(api, ada)
    assert (visit.get("/staff/tokens").status_code, "/staff/tokens" in visit.get("/account").text) == (403, False)
