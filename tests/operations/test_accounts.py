"""Accounts: names, links that set a password once, PINs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, RuleBroken
from scheduler.operations.staff.accounts import (
    LINK_LASTS,
    LinkHolder,
    change_password,
    give_login,
    holder_of,
    password_link,
    set_pin,
    use_password_link,
)
from scheduler.operations.staff.attempts import attempt_switch, succeed, wrong
from scheduler.operations.staff.devices import MOST_PINS, Trusted, trusted_users
from scheduler.operations.staff.hashes import is_right, slow_hash
from scheduler.operations.staff.logins import open_login
from scheduler.storage.rows import AccountRow
from tests.support.accounts import HASH, PASSWORD, SECRET_KEY, Account, Demand, account, inside, log_in, origin
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW

NEW = "four cold windows"
NEW_HASH, PIN_HASH = slow_hash(NEW), slow_hash("907215")
LATER = NOW + timedelta(minutes=1)
TOMORROW = NOW + timedelta(hours=15)
"""Midnight in Berlin."""


@pytest.fixture
def ada(clinic: Clinic) -> Account:
    return account(clinic)


def link_for(who: Account) -> Any:
    return who.clinic.do(lambda c: password_link(c, user_id=who.user_id), Role.MANAGER)


def used(who: Account, secret: str, after: timedelta = timedelta(0)) -> LinkHolder:
    return who.database.write(lambda tx: use_password_link(tx, secret=secret, password_hash=NEW_HASH, now=NOW + after))


def test_a_link_says_whose_it_is_and_sets_a_password_once(ada: Account) -> None:
    link = link_for(ada)
    holder = LinkHolder(ada.user_id, ada.clinic.organisation_id, "reception", ada.login)
    with ada.database.read() as tx:
        assert (link.login, holder_of(tx, link.secret, NOW)) == (ada.login, holder)
    assert used(ada, link.secret) == holder
    assert log_in(ada, password=NEW).secret
    with pytest.raises(NotFound) as refused:
        used(ada, link.secret)
    assert (refused.value.code, link.secret in repr(link)) == ("link_spent", False)


def test_a_link_that_was_used_ends_every_log_in_and_the_trust_in_devices(ada: Account) -> None:
    made = log_in(ada)
    used(ada, link_for(ada).secret)
    with ada.database.read() as tx:
        assert (inside(ada, made.secret), trusted_users(tx, made.device.secret, NOW)) == (None, ())


def test_a_link_expires_and_a_newer_one_ends_it(ada: Account) -> None:
    first, second = link_for(ada).secret, link_for(ada).secret
    for secret, after in (
        (first, timedelta(0)),
        (second, LINK_LASTS),
        ("unknown", timedelta(0)),
        ("\ud800", LINK_LASTS),
    ):
        with pytest.raises(NotFound) as refused:
            used(ada, secret, after)
        assert refused.value.code == "link_spent"
    assert used(ada, second, LINK_LASTS - timedelta(seconds=1)).user_id == ada.user_id


def test_nobody_has_a_name_that_somebody_has_in_any_organisation(ada: Account) -> None:
    elsewhere = open_clinic(ada.database)
    with pytest.raises(RuleBroken) as refused:
        elsewhere.do(
            lambda c: give_login(c, user_id=elsewhere.users[Role.RECEPTION], login=ada.login.upper()), Role.MANAGER
        )
    assert refused.value.code == "login_taken"


def test_somebody_without_a_name_gets_no_link(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refused:
        clinic.do(lambda c: password_link(c, user_id=clinic.users[Role.RECEPTION]), Role.MANAGER)
    assert refused.value.code == "no_login"


@pytest.mark.parametrize("deed", [password_link, lambda c, user_id: give_login(c, user_id=user_id, login="ada.b")])
def test_only_a_manager_of_the_same_organisation_gives_names_and_links(ada: Account, deed: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed):
        ada.clinic.do(lambda c: deed(c, user_id=ada.user_id))
    with pytest.raises(NotFound):
        open_clinic(ada.database).do(lambda c: deed(c, user_id=ada.user_id), Role.MANAGER)


def test_another_password_ends_every_log_in(ada: Account) -> None:
    here, there = log_in(ada), log_in(ada)
    ada.clinic.do(lambda c: change_password(c, password_hash=NEW_HASH))
    assert [inside(ada, made.secret) for made in (here, there)] == [None, None]
    assert log_in(ada, password=NEW).secret
    with pytest.raises(Invalid):
        log_in(ada, password=PASSWORD)


def with_pin(ada: Account) -> Account:
    ada.clinic.do(lambda c: set_pin(c, pin_hash=PIN_HASH))
    return ada


def switched(who: Account, secret: str, device: str, now: Any = LATER) -> Any:
    come_from = origin(device)

    attempt = who.database.write(lambda tx: attempt_switch(tx, who.user_id, secret, come_from, SECRET_KEY, now))
    if not is_right(attempt.kept, secret):
        raise wrong()

    def work(tx: Any) -> Any:
        user_id, on = succeed(tx, attempt, come_from, now)
        return open_login(tx, user_id, on, Demand.NOBODY, now)

    return who.database.write(work)


def test_on_a_shared_desk_a_pin_or_the_password_lets_in_who_was_in_today(ada: Account) -> None:
    desk = log_in(with_pin(ada)).device
    colleague = account(ada.clinic, Role.PRACTITIONER)
    log_in(colleague, device=desk.secret)
    with ada.database.read() as tx:
        assert trusted_users(tx, desk.secret, LATER) == (
            Trusted(colleague.user_id, "practitioner", False),
            Trusted(ada.user_id, "reception", True),
        )
    for secret in ("907215", PASSWORD):
        made = switched(ada, secret, desk.secret)
        found = inside(ada, made.secret, LATER)
        assert (found and found.actor.user_id, made.device) == (ada.user_id, desk)
    there = inside(colleague, switched(colleague, PASSWORD, desk.secret).secret, LATER)
    assert there
    assert there.actor.user_id == colleague.user_id


@pytest.mark.parametrize("now", [TOMORROW, TOMORROW + timedelta(hours=8)])
def test_the_next_day_a_pin_is_nothing(ada: Account, now: Any) -> None:
    desk = log_in(with_pin(ada)).device
    assert switched(ada, "907215", desk.secret, TOMORROW - timedelta(seconds=1))
    desk = log_in(ada).device
    with ada.database.read() as tx:
        assert trusted_users(tx, desk.secret, now) == ()
    with pytest.raises(NotAllowed) as refused:
        switched(ada, "907215", desk.secret, now)
    assert refused.value.code == "not_in_today"


@pytest.mark.parametrize("device", ["unknown", None, ""])
def test_a_pin_is_nothing_on_another_device(ada: Account, device: str | None) -> None:
    log_in(with_pin(ada))
    with pytest.raises(NotAllowed):
        switched(ada, "907215", device or "")


def test_five_wrong_pins_leave_only_the_password(ada: Account) -> None:
    desk = log_in(with_pin(ada)).device.secret
    for _ in range(MOST_PINS):
        with pytest.raises(Invalid):
            switched(ada, "111222", desk)
    with pytest.raises(NotAllowed) as refused:
        switched(ada, "907215", desk)
    assert refused.value.code == "pin_locked"
    wait = LATER + timedelta(minutes=5)
    assert switched(ada, PASSWORD, desk, wait)
    assert switched(ada, "907215", desk, wait)


def test_a_pin_is_no_password(ada: Account) -> None:
    with_pin(ada)
    with pytest.raises(Invalid):
        log_in(ada, password="907215")


def test_what_is_kept_of_secrets_are_hashes(ada: Account) -> None:
    with_pin(ada)
    with ada.database.read() as tx:
        row = tx.get_one(AccountRow, ada.user_id)
        assert (row.password_hash, row.pin_hash, row.login) == (HASH, PIN_HASH, ada.login)
