"""The trail of a thing: newest first, for those who may see it, and discreet."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from scheduler.domain.access import Actor, Role
from scheduler.domain.refusals import NotAllowed
from scheduler.operations.audit_trail import AuditEntry, audit_trail
from scheduler.operations.context import Context, record
from scheduler.operations.patients.patient_merging import merge_patients
from tests.support.queries import counted
from tests.support.rows import NOW, Ground


def context_of(ground: Ground, role: Role = Role.MANAGER, **values: Any) -> Context:
    return Context(ground.tx, ground.actor(role, **values), NOW)


def trail(ground: Ground, about: UUID, role: Role = Role.MANAGER, **values: Any) -> tuple[AuditEntry, ...]:
    return audit_trail(context_of(ground, role, **values), about=about).items


def actions(entries: tuple[AuditEntry, ...]) -> list[str]:
    return [entry.action for entry in entries]


def test_an_entry_tells_who_did_what_when_and_why(ground: Ground) -> None:
    patient = ground.patient()
    facts = {"moved": 2}
    told = {"reason": "ill", "rule_version": "peel 3", "personal": {"name": "Zoë"}, **facts}
    record(context_of(ground), "series_moved", "series", patient, patient_id=patient, **told)
    (entry,) = trail(ground, patient)
    assert entry == AuditEntry(
        number=entry.number,
        at=NOW,
        actor_id=ground.user_id,
        actor_name="Somebody",
        action="series_moved",
        about="series",
        about_id=patient,
        patient_id=patient,
        reason="ill",
        rule_version="peel 3",
        facts=facts,
        personal={"name": "Zoë"},
    )


def test_a_patient_s_trail_holds_all_that_is_theirs_newest_first(ground: Ground) -> None:
    patient, other = ground.patient(), ground.patient()
    record(context_of(ground), "one", "patient", patient, patient_id=patient)
    record(context_of(ground), "two", "appointment", uuid4(), patient_id=patient)
    record(context_of(ground), "three", "appointment", uuid4(), patient_id=other)
    assert actions(trail(ground, patient)) == ["two", "one"]


def test_a_thing_s_trail_holds_its_own_deeds_alone(ground: Ground) -> None:
    patient, appointment = ground.patient(), uuid4()
    record(context_of(ground), "one", "patient", patient, patient_id=patient)
    record(context_of(ground), "two", "appointment", appointment, patient_id=patient)
    assert actions(trail(ground, appointment)) == ["two"]


def test_the_trail_of_a_survivor_includes_the_record_merged_into_it(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    record(context_of(ground), "one", "patient", other, patient_id=other)
    merge_patients(context_of(ground, Role.RECEPTION), patient_id=survivor, other_id=other, seen=1)
    assert actions(trail(ground, survivor)) == ["patients_merged", "one"]


def test_pages_follow_one_another(ground: Ground) -> None:
    patient = ground.patient()
    for action in ("one", "two", "three"):
        record(context_of(ground), action, "patient", patient, patient_id=patient)
    first = audit_trail(context_of(ground), about=patient, limit=2)
    assert isinstance(first.last, int)
    rest = audit_trail(context_of(ground), about=patient, limit=2, after=first.last)
    assert (actions(first.items), actions(rest.items), rest.last) == (["three", "two"], ["one"], None)


@pytest.mark.parametrize("about", ["hold", "clearance"])
def test_a_manager_sees_that_a_hold_was_placed_and_not_why(ground: Ground, about: str) -> None:
    patient = ground.patient()
    practitioner = ground.resource()
    ground.appointment(patient, NOW + timedelta(hours=1), practitioner_id=practitioner)
    told = {"reason": "cold sore", "rule_version": "herpes 2", "personal": {"note": "lip"}, "code": "herpes"}
    record(context_of(ground), "placed", about, uuid4(), patient_id=patient, **told)
    (discreet,) = trail(ground, patient)
    assert (discreet.action, discreet.reason, discreet.rule_version) == ("placed", None, None)
    assert (discreet.facts, discreet.personal) == ({}, {})
    (open_one,) = trail(ground, patient, Role.PRACTITIONER, resource_id=practitioner)
    assert (open_one.reason, open_one.facts, open_one.personal) == ("cold sore", {"code": "herpes"}, {"note": "lip"})


def test_a_practitioner_sees_the_trail_of_their_own_patients_alone(ground: Ground) -> None:
    mine, other, practitioner = ground.patient(), ground.patient(), ground.resource()
    ground.appointment(mine, NOW, practitioner_id=practitioner)
    ground.appointment(other, NOW, practitioner_id=ground.resource())
    for patient in (mine, other):
        record(context_of(ground), "one", "patient", patient, patient_id=patient)
    seen = [actions(trail(ground, one, Role.PRACTITIONER, resource_id=practitioner)) for one in (mine, other)]
    assert seen == [["one"], []]


def test_a_practitioner_without_a_resource_sees_nobody_s(ground: Ground) -> None:
    patient = ground.patient()
    ground.appointment(patient, NOW)
    record(context_of(ground), "one", "patient", patient, patient_id=patient)
    assert trail(ground, patient, Role.PRACTITIONER) == ()


def test_a_patient_sees_their_own_trail_alone(ground: Ground) -> None:
    mine, other = ground.patient(), ground.patient()
    for patient in (mine, other):
        record(context_of(ground), "one", "patient", patient, patient_id=patient)
    me = Actor(uuid4(), ground.organisation_id, "me", frozenset({Role.PATIENT}), patient_id=mine)
    seen = [actions(audit_trail(Context(ground.tx, me, NOW), about=one).items) for one in (mine, other)]
    assert seen == [["one"], []]


def test_another_organisation_s_trail_is_empty(ground: Ground) -> None:
    patient = ground.patient()
    record(context_of(ground), "one", "patient", patient, patient_id=patient)
    assert trail(Ground(ground.tx), patient) == ()


def test_reception_sees_no_trail(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        trail(ground, ground.patient(), Role.RECEPTION)


def test_the_number_of_queries_does_not_grow_with_the_trail(ground: Ground) -> None:
    patient, sizes = ground.patient(), []
    for rows in (1, 2):
        for _ in range(rows):
            record(context_of(ground), "one", "patient", patient, patient_id=patient)
        with counted(ground.tx.get_bind()) as sent:
            trail(ground, patient)
        sizes.append(len(sent))
    assert sizes == [2, 2]
