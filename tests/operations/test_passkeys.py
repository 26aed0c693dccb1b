"""Passkeys: a second factor like the app's codes, bound to one site, one question and one user."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.logins import Stage
from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.operations.staff.accounts import secrets_of
from scheduler.operations.staff.colleagues import end_account, get_colleague
from scheduler.operations.staff.passkey_questions import Question, Site, site_of
from scheduler.operations.staff.passkeys import (
    LONGEST_NAME,
    MOST_PASSKEYS,
    add_passkey,
    begin_passkey,
    check_passkey,
    list_passkeys,
    passkey_name,
    passkey_question,
    remove_passkey,
)
from scheduler.operations.staff.second_factors import check_second_factor, remove_app, remove_second_factor
from scheduler.storage.rows import AuditRow, PasskeyRow
from tests.support.accounts import LINK_KEY, Account, account, enrolled, log_in
from tests.support.authenticator import SITE, SecurityKey
from tests.support.clinic import Clinic
from tests.support.rows import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ada(clinic: Clinic) -> Account:
    return account(clinic, Role.RECEPTION)


def begun(who: Account) -> Question:
    return who.database.write(lambda tx: begin_passkey(who.context(tx, NOW), SITE))


def kept(who: Account, key: SecurityKey, asked: Question | None = None) -> tuple[str, ...]:
    asked = asked or begun(who)
    told = {"challenge": asked.challenge, "name": "Blue key", "answer": key.made(asked)}
    return who.database.write(lambda tx: add_passkey(who.context(tx, NOW), LINK_KEY, site=SITE, **told))


def question(who: Account) -> Question:
    with who.database.read() as tx:
        asked = passkey_question(tx, who.user_id, SITE)
    assert asked
    return asked


def right(who: Account, answer: str, asked: Question) -> bool:
    told = {"challenge": asked.challenge, "answer": answer, "now": LATER}
    try:
        who.database.write(lambda tx: check_passkey(tx, who.user_id, site=SITE, **told))
    except Invalid as refusal:
        return refusal.code != "passkey_wrong"
    return True


def shows(who: Account, key: SecurityKey) -> bool:
    asked = question(who)
    return right(who, key.shown(asked), asked)


def test_a_passkey_is_a_second_factor_and_brings_recovery_codes(ada: Account) -> None:
    codes = kept(ada, SecurityKey())
    with ada.database.read() as tx:
        secrets = secrets_of(ada.context(tx, NOW))
        told = get_colleague(account(ada.clinic, Role.MANAGER).context(tx, NOW), user_id=ada.user_id)
    assert (len(codes), secrets.has_app, secrets.has_second_factor, secrets.recovery_codes) == (10, False, True, 10)
    assert (told.has_second_factor, log_in(ada).stage) == (True, Stage.CODE)
    ada.database.write(lambda tx: check_second_factor(tx, ada.user_id, codes[0], LINK_KEY, LATER))


def test_with_an_app_there_are_recovery_codes_already_and_the_other_way_round(ada: Account) -> None:
    enrolled(ada)
    assert kept(ada, SecurityKey()) == ()
    other = account(ada.clinic, Role.PRACTITIONER)
    kept(other, SecurityKey())
    assert enrolled(other)[1] == ()


def test_what_was_made_is_shown_and_says_when(ada: Account) -> None:
    key = SecurityKey()
    kept(ada, key)
    assert shows(ada, key)
    with ada.database.read() as tx:
        (found,) = list_passkeys(ada.context(tx, LATER))
    assert (found.name, found.made_at, found.last_used_at) == ("Blue key", NOW, LATER)


def test_the_browser_is_told_what_there_is(ada: Account) -> None:
    key = SecurityKey()
    kept(ada, key)
    told, again = json.loads(question(ada).options), json.loads(begun(ada).options)
    known = {"id": json.loads(key.made(question(ada)))["id"], "type": "public-key", "transports": ["usb"]}
    assert (told["rpId"], told["allowCredentials"]) == ("clinic.example", [known])
    assert (again["rp"]["id"], again["excludeCredentials"], again["user"]["name"]) == (
        "clinic.example",
        [known],
        ada.login,
    )


def test_an_answer_to_another_question_is_wrong(ada: Account) -> None:
    key = SecurityKey()
    kept(ada, key)
    earlier, asked = question(ada), question(ada)
    assert (right(ada, key.shown(earlier), asked), right(ada, key.shown(asked), asked)) == (False, True)


@pytest.mark.parametrize(
    "elsewhere", [Site("clinic.example", "https://evil.example"), Site("evil.example", "https://clinic.example")]
)
def test_a_passkey_shown_on_another_site_is_wrong_and_so_is_one_made_there(ada: Account, elsewhere: Site) -> None:
    key = SecurityKey()
    kept(ada, key)
    assert shows(ada, replace(key, site=elsewhere)) is False
    with pytest.raises(Invalid):
        kept(ada, SecurityKey(elsewhere))


def test_a_signature_of_another_key_is_wrong(ada: Account) -> None:
    key = SecurityKey()
    kept(ada, key)
    assert shows(ada, SecurityKey(id=key.id)) is False


def test_a_count_that_does_not_go_on_is_a_copy_and_refused(ada: Account) -> None:
    key = SecurityKey()
    kept(ada, key.counting(3))
    assert [shows(ada, key.counting(count)) for count in (4, 4, 3, 0, 2**32 - 1)] == [True, False, False, False, True]


def test_another_s_passkey_is_nothing(ada: Account) -> None:
    hers, his = SecurityKey(), SecurityKey()
    other = account(ada.clinic, Role.PRACTITIONER)
    kept(ada, hers)
    kept(other, his)
    assert (shows(ada, his), shows(other, hers)) == (False, False)
    with pytest.raises(RuleBroken) as refused:
        kept(other, hers)
    assert refused.value.code == "passkey_taken"


@pytest.mark.parametrize("answer", ["", "[]", "{}", "[" * 60_000, "\ud800", '{"id": "x", "rawId": 7}', "null"])
def test_anything_else_is_wrong(ada: Account, answer: str) -> None:
    kept(ada, SecurityKey())
    asked = begun(ada)
    assert right(ada, answer, question(ada)) is False
    told = {"challenge": asked.challenge, "name": "x", "answer": answer}
    with pytest.raises(Invalid):
        ada.database.write(lambda tx: add_passkey(ada.context(tx, NOW), LINK_KEY, site=SITE, **told))


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_a_part_that_was_changed_is_wrong(ada: Account, part: str) -> None:
    key = SecurityKey()
    kept(ada, key)
    asked = question(ada)
    told = json.loads(key.shown(asked))
    for changed in (told["response"][part][:-8], "AAAA", "%", 7):
        assert right(ada, json.dumps(told | {"response": told["response"] | {part: changed}}), asked) is False


def test_a_removed_passkey_no_longer_works_and_takes_the_last_recovery_codes_along(ada: Account) -> None:
    first, second = SecurityKey(), SecurityKey()
    codes = kept(ada, first)
    kept(ada, second)
    asked = question(ada)
    one, two = (key.id for key in ada.clinic.do(list_passkeys, Role.RECEPTION))
    ada.clinic.do(lambda c: remove_passkey(c, passkey_id=one), Role.RECEPTION)
    assert [right(ada, key.shown(asked), asked) for key in (first, second)] == [False, True]
    ada.clinic.do(lambda c: remove_passkey(c, passkey_id=two), Role.RECEPTION)
    assert log_in(ada).stage is Stage.OPEN
    with pytest.raises(Invalid):
        ada.database.write(lambda tx: check_second_factor(tx, ada.user_id, codes[0], LINK_KEY, LATER))


def test_the_app_goes_and_the_passkey_stays(ada: Account) -> None:
    enrolled(ada)
    kept(ada, SecurityKey())
    ada.clinic.do(remove_app, Role.RECEPTION)
    with ada.database.read() as tx:
        secrets = secrets_of(ada.context(tx, NOW))
    assert (secrets.has_app, secrets.has_second_factor, secrets.recovery_codes) == (False, True, 10)


def test_nobody_removes_another_s_passkey_or_one_that_never_was(ada: Account) -> None:
    kept(ada, SecurityKey())
    (found,) = ada.clinic.do(list_passkeys, Role.RECEPTION)
    account(ada.clinic, Role.MANAGER)
    for role, passkey_id in ((Role.MANAGER, found.id), (Role.RECEPTION, uuid4())):
        with pytest.raises(NotFound):
            ada.clinic.do(lambda c, of=passkey_id: remove_passkey(c, passkey_id=of), role)  # type: ignore[misc]
    assert log_in(ada).stage is Stage.CODE


@pytest.mark.parametrize("deed", [remove_second_factor, end_account])
def test_a_manager_s_reset_and_an_ended_account_take_passkeys_too(ada: Account, deed: object) -> None:
    kept(ada, SecurityKey())
    ada.clinic.do(lambda c: deed(c, user_id=ada.user_id), Role.MANAGER)  # type: ignore[operator]
    with ada.database.read() as tx:
        assert tx.scalars(select(PasskeyRow).where(PasskeyRow.user_id == ada.user_id)).all() == []


def test_there_are_so_many_and_no_more(ada: Account) -> None:
    for _ in range(MOST_PASSKEYS):
        kept(ada, SecurityKey())
    with pytest.raises(RuleBroken) as refused:
        begun(ada)
    assert refused.value.code == "passkeys_full"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x00", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_says_nothing_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        passkey_name(name)


def test_what_was_done_is_in_the_audit_trail(ada: Account) -> None:
    kept(ada, SecurityKey())
    (found,) = ada.clinic.do(list_passkeys, Role.RECEPTION)
    ada.clinic.do(lambda c: remove_passkey(c, passkey_id=found.id), Role.RECEPTION)
    query = select(AuditRow.action, AuditRow.facts).where(AuditRow.action.like("passkey%")).order_by(AuditRow.number)
    with ada.database.read() as tx:
        rows = tx.execute(query.where(AuditRow.about_id == ada.user_id)).all()
    told = {"passkey_id": str(found.id)}
    assert [tuple(row) for row in rows] == [("passkey_added", told), ("passkey_removed", told)]


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://clinic.example", Site("clinic.example", "https://clinic.example")),
        ("https://Clinic.Example:443/desk", Site("clinic.example", "https://clinic.example")),
        ("http://localhost:8000", Site("localhost", "http://localhost:8000")),
    ],
)
def test_an_origin_is_spelled_as_browsers_do(address: str, site: Site) -> None:
    assert site_of(address) == site
