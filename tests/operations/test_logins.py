"""Logging in with name and password: counted first, the same for everybody, and ended everywhere."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from scheduler.domain.access import Actor, Role
from scheduler.domain.logins import ABSOLUTE_END, IDLE_END, Stage
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.domain.throttling import PACES, Guarded, TooSoon
from scheduler.operations.staff.attempts import attempt_login, succeed
from scheduler.operations.staff.ending import end_everywhere, end_login, list_logins
from scheduler.operations.staff.hashes import digest
from scheduler.operations.staff.logins import LoggedIn, keep_alive, log_out
from scheduler.storage.rows import AuditRow, LoginRow, UserRoleRow, UserRow
from tests.support.accounts import PASSWORD, SECRET_KEY, Account, account, attempted, inside, log_in, origin
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def ada(clinic: Clinic) -> Account:
    return account(clinic)


def deeds(who: Account) -> list[tuple[str, UUID]]:
    query = select(AuditRow.action, AuditRow.actor_id).where(AuditRow.about_id == who.user_id).order_by(AuditRow.number)
    with who.database.read() as tx:
        return [tuple(row) for row in tx.execute(query)]


def test_name_and_password_let_in_with_every_role_of_the_user(ada: Account) -> None:
    ada.database.write(lambda tx: tx.add(UserRoleRow(user_id=ada.user_id, role=Role.MANAGER)))
    made = log_in(ada)
    actor = Actor(ada.user_id, ada.clinic.organisation_id, "reception", frozenset({Role.RECEPTION, Role.MANAGER}))
    assert inside(ada, made.secret) == LoggedIn(made.id, actor, ada.login, Stage.OPEN, made.device.id, NOW)
    assert deeds(ada)[-1] == ("logged_in", ada.user_id)


def test_no_secret_is_kept(ada: Account) -> None:
    made = log_in(ada)
    with ada.database.read() as tx:
        row = tx.get_one(LoginRow, made.id)
        kept = " ".join(str(value) for value in vars(row).values())
    assert row.token_hash == digest(made.secret)
    assert (made.secret in kept, made.secret in repr(made)) == (False, False)


def test_every_log_in_has_a_secret_of_its_own(ada: Account) -> None:
    one = log_in(ada)
    other = log_in(ada, device=one.device.secret)
    assert (one.secret == other.secret, one.id == other.id, one.device == other.device) == (False, False, True)


def test_a_device_secret_that_came_from_outside_is_not_taken_over(ada: Account) -> None:
    assert log_in(ada, device="chosen by somebody else").device.secret != "chosen by somebody else"


@pytest.mark.parametrize("change", [{"active": False}, {}])
def test_wrong_password_unknown_name_and_somebody_who_has_left_get_one_answer(
    ada: Account, change: dict[str, Any]
) -> None:
    told = []
    if change:
        ada.database.write(lambda tx: tx.execute(update(UserRow).where(UserRow.id == ada.user_id).values(**change)))
    for login, password in ((ada.login, "three warm lampS"), ("nobody@clinic.example", PASSWORD), ("\0", PASSWORD)):
        with pytest.raises(Invalid) as refused:
            attempted(Account(ada.database, ada.clinic, ada.user_id, login, ada.role), password, origin())
        told.append((refused.value.code, refused.value.detail, refused.value.remedy, refused.value.facts))
    assert (len(set(map(str, told))), told[0][0]) == (1, "login_wrong")
    if change:
        with pytest.raises(Invalid):
            attempted(ada, PASSWORD, origin())


def test_a_name_is_found_however_it_was_typed(ada: Account) -> None:
    shouted = Account(ada.database, ada.clinic, ada.user_id, f" {ada.login.upper()} ", ada.role)
    assert inside(ada, log_in(shouted).secret) is not None


def waits(who: Account, **come_from: Any) -> int | None:
    """The seconds to wait before a name may be tried again from there, or ``None``."""
    try:
        who.database.write(lambda tx: attempt_login(tx, who.login, origin(**come_from), SECRET_KEY, NOW))
    except TooSoon as refused:
        seconds: int = refused.facts["retry_after_seconds"]
        return seconds
    return None


def test_a_stranger_who_guesses_waits_and_whoever_was_in_on_a_device_does_not(ada: Account) -> None:
    known = log_in(ada)
    guesses = [waits(ada, address=f"192.0.2.{n}") for n in range(PACES[Guarded.STRANGER].free + 3)]
    assert guesses[-2:] == [1, 1]
    assert waits(ada, device_secret="unknown") == 1
    assert waits(ada, device_secret=known.device.secret) is None
    assert log_in(ada, device=known.device.secret, address="192.0.2.1").stage is Stage.OPEN


def test_a_known_device_is_no_way_around_the_wait(ada: Account) -> None:
    secret = log_in(ada).device.secret
    guesses = [waits(ada, device_secret=secret) for _ in range(PACES[Guarded.DEVICE].free + 2)]
    assert guesses[-1] == 1


def test_unknown_names_wait_like_known_ones(ada: Account) -> None:
    nobody = Account(ada.database, ada.clinic, ada.user_id, f"nobody.{ada.user_id}", ada.role)
    known, unknown = ([waits(who, address="198.51.100.1") for _ in range(8)] for who in (ada, nobody))
    assert known == unknown


def test_one_address_that_tries_many_names_waits(ada: Account) -> None:
    names = [f"{n}.{ada.user_id}" for n in range(PACES[Guarded.ADDRESS].free + 2)]
    tried = [waits(Account(ada.database, ada.clinic, ada.user_id, n, ada.role), address="203.0.113.9") for n in names]
    assert tried[-2:] == [None, 1]


def test_a_log_in_that_is_used_lasts_and_one_that_is_not_ends(ada: Account) -> None:
    made = log_in(ada)
    later = NOW + IDLE_END - SECOND
    ada.database.write(lambda tx: keep_alive(tx, made.id, later))
    seen = [inside(ada, made.secret, at) is not None for at in (later, later + IDLE_END - SECOND, later + IDLE_END)]
    assert seen == [True, True, False]


def test_no_use_makes_a_log_in_last_longer_than_half_a_day(ada: Account) -> None:
    made = log_in(ada)
    ada.database.write(lambda tx: keep_alive(tx, made.id, NOW + ABSOLUTE_END - MINUTE))
    assert inside(ada, made.secret, NOW + ABSOLUTE_END - SECOND) is not None
    assert inside(ada, made.secret, NOW + ABSOLUTE_END) is None


def test_use_is_noted_once_a_minute(ada: Account) -> None:
    made = log_in(ada)
    for seconds in (59, 60, 61):
        ada.database.write(lambda tx, seconds=seconds: keep_alive(tx, made.id, NOW + seconds * SECOND))  # type: ignore[misc]
    found = inside(ada, made.secret)
    assert found
    assert found.seen_at == NOW + MINUTE


def test_logging_out_ends_the_log_in_and_tells_the_audit_once(ada: Account) -> None:
    made = log_in(ada)
    found = inside(ada, made.secret)
    assert found
    for _ in range(2):
        ada.database.write(lambda tx: log_out(tx, found, NOW))
    assert inside(ada, made.secret) is None
    assert [action for action, _ in deeds(ada)].count("logged_out") == 1


def test_somebody_who_has_left_is_out_at_once(ada: Account) -> None:
    made = log_in(ada)
    ada.database.write(lambda tx: tx.execute(update(UserRow).where(UserRow.id == ada.user_id).values(active=False)))
    assert inside(ada, made.secret) is None


def test_one_s_own_log_ins_are_listed_and_ended_singly(ada: Account) -> None:
    first, second = log_in(ada), log_in(ada, now=NOW + MINUTE)
    when = NOW + 2 * MINUTE
    listed = ada.clinic.do(lambda c: list_logins(c, user_id=ada.user_id), now=when)
    assert [(one.id, one.device) for one in listed] == [(id_, "Firefox on Linux") for id_ in (second.id, first.id)]
    for _ in range(2):
        ada.clinic.do(lambda c: end_login(c, login_id=first.id), now=when)
    assert (inside(ada, first.secret, when), inside(ada, second.secret, when) is None) == (None, False)
    assert [one.id for one in ada.clinic.do(lambda c: list_logins(c, user_id=ada.user_id), now=when)] == [second.id]
    assert [action for action, _ in deeds(ada)].count("login_ended") == 1


def test_a_manager_ends_all_of_a_colleague_s_and_a_colleague_nothing_of_a_manager_s(ada: Account) -> None:
    manager = account(ada.clinic, Role.MANAGER)
    mine, theirs = log_in(manager), [log_in(ada), log_in(ada)]
    ended = ada.clinic.do(lambda c: end_everywhere(c, user_id=ada.user_id), Role.MANAGER)
    assert (ended, [inside(ada, one.secret) for one in theirs]) == (2, [None, None])
    for deed in (
        lambda c: end_everywhere(c, user_id=manager.user_id),
        lambda c: end_login(c, login_id=mine.id),
        lambda c: list_logins(c, user_id=manager.user_id),
    ):
        with pytest.raises(NotFound):
            ada.clinic.do(deed)
    assert inside(manager, mine.secret) is not None


def test_another_organisation_s_manager_reaches_nobody_here(ada: Account) -> None:
    made, elsewhere = log_in(ada), open_clinic(ada.database)
    for deed in (
        lambda c: end_everywhere(c, user_id=ada.user_id),
        lambda c: end_login(c, login_id=made.id),
        lambda c: list_logins(c, user_id=ada.user_id),
    ):
        with pytest.raises(NotFound):
            elsewhere.do(deed, Role.MANAGER)
    assert inside(ada, made.secret) is not None


def test_a_password_that_was_changed_meanwhile_lets_nobody_in(ada: Account) -> None:
    attempt = attempted(ada, PASSWORD, origin())
    account(ada.clinic)
    again = attempt.__class__(attempt.user_id, "$argon2id$older", attempt.guesses, attempt.counted_at)
    with pytest.raises(Invalid):
        ada.database.write(lambda tx: succeed(tx, again, origin(), NOW))
