"""Two records of one person become one, with all that belongs to either."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, func, select

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Role
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.patient_links import LinkScope
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.operations.context import Context, record
from scheduler.operations.patients.patient_merging import STAYS, merge_patients
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import Patient, get_patient
from scheduler.storage.rows import (
    AuditRow,
    ChangeSetRow,
    ClaimRow,
    ClearanceRow,
    FeedRow,
    HoldRow,
    LinkRow,
    MessageKind,
    MoveRequestRow,
    OutboxRow,
    PatientLinkRow,
    PatientRow,
    ReplyOutcome,
    ReplyRow,
    Row,
    ToldRow,
    WaitlistRow,
)
from tests.support.rows import NOW, Ground

HOUR = timedelta(hours=1)
MOVED = [table for table in Row.metadata.sorted_tables if "patient_id" in table.c and table.name not in STAYS]


def context_of(ground: Ground, role: Role = Role.RECEPTION) -> Context:
    return Context(ground.tx, ground.actor(role), NOW)


def merged(ground: Ground, survivor: UUID, other: UUID, seen: int | None = 1) -> Patient:
    return merge_patients(context_of(ground), patient_id=survivor, other_id=other, seen=seen)


def booked(ground: Ground, patient_id: UUID, hours: int) -> UUID:
    """An appointment of an hour, with the patient's own claim."""
    starts_at = NOW + hours * HOUR
    appointment_id = ground.appointment(patient_id, starts_at)
    ground.claim(patient_id, starts_at, 60, appointment_id=appointment_id)
    return appointment_id


def write_one_of_each(ground: Ground, patient_id: UUID) -> None:
    """A row in every table that has patients' things."""
    appointment_id = booked(ground, patient_id, 1)
    keep_id = ground.keep(patient_id, NOW + HOUR)
    ground.claim(patient_id, NOW + 5 * HOUR, 60, keep_id=keep_id)
    theirs: dict[str, Any] = {"organisation_id": ground.organisation_id, "patient_id": patient_id}
    dates = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 9), "end_rule": EndRule.ON_DATE}
    placed = {"state": HoldState.ACTIVE, "placed_by": ground.user_id, "placed_at": NOW}
    ground.add(HoldRow(**theirs, rule_id=ground.protocol(), code="cold-sore", scope=Scope.SYSTEMIC, **dates, **placed))
    ground.add(
        ClearanceRow(
            **theirs, code="diabetes", answer="insulin", reason="stable", given_by=ground.user_id, given_at=NOW
        )
    )
    deed = {"clinic_id": ground.clinic_id, "made_by": ground.user_id, "made_at": NOW, "undo_until": NOW}
    ground.add(ChangeSetRow(**theirs, **deed, steps=[], revision=1))
    message = {"dedupe_key": str(patient_id), "kind": MessageKind.NEWS, "payload": {}, "due_at": NOW, "created_at": NOW}
    ground.add(OutboxRow(**theirs, clinic_id=ground.clinic_id, appointment_id=appointment_id, **message))
    times = {"starts_at": NOW, "ends_at": NOW + HOUR, "sequence": 0, "told_at": NOW}
    ground.tx.add(ToldRow(**theirs, appointment_id=appointment_id, clinic_id=ground.clinic_id, **times))
    heard = {"fingerprint": "a", "outcome": ReplyOutcome.APPLIED, "reason": "", "understood": {}, "received_at": NOW}
    ground.add(ReplyRow(**theirs, appointment_id=appointment_id, **heard))
    wish = {"clinic_id": ground.clinic_id, "appointment_id": appointment_id, "starts_at": NOW, "made_at": NOW}
    ground.add(MoveRequestRow(**theirs, **wish))
    waits = {"clinic_id": ground.clinic_id, "visit_type": "review", "added_by": ground.user_id, "added_at": NOW}
    ground.add(WaitlistRow(**theirs, **waits))
    ground.add(LinkRow(**theirs, device="phone", token_hash=str(patient_id), created_at=NOW))
    lasts = {"made_at": NOW, "expires_at": NOW + HOUR}
    ground.add(PatientLinkRow(**theirs, scope=LinkScope.VISITS, token_hash=str(patient_id), **lasts))
    feed = {"body": b"", "zipped": b"", "etag": "a", "zipped_etag": "b", "changed_at": NOW, "valid_until": NOW}
    owned = {"organisation_id": ground.organisation_id, "owner_id": patient_id, "privacy": PrivacyLevel.DISCREET}
    ground.tx.add(FeedRow(**owned, **feed))
    ground.tx.flush()
    record(context_of(ground), "seen", "patient", patient_id, patient_id=patient_id, personal={"name": "Zoë"})


def count(ground: Ground, table: Table, patient_id: UUID) -> int:
    return ground.tx.scalar(select(func.count()).select_from(table).where(table.c.patient_id == patient_id)) or 0


def test_everything_moves_to_the_record_that_stays(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    write_one_of_each(ground, other)
    before = {table.name: count(ground, table, other) for table in MOVED}
    merged(ground, survivor, other)
    after = {table.name: count(ground, table, survivor) for table in MOVED}
    left = {table.name: count(ground, table, other) for table in MOVED}
    assert [name for name, rows in before.items() if rows == 0] == []
    with_news_of_it = {**before, "outbox": before["outbox"] + 1}
    assert (after, set(left.values())) == (with_news_of_it, {0})


def test_claims_move_and_feeds_are_rendered_anew(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    write_one_of_each(ground, other)
    merged(ground, survivor, other)
    claimed = ground.tx.scalars(select(ClaimRow.subject_id).where(ClaimRow.subject_id.in_((survivor, other)))).all()
    feeds = ground.tx.scalars(select(FeedRow.owner_id).where(FeedRow.owner_id.in_((survivor, other)))).all()
    assert (claimed, feeds) == ([survivor, survivor], [])


def test_the_trail_stays_as_it_was_written_and_names_the_merge(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    write_one_of_each(ground, other)
    merged(ground, survivor, other)
    rows = ground.tx.execute(select(AuditRow.action, AuditRow.patient_id, AuditRow.facts).order_by(AuditRow.number))
    assert rows.all() == [("seen", other, {}), ("patients_merged", survivor, {"merged_id": str(other)})]


def test_what_the_survivor_lacks_is_filled_in_and_both_notes_are_kept(ground: Ground) -> None:
    survivor, other = ground.patient(phone=None), ground.patient(phone="+49 30 1234")
    mine, theirs = ground.tx.get_one(PatientRow, survivor), ground.tx.get_one(PatientRow, other)
    mine.email, mine.note = "zoe@clinic.example", "Rings twice"
    theirs.email, theirs.note, theirs.date_of_birth = "other@clinic.example", "Deaf", date(1984, 3, 12)
    theirs.phone_digits = "301234"
    ground.tx.flush()
    patient = merged(ground, survivor, other)
    assert (patient.phone, patient.email, patient.date_of_birth) == (
        "+49 30 1234",
        "zoe@clinic.example",
        date(1984, 3, 12),
    )
    assert (patient.note, patient.revision, mine.phone_digits) == ("Rings twice\nDeaf", 2, "301234")


def test_the_record_that_ended_says_where_to_go(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    merged(ground, survivor, other)
    with pytest.raises(NotFound) as refused:
        get_patient(context_of(ground), patient_id=other)
    assert (refused.value.code, refused.value.facts) == ("patient_merged", {"merged_into": str(survivor)})
    assert [patient.id for patient in find_patients(context_of(ground)).items] == [survivor]


def test_a_record_merged_before_leads_to_the_last_survivor(ground: Ground) -> None:
    first, second, third = ground.patient(), ground.patient(), ground.patient()
    merged(ground, second, first)
    merged(ground, third, second)
    with pytest.raises(NotFound) as refused:
        get_patient(context_of(ground), patient_id=first)
    assert refused.value.facts == {"merged_into": str(third)}
    with pytest.raises(NotFound):
        merged(ground, third, first, seen=2)


def test_appointments_at_the_same_time_are_all_named(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    mine = [booked(ground, survivor, hours) for hours in (1, 4)]
    theirs = [booked(ground, other, hours) for hours in (1, 4, 8)]
    with pytest.raises(RuleBroken) as refused:
        merged(ground, survivor, other)
    named = [conflict.facts["appointments"] for conflict in refused.value.conflicts]
    assert named == [[str(mine[0]), str(theirs[0])], [str(mine[1]), str(theirs[1])]]
    assert refused.value.code == "appointments_overlap"


def test_appointments_back_to_back_are_no_hindrance(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    booked(ground, survivor, 1)
    booked(ground, other, 2)
    assert merged(ground, survivor, other).id == survivor


def test_a_keep_whose_time_has_passed_is_no_hindrance(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    booked(ground, survivor, 1)
    keep_id = ground.keep(other, NOW)
    ground.claim(other, NOW + HOUR, 60, keep_id=keep_id)
    assert merged(ground, survivor, other).id == survivor


def test_a_keep_that_runs_is_a_hindrance(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    booked(ground, survivor, 1)
    keep_id = ground.keep(other, NOW + timedelta(seconds=1))
    ground.claim(other, NOW + HOUR, 60, keep_id=keep_id)
    with pytest.raises(RuleBroken):
        merged(ground, survivor, other)


def test_a_record_is_not_merged_into_itself(ground: Ground) -> None:
    patient = ground.patient()
    with pytest.raises(Invalid):
        merged(ground, patient, patient)


def test_a_survivor_that_changed_meanwhile_is_stale(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    with pytest.raises(Stale):
        merged(ground, survivor, other, seen=7)


def test_records_of_another_organisation_are_not_there(ground: Ground) -> None:
    mine, theirs = ground.patient(), Ground(ground.tx).patient()
    for survivor, other in ((mine, theirs), (theirs, mine)):
        with pytest.raises(NotFound):
            merged(ground, survivor, other)


def test_a_manager_merges_nothing(ground: Ground) -> None:
    survivor, other = ground.patient(), ground.patient()
    with pytest.raises(NotAllowed):
        merge_patients(context_of(ground, Role.MANAGER), patient_id=survivor, other_id=other, seen=1)
