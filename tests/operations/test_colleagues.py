"""Colleagues: edited and ended by managers, of whom one who can log in is always left."""

from collections.abc import Callable
from typing import Any

import pytest

from scheduler.domain.access import Role
from scheduler.domain.refusals import NotAllowed, NotFound, RuleBroken
from scheduler.operations.context import Context
from scheduler.operations.staff.accounts import account_of
from scheduler.operations.staff.colleagues import (
    edit_colleague,
    end_account,
    get_colleague,
    list_colleagues,
    take_back,
)
from scheduler.operations.staff.ending import forget_device, list_devices
from scheduler.operations.staff.operators import operator_of
from scheduler.operations.staff.tokens import bearer_of_secret
from scheduler.storage.types import new_id
from tests.support.accounts import Account, account, inside, log_in
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW


@pytest.fixture
def ada(clinic: Clinic) -> Account:
    return account(clinic)


def by_the_command_line(clinic: Clinic, deed: Callable[[Context], Any]) -> Any:
    return clinic.database.write(lambda tx: deed(Context(tx, operator_of(tx, clinic.organisation_id), NOW)))


def test_the_staff_is_listed_by_name_without_the_command_line(ada: Account) -> None:
    by_the_command_line(ada.clinic, lambda c: None)
    log_in(ada)
    listed = ada.clinic.do(list_colleagues, Role.MANAGER)
    assert [(one.name, one.login, one.last_in) for one in listed] == [
        ("manager", None, None),
        ("practitioner", None, None),
        ("reception", ada.login, NOW),
    ]


def test_name_roles_and_practitioner_are_changed_together(ada: Account) -> None:
    both = {Role.RECEPTION, Role.PRACTITIONER}
    changed = {"name": " Siân ", "roles": both, "resource_id": ada.clinic.practitioner_id}
    ada.clinic.do(lambda c: edit_colleague(c, user_id=ada.user_id, **changed), Role.MANAGER)
    one = ada.clinic.do(lambda c: get_colleague(c, user_id=ada.user_id), Role.MANAGER)
    assert (one.name, one.roles, one.resource) == ("Siân", both, "Ada")


def test_an_account_that_ends_lets_nobody_in_by_any_way(ada: Account) -> None:
    made = log_in(ada)
    ada.clinic.do(lambda c: end_account(c, user_id=ada.user_id), Role.MANAGER)
    with ada.database.read() as tx:
        bearer = bearer_of_secret(tx, ada.clinic.tokens[Role.RECEPTION], NOW)
        assert (inside(ada, made.secret), bearer, account_of(tx, ada.user_id).password_hash) == (None, None, None)


def test_whoever_is_taken_back_has_the_roles_of_before_and_no_password(ada: Account) -> None:
    ada.clinic.do(lambda c: end_account(c, user_id=ada.user_id), Role.MANAGER)
    ada.clinic.do(lambda c: take_back(c, user_id=ada.user_id), Role.MANAGER)
    one = ada.clinic.do(lambda c: get_colleague(c, user_id=ada.user_id), Role.MANAGER)
    assert (one.active, one.roles, one.login, one.password_at) == (True, {Role.RECEPTION}, ada.login, None)


def test_managers_do_not_lock_themselves_out(clinic: Clinic) -> None:
    lena = account(clinic, Role.MANAGER)
    given = {"name": "Lena", "roles": [Role.RECEPTION], "resource_id": None}
    for deed in (
        lambda c: end_account(c, user_id=lena.user_id),
        lambda c: edit_colleague(c, user_id=lena.user_id, **given),
    ):
        with pytest.raises(RuleBroken) as refused:
            clinic.do(deed, Role.MANAGER)
        assert refused.value.code == "own_account"


def test_the_last_manager_who_can_log_in_stays(clinic: Clinic) -> None:
    lena = account(clinic, Role.MANAGER)
    with pytest.raises(RuleBroken) as refused:
        by_the_command_line(clinic, lambda c: end_account(c, user_id=lena.user_id))
    assert refused.value.code == "last_manager"


def test_a_trusted_device_is_forgotten(ada: Account) -> None:
    log_in(ada)
    (device,) = ada.clinic.do(lambda c: list_devices(c, user_id=ada.user_id), Role.MANAGER)
    ada.clinic.do(lambda c: forget_device(c, user_id=ada.user_id, device_id=device.id), Role.MANAGER)
    assert ada.clinic.do(lambda c: list_devices(c, user_id=ada.user_id), Role.MANAGER) == ()
    with pytest.raises(NotFound):
        ada.clinic.do(lambda c: forget_device(c, user_id=ada.user_id, device_id=device.id), Role.MANAGER)


@pytest.mark.parametrize("deed", [end_account, take_back, get_colleague])
def test_only_managers_of_the_same_organisation_reach_somebody(ada: Account, deed: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed):
        ada.clinic.do(lambda c: deed(c, user_id=ada.user_id))
    for clinic, user_id in ((open_clinic(ada.database), ada.user_id), (ada.clinic, new_id())):
        with pytest.raises(NotFound):
            clinic.do(lambda c, user_id=user_id: deed(c, user_id=user_id), Role.MANAGER)
