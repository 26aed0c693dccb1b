"""Staff: added with their roles, and the operator at the command line among them."""

import pytest

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.context import Context
from scheduler.operations.staff.operators import NAME, ROLES, operator_of
from scheduler.operations.staff.staff import StaffMember, add_user, list_users
from scheduler.operations.staff.tokens import create_token
from scheduler.storage.types import new_id
from tests.support.clinic import Clinic
from tests.support.rows import NOW


def test_a_user_has_the_roles_that_it_was_given(clinic: Clinic) -> None:
    both = {Role.RECEPTION, Role.PRACTITIONER}
    added = clinic.do(lambda context: add_user(context, name=" Siân ", roles=both), Role.MANAGER)
    assert added == StaffMember(added.id, "Siân", frozenset(both), None, True)
    assert added in clinic.do(list_users, Role.MANAGER)


def test_a_practitioner_is_tied_to_what_can_be_booked(clinic: Clinic) -> None:
    resource_id = clinic.practitioner_id
    added = clinic.do(
        lambda c: add_user(c, name="Ada", roles=[Role.PRACTITIONER], resource_id=resource_id), Role.MANAGER
    )
    assert added.resource_id == clinic.practitioner_id


@pytest.mark.parametrize(
    ("name", "roles", "code"),
    [
        (" ", [Role.RECEPTION], "name_missing"),
        ("Ada", [], "role_missing"),
        ("Ada", [Role.PATIENT], "role_missing"),
    ],
)
def test_a_user_without_name_or_role_is_refused(clinic: Clinic, name: str, roles: list[Role], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clinic.do(lambda context: add_user(context, name=name, roles=roles), Role.MANAGER)
    assert refused.value.code == code


def test_a_room_is_nobody(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refused:
        clinic.do(
            lambda c: add_user(c, name="Ada", roles=[Role.PRACTITIONER], resource_id=clinic.room_id), Role.MANAGER
        )
    assert refused.value.code == "no_practitioner"


def test_a_resource_of_nobody_is_not_found(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        clinic.do(lambda c: add_user(c, name="Ada", roles=[Role.PRACTITIONER], resource_id=new_id()), Role.MANAGER)


def test_only_a_manager_adds_staff(clinic: Clinic) -> None:
    with pytest.raises(NotAllowed):
        clinic.do(lambda context: add_user(context, name="Ada", roles=[Role.RECEPTION]))


def test_the_operator_is_one_user_however_often_it_is_asked_for(clinic: Clinic) -> None:
    one, other = (clinic.database.write(lambda tx: operator_of(tx, clinic.organisation_id)) for _ in range(2))
    listed = [user for user in clinic.do(list_users, Role.MANAGER) if user.name == NAME]
    assert (one, one.roles, listed) == (other, ROLES, [StaffMember(one.user_id, NAME, frozenset(), None, False)])


def test_the_operator_can_have_no_token(clinic: Clinic) -> None:
    actor = clinic.database.write(lambda tx: operator_of(tx, clinic.organisation_id))
    with pytest.raises(NotFound):
        clinic.database.write(
            lambda tx: create_token(Context(tx, actor, NOW), user_id=actor.user_id, role=Role.MANAGER, name="mine")
        )
