"""Second factors: set up once, asked for once a device and day, each code used once."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.logins import STEP_END, Stage
from scheduler.domain.refusals import Invalid, NotFound, RuleBroken
from scheduler.operations.staff.accounts import secrets_of
from scheduler.operations.staff.logins import complete_login
from scheduler.operations.staff.second_factors import (
    begin_second_factor,
    check_second_factor,
    confirm_second_factor,
    enrolment_of,
    new_recovery_codes,
    remove_second_factor,
)
from scheduler.storage.rows import AccountRow, RecoveryCodeRow
from tests.support.accounts import LINK_KEY, Account, Demand, account, enrolled, inside, log_in
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW
from tests.support.together import together

STEP = timedelta(seconds=30)
LATER = NOW + timedelta(minutes=5)
MIDNIGHT = NOW + timedelta(hours=15)


@pytest.fixture
def ada(clinic: Clinic) -> Account:
    return account(clinic, Role.MANAGER)


def checked(who: Account, code: str, now: Any = LATER) -> bool:
    try:
        who.database.write(lambda tx: check_second_factor(tx, who.user_id, code, LINK_KEY, now))
    except Invalid:
        return False
    return True


def completed(who: Account, made: Any, now: Any) -> Any:
    found = inside(who, made.secret, now)
    assert found
    return who.database.write(lambda tx: complete_login(tx, found, made.device.secret, now))


def begun(who: Account) -> Any:
    who.database.write(lambda tx: begin_second_factor(who.context(tx, NOW)))
    return shown(who)


def shown(who: Account) -> Any:
    with who.database.read() as tx:
        return enrolment_of(who.context(tx, NOW), LINK_KEY)


def test_what_goes_into_the_app_is_shown_until_it_is_confirmed_and_drawn_anew_each_time(ada: Account) -> None:
    one = begun(ada)
    assert one == shown(ada)
    assert one.address.startswith(f"otpauth://totp/Interval:{ada.login.replace('@', '%40')}?secret={one.secret}")
    assert (one.secret in repr(one), begun(ada) == one) == (False, False)
    enrolled(ada)
    with pytest.raises(RuleBroken):
        shown(ada)


def test_a_wrong_code_confirms_nothing(ada: Account) -> None:
    secret = begun(ada).secret
    for code in ("000000", "", secret):
        with pytest.raises(Invalid):
            ada.clinic.do(lambda c, code=code: confirm_second_factor(c, LINK_KEY, code=code), Role.MANAGER)  # type: ignore[misc]
    assert log_in(ada).stage is Stage.OPEN


def test_a_second_one_is_refused_while_there_is_one(ada: Account) -> None:
    enrolled(ada)
    for deed in (begin_second_factor, lambda c: confirm_second_factor(c, LINK_KEY, code="1")):
        with pytest.raises(RuleBroken):
            ada.clinic.do(deed, Role.MANAGER)


def test_the_secret_of_the_app_is_not_in_the_database(ada: Account) -> None:
    app, codes = enrolled(ada)
    with ada.database.read() as tx:
        told = [str(vars(row)) for row in (tx.get_one(AccountRow, ada.user_id), *tx.scalars(select(RecoveryCodeRow)))]
    kept = " ".join(told)
    assert (app.secret in kept, any(code in kept or code.replace("-", "") in kept for code in codes)) == (False, False)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_s_clock_may_be_wrong_by_one_step(ada: Account, steps: int, right: bool) -> None:
    app, _ = enrolled(ada)
    assert checked(ada, app.at(LATER + steps * STEP)) is right


def test_a_code_is_used_once_and_so_is_every_earlier_one(ada: Account) -> None:
    app, _ = enrolled(ada)
    codes = [app.at(LATER), app.at(LATER), app.at(LATER - STEP), app.at(LATER + STEP), app.at(LATER + STEP)]
    assert [checked(ada, code) for code in codes] == [True, False, False, True, False]


def test_the_code_that_set_it_up_lets_nobody_in(ada: Account) -> None:
    app, _ = enrolled(ada)
    assert not checked(ada, app.at(NOW), NOW)


def test_of_two_at_once_one_uses_the_code(ada: Account) -> None:
    app, _ = enrolled(ada)
    code = app.at(LATER)
    assert sorted(together([lambda: checked(ada, code)] * 4)) == [False, False, False, True]


def test_a_code_may_be_typed_with_a_space(ada: Account) -> None:
    code = enrolled(ada)[0].at(LATER)
    assert checked(ada, f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("code", ["", "000000", "aaaaa-aaaaa", "\ud800", "0" * 10_000])
def test_anything_else_is_wrong(ada: Account, code: str) -> None:
    enrolled(ada)
    assert not checked(ada, code)


def test_each_recovery_code_works_once_however_it_is_typed(ada: Account) -> None:
    _, codes = enrolled(ada)
    spelled = (codes[0], codes[0], codes[1].upper(), codes[1].replace("-", ""), codes[2].replace("-", " "))
    assert (len(set(codes)), [checked(ada, code) for code in spelled]) == (10, [True, False, True, False, True])
    with ada.database.read() as tx:
        assert secrets_of(ada.context(tx, NOW)).recovery_codes == 7


def test_of_two_at_once_one_uses_the_recovery_code(ada: Account) -> None:
    code = enrolled(ada)[1][0]
    assert sorted(together([lambda: checked(ada, code)] * 4)) == [False, False, False, True]


def test_another_s_recovery_code_is_nothing(ada: Account) -> None:
    enrolled(ada)
    colleague = account(ada.clinic)
    assert not checked(ada, enrolled(colleague)[1][0])


def test_fresh_recovery_codes_end_the_old_ones(ada: Account) -> None:
    _, old = enrolled(ada)
    new = ada.clinic.do(lambda c: new_recovery_codes(c, LINK_KEY), Role.MANAGER)
    assert [checked(ada, code) for code in (old[0], new[0])] == [False, True]


def test_without_a_second_factor_there_is_nothing_to_recover(ada: Account) -> None:
    with pytest.raises(RuleBroken) as refused:
        ada.clinic.do(lambda c: new_recovery_codes(c, LINK_KEY), Role.MANAGER)
    assert (refused.value.code, checked(ada, "000000")) == ("no_second_factor", False)


def test_a_manager_without_one_sets_it_up_before_anything_else(ada: Account) -> None:
    made = log_in(ada, demand=Demand.MANAGERS)
    found = inside(ada, made.secret)
    assert (made.stage, found and found.stage) == (Stage.ENROLMENT, Stage.ENROLMENT)
    code = pyotp.TOTP(shown(ada).secret).at(NOW)
    ada.clinic.do(lambda c: confirm_second_factor(c, LINK_KEY, code=code), Role.MANAGER)
    done = completed(ada, made, NOW)
    assert (done.stage, done.secret == made.secret, inside(ada, made.secret)) == (Stage.OPEN, False, None)


def test_the_code_is_asked_for_once_a_device_and_day(ada: Account) -> None:
    enrolled(ada)
    first = log_in(ada)
    assert first.stage is Stage.CODE
    completed(ada, first, NOW)
    again, elsewhere = log_in(ada, device=first.device.secret), log_in(ada)
    before = log_in(ada, device=first.device.secret, now=MIDNIGHT - timedelta(seconds=1))
    tomorrow = log_in(ada, device=first.device.secret, now=MIDNIGHT)
    assert [made.stage for made in (again, elsewhere, before, tomorrow)] == [
        Stage.OPEN,
        Stage.CODE,
        Stage.OPEN,
        Stage.CODE,
    ]


def test_what_one_user_has_shown_on_a_device_lets_in_no_other(ada: Account) -> None:
    desk = log_in(account(ada.clinic)).device
    enrolled(ada)
    assert log_in(ada, device=desk.secret).stage is Stage.CODE


def test_a_log_in_that_waits_for_its_code_ends_after_ten_minutes(ada: Account) -> None:
    enrolled(ada)
    made = log_in(ada)
    assert inside(ada, made.secret, NOW + STEP_END - timedelta(seconds=1)) is not None
    assert inside(ada, made.secret, NOW + STEP_END) is None


def test_a_log_in_is_completed_once(ada: Account) -> None:
    enrolled(ada)
    made = log_in(ada)
    found = inside(ada, made.secret)
    assert found
    completed(ada, made, NOW)
    with pytest.raises(RuleBroken):
        ada.database.write(lambda tx: complete_login(tx, found, "x", NOW))


def test_a_manager_removes_a_lost_second_factor_and_devices_ask_again(ada: Account) -> None:
    colleague = account(ada.clinic)
    app, codes = enrolled(colleague)
    ada.clinic.do(lambda c: remove_second_factor(c, user_id=colleague.user_id), Role.MANAGER)
    assert [checked(colleague, code) for code in (app.at(LATER), codes[0])] == [False, False]
    assert log_in(colleague).stage is Stage.OPEN


def test_nobody_else_removes_it(ada: Account) -> None:
    enrolled(ada)
    for clinic, role in ((ada.clinic, Role.RECEPTION), (open_clinic(ada.database), Role.MANAGER)):
        with pytest.raises(NotFound):
            clinic.do(lambda c: remove_second_factor(c, user_id=ada.user_id), role)
    assert log_in(ada).stage is Stage.CODE
