"""Bearer tokens: made once, kept as hashes, ended at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from scheduler.domain.access import Role
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.staff.tokens import Bearer, NewToken, bearer_of_secret, create_token, revoke_token
from scheduler.storage.rows import AuditRow, TokenRow, UserRow
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW

HOUR = timedelta(hours=1)


def made(clinic: Clinic, user: Role = Role.RECEPTION, **values: Any) -> NewToken:
    wanted: dict[str, Any] = {"user_id": clinic.users[user], "role": user, "name": "front desk"} | values
    return clinic.do(lambda context: create_token(context, **wanted), Role.MANAGER)


def bearer(clinic: Clinic, secret: str, after: timedelta = HOUR) -> Bearer | None:
    with clinic.database.read() as tx:
        return bearer_of_secret(tx, secret, NOW + after)


def test_a_token_speaks_for_its_user_in_its_one_role(clinic: Clinic) -> None:
    token = made(clinic, Role.PRACTITIONER)
    assert bearer(clinic, token.secret) == Bearer(token.id, clinic.actor(Role.PRACTITIONER))


def test_only_a_hash_of_the_secret_is_kept(clinic: Clinic) -> None:
    token = made(clinic)
    with clinic.database.read() as tx:
        row = tx.get_one(TokenRow, token.id)
        told = " ".join(str(value) for value in vars(row).values())
    assert (token.secret in told, len(row.token_hash), token.secret in repr(token)) == (False, 64, False)


def test_two_tokens_have_nothing_in_common_but_the_prefix(clinic: Clinic) -> None:
    one, other = made(clinic).secret, made(clinic).secret
    assert {one[:9], other[:9]} == {"interval_"}
    assert (len(one), one == other) == (52, False)


@pytest.mark.parametrize("secret", ["", "interval_", "interval_" + "A" * 43, "x" * 10_000, "ä"])
def test_any_other_secret_is_nobody_s(clinic: Clinic, secret: str) -> None:
    assert bearer(clinic, secret) is None


def test_a_token_ends_at_its_expiry(clinic: Clinic) -> None:
    token = made(clinic, expires_at=NOW + HOUR)
    assert bearer(clinic, token.secret, HOUR - timedelta(seconds=1)) is not None
    assert bearer(clinic, token.secret, HOUR) is None


def test_a_revoked_token_is_nobody_s_and_may_be_revoked_again(clinic: Clinic) -> None:
    token = made(clinic)
    for _ in range(2):
        clinic.do(lambda context: revoke_token(context, token_id=token.id), Role.MANAGER)
    assert bearer(clinic, token.secret) is None
    with clinic.database.read() as tx:
        deeds = tx.scalars(select(AuditRow.action).where(AuditRow.about_id == token.id).order_by(AuditRow.number)).all()
    assert deeds == ["token_created", "token_revoked"]


def test_a_token_of_somebody_who_has_left_is_nobody_s(clinic: Clinic) -> None:
    token = made(clinic)
    left = update(UserRow).where(UserRow.id == clinic.users[Role.RECEPTION]).values(active=False)
    clinic.database.write(lambda tx: tx.execute(left))
    assert bearer(clinic, token.secret) is None


def test_a_token_for_a_role_that_the_user_has_not_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refused:
        made(clinic, Role.RECEPTION, role=Role.MANAGER)
    assert (refused.value.code, refused.value.facts) == ("role_not_held", {"roles": ["reception"]})


def test_a_token_that_has_expired_already_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refused:
        made(clinic, expires_at=NOW)
    assert refused.value.code == "expiry_passed"


def test_nobody_makes_tokens_for_a_user_that_is_not_there_or_elsewhere(clinic: Clinic) -> None:
    elsewhere = open_clinic(clinic.database)
    for user_id in (uuid4(), elsewhere.users[Role.RECEPTION]):
        with pytest.raises(NotFound):
            made(clinic, user_id=user_id)


def test_another_organisation_s_token_cannot_be_revoked(clinic: Clinic) -> None:
    token = made(open_clinic(clinic.database))
    with pytest.raises(NotFound):
        clinic.do(lambda context: revoke_token(context, token_id=token.id), Role.MANAGER)
    assert bearer(clinic, token.secret) is not None


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.PRACTITIONER])
def test_only_a_manager_makes_and_revokes_tokens(clinic: Clinic, role: Role) -> None:
    token = made(clinic)
    with pytest.raises(NotAllowed):
        clinic.do(lambda c: create_token(c, user_id=clinic.users[role], role=role, name="mine"), role)
    with pytest.raises(NotAllowed):
        clinic.do(lambda context: revoke_token(context, token_id=token.id), role)
