"""Patients' personal links: scoped, confirmed, ended, and renewed without a word about anybody."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Actor, Role
from scheduler.domain.patient_links import ASKS, CONFIRMED_FOR, LASTS, LinkScope
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.patients.patient_links import (
    Follower,
    PatientLink,
    confirm_birth,
    follow_link,
    issue_patient_link,
    list_patient_links,
    renew,
    renewable,
    revoke_patient_link,
)
from scheduler.operations.patients.patients import add_patient
from scheduler.operations.staff.operators import PATIENTS
from scheduler.storage.rows import AuditRow, PatientLinkRow, UserRow
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW

KEY = "a link key of the tests"
BORN = date(1990, 2, 28)
SECOND = timedelta(seconds=1)


@pytest.fixture
def zoe(clinic: Clinic) -> UUID:
    added = clinic.do(lambda c: add_patient(c, name="Zoë", phone="030 1234567", date_of_birth=BORN))
    return added.patient.id


def issued(clinic: Clinic, patient_id: UUID, scope: LinkScope = LinkScope.VISITS) -> PatientLink:
    return clinic.do(lambda c: issue_patient_link(c, KEY, patient_id=patient_id, scope=scope))


def followed(clinic: Clinic, token: str, proof: str | None = None, after: timedelta = timedelta(0)) -> Follower | None:
    with clinic.database.read() as tx:
        try:
            return follow_link(tx, token, proof, NOW + after)
        except NotFound:
            return None


def test_a_link_speaks_for_its_patient_and_for_nobody_else(clinic: Clinic, zoe: UUID) -> None:
    link = issued(clinic, zoe)
    found = followed(clinic, link.token)
    assert found
    user_id = found.actor.user_id
    actor = Actor(user_id, clinic.organisation_id, "Zoë", frozenset({Role.PATIENT}), patient_id=zoe)
    assert found == Follower(link.id, LinkScope.VISITS, actor, True)


@pytest.mark.parametrize("scope", list(LinkScope))
def test_a_link_ends_with_its_scope_s_time(clinic: Clinic, zoe: UUID, scope: LinkScope) -> None:
    token = issued(clinic, zoe, scope).token
    ends = [followed(clinic, token, after=LASTS[scope] + by) is not None for by in (-SECOND, timedelta(0))]
    assert ends == [True, False]


def test_the_token_is_not_in_the_database_and_needs_the_key(clinic: Clinic, zoe: UUID) -> None:
    link = issued(clinic, zoe)
    with clinic.database.read() as tx:
        kept = str(vars(tx.get_one(PatientLinkRow, link.id)))
    other = clinic.do(lambda c: list_patient_links(c, "another key", patient_id=zoe))[0]
    assert (link.token in kept, link.token in repr(link), other.token == link.token) == (False, False, False)
    assert clinic.do(lambda c: list_patient_links(c, KEY, patient_id=zoe)) == (link,)


def test_more_than_times_needs_the_date_of_birth_for_an_hour_on_that_browser(clinic: Clinic, zoe: UUID) -> None:
    link = issued(clinic, zoe, LinkScope.CARE)
    proof = clinic.database.write(lambda tx: confirm_birth(tx, link_id=link.id, born=BORN, now=NOW))
    tries: list[tuple[str | None, timedelta]] = [
        (None, timedelta(0)),
        ("guessed", timedelta(0)),
        (proof, timedelta(0)),
        (proof, CONFIRMED_FOR - SECOND),
        (proof, CONFIRMED_FOR),
    ]
    found = [followed(clinic, link.token, given, after) for given, after in tries]
    assert [one and one.is_confirmed for one in found] == [False, False, True, True, False]


def test_a_proof_is_for_one_link(clinic: Clinic, zoe: UUID) -> None:
    link, other = issued(clinic, zoe, LinkScope.CARE), issued(clinic, zoe, LinkScope.CARE)
    proof = clinic.database.write(lambda tx: confirm_birth(tx, link_id=link.id, born=BORN, now=NOW))
    found = followed(clinic, other.token, proof)
    assert found
    assert not found.is_confirmed


def test_another_date_and_none_on_file_confirm_nothing(clinic: Clinic, zoe: UUID) -> None:
    unknown = clinic.do(lambda c: add_patient(c, name="Ana", phone="030 7654321")).patient.id
    for patient_id, born in ((zoe, BORN + timedelta(1)), (unknown, BORN)):
        link = issued(clinic, patient_id, LinkScope.CARE)
        with pytest.raises(Invalid) as refused:
            clinic.database.write(partial(confirm_birth, link_id=link.id, born=born, now=NOW))
        assert (refused.value.code, refused.value.facts) == ("birth_wrong", {})


def test_a_revoked_link_opens_nothing_and_may_be_revoked_again(clinic: Clinic, zoe: UUID) -> None:
    link = issued(clinic, zoe)
    for _ in range(2):
        clinic.do(lambda c: revoke_patient_link(c, link_id=link.id))
    assert followed(clinic, link.token) is None
    with clinic.database.read() as tx:
        query = select(AuditRow.action, AuditRow.patient_id).where(AuditRow.about_id == link.id)
        told = [tuple(row) for row in tx.execute(query.order_by(AuditRow.number))]
    assert told == [("patient_link_issued", zoe), ("patient_link_revoked", zoe)]


def renewed(clinic: Clinic, token: str, after: timedelta) -> PatientLink | None:
    def work(tx: Any) -> PatientLink | None:
        old = renewable(tx, token, NOW + after)
        return renew(tx, KEY, old, NOW + after) if old else None

    return clinic.database.write(work)


def test_an_expired_link_is_renewed_once_with_the_same_scope(clinic: Clinic, zoe: UUID) -> None:
    old, end = issued(clinic, zoe, LinkScope.CARE), LASTS[LinkScope.CARE]
    fresh = renewed(clinic, old.token, end)
    assert fresh
    assert (fresh.patient_id, fresh.scope, fresh.expires_at) == (zoe, LinkScope.CARE, NOW + 2 * end)
    assert followed(clinic, fresh.token, after=end) is not None
    assert renewed(clinic, old.token, end) is None
    with clinic.database.read() as tx:
        query = select(UserRow.name, UserRow.active).join(AuditRow, AuditRow.actor_id == UserRow.id)
        assert [tuple(row) for row in tx.execute(query.where(AuditRow.about_id == fresh.id))] == [(PATIENTS, False)]


def test_nothing_but_a_link_that_expired_by_itself_is_renewed(clinic: Clinic, zoe: UUID) -> None:
    alive, revoked = issued(clinic, zoe), issued(clinic, zoe)
    clinic.do(lambda c: revoke_patient_link(c, link_id=revoked.id))
    end = LASTS[LinkScope.VISITS]
    tries = [(alive.token, timedelta(0)), (revoked.token, end), (alive.token, end + ASKS), ("unknown", end)]
    assert [renewed(clinic, token, after) for token, after in tries] == [None] * 4


def test_a_practitioner_issues_none_and_another_organisation_reaches_none(clinic: Clinic, zoe: UUID) -> None:
    link = issued(clinic, zoe)
    with pytest.raises(NotAllowed):
        clinic.do(lambda c: issue_patient_link(c, KEY, patient_id=zoe, scope=LinkScope.CARE), Role.PRACTITIONER)
    elsewhere = open_clinic(clinic.database)
    for deed in (
        lambda c: issue_patient_link(c, KEY, patient_id=zoe, scope=LinkScope.CARE),
        lambda c: list_patient_links(c, KEY, patient_id=zoe),
        lambda c: revoke_patient_link(c, link_id=link.id),
    ):
        with pytest.raises(NotFound):
            elsewhere.do(deed)
    assert followed(clinic, link.token) is not None
