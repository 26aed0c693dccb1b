"""Patients: a name and one contact suffice; corrections are on record; likely duplicates are named."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Actor, Role
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.deposits import Deposit
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Stale
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import Added, Patient, add_patient, edit_patient, get_patient
from scheduler.storage.rows import AuditPersonalRow, AuditRow
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW


def added(clinic: Clinic, name: str = "Zoë Ångström", **values: Any) -> Added:
    given = {"name": name, "phone": "020 7946 0958"} | values
    return clinic.do(lambda context: add_patient(context, **given))


def edited(clinic: Clinic, patient: Patient, seen: int | None = None, **given: Any) -> Patient:
    return clinic.do(lambda context: edit_patient(context, patient_id=patient.id, seen=seen, given=given))


def looked_up(clinic: Clinic, patient: Patient) -> Patient:
    return clinic.do(lambda context: get_patient(context, patient_id=patient.id))


def test_a_name_and_a_phone_suffice(clinic: Clinic) -> None:
    patient = added(clinic).patient
    assert looked_up(clinic, patient) == Patient(
        id=patient.id,
        name="Zoë Ångström",
        phone="020 7946 0958",
        email=None,
        date_of_birth=None,
        note="",
        deposit=Deposit.NONE,
        privacy=PrivacyLevel.DISCREET,
        contact=Contact.PHONE,
        calendar_by=CalendarBy.FEED,
        language=Language.ENGLISH,
        reminder_days=None,
        revision=1,
        created_at=NOW,
    )


def test_a_name_and_an_e_mail_address_suffice(clinic: Clinic) -> None:
    patient = added(clinic, phone=None, email="Zoe@Clinic.Example").patient
    assert (patient.phone, patient.email) == (None, "zoe@clinic.example")


def test_who_was_not_asked_is_told_by_mail_where_there_is_an_address(clinic: Clinic) -> None:
    assert added(clinic, email="zoe@clinic.example").patient.contact is Contact.EMAIL


def test_a_choice_without_its_address_or_number_is_refused(clinic: Clinic) -> None:
    for wish in ({"contact": Contact.EMAIL}, {"calendar_by": CalendarBy.INVITATIONS}):
        with pytest.raises(Invalid) as refused:
            added(clinic, **wish)
        assert refused.value.code == "contact_missing"
    with pytest.raises(Invalid):
        added(clinic, phone=None, email="zoe@clinic.example", contact=Contact.TEXT)


def test_who_loses_an_address_is_called(clinic: Clinic) -> None:
    patient = added(clinic, email="zoe@clinic.example").patient
    given = {"email": None}
    edited = clinic.do(lambda c: edit_patient(c, patient_id=patient.id, seen=patient.revision, given=given))
    assert edited.contact is Contact.PHONE


def test_a_patient_without_any_contact_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refused:
        added(clinic, phone=None)
    assert refused.value.code == "contact_missing"


def test_a_birth_today_is_accepted_and_one_tomorrow_refused(clinic: Clinic) -> None:
    assert added(clinic, date_of_birth=date(2026, 3, 2)).patient.date_of_birth == date(2026, 3, 2)
    with pytest.raises(Invalid) as refused:
        added(clinic, date_of_birth=date(2026, 3, 3))
    assert refused.value.code == "born_in_the_future"


def test_adding_is_on_record_with_the_person_s_values_apart(clinic: Clinic) -> None:
    patient = added(clinic).patient
    with clinic.database.read() as tx:
        row = tx.scalars(select(AuditRow).where(AuditRow.about_id == patient.id)).one()
        personal = tx.scalars(select(AuditPersonalRow.values).where(AuditPersonalRow.audit_number == row.number)).one()
    assert (row.action, row.facts, row.actor_id) == ("patient_added", {}, clinic.users[Role.RECEPTION])
    assert personal == {"name": "Zoë Ångström", "phone": "020 7946 0958"}


def test_an_edit_changes_what_is_given_and_raises_the_revision(clinic: Clinic) -> None:
    patient = added(clinic).patient
    changed = edited(clinic, patient, seen=1, name="Zoe Ångström", date_of_birth=date(1984, 3, 12), note="Rings twice")
    assert (changed.name, changed.date_of_birth, changed.note) == ("Zoe Ångström", date(1984, 3, 12), "Rings twice")
    assert (changed.phone, changed.revision) == ("020 7946 0958", 2)
    assert looked_up(clinic, patient) == changed


def test_an_edit_is_on_record_with_before_and_after(clinic: Clinic) -> None:
    patient = added(clinic).patient
    edited(clinic, patient, phone="07700 900123", note=None)
    with clinic.database.read() as tx:
        found = select(AuditRow.facts, AuditPersonalRow.values).join(AuditPersonalRow)
        edits = found.where(AuditRow.action == "patient_edited", AuditRow.about_id == patient.id)
        rows = tx.execute(edits).all()
    assert rows == [({"fields": ["phone"]}, {"phone": ["020 7946 0958", "07700 900123"]})]


def test_an_edit_that_changes_nothing_is_no_deed(clinic: Clinic) -> None:
    patient = added(clinic).patient
    assert edited(clinic, patient, name="Zoë Ångström") == patient


def test_null_clears_a_field_but_not_the_last_contact(clinic: Clinic) -> None:
    patient = added(clinic, email="zoe@clinic.example").patient
    assert edited(clinic, patient, phone=None).phone is None
    with pytest.raises(Invalid):
        edited(clinic, patient, email=None)
    assert looked_up(clinic, patient).email == "zoe@clinic.example"


def test_an_edit_of_what_somebody_else_changed_is_stale(clinic: Clinic) -> None:
    patient = added(clinic).patient
    edited(clinic, patient, seen=1, note="first")
    with pytest.raises(Stale) as refused:
        edited(clinic, patient, seen=1, note="second")
    assert refused.value.facts == {"revision": 2, "seen": 1}
    assert looked_up(clinic, patient).note == "first"


def test_another_organisation_s_patient_is_not_there(clinic: Clinic) -> None:
    theirs = added(open_clinic(clinic.database)).patient
    for deed in (looked_up, edited):
        with pytest.raises(NotFound):
            deed(clinic, theirs)


def test_a_patient_that_never_was_is_not_there(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        clinic.do(lambda context: get_patient(context, patient_id=uuid4()))


def test_a_manager_looks_and_changes_nothing(clinic: Clinic) -> None:
    patient = added(clinic).patient
    assert clinic.do(lambda context: get_patient(context, patient_id=patient.id), Role.MANAGER) == patient
    with pytest.raises(NotAllowed):
        clinic.do(lambda context: add_patient(context, name="New", phone="0301234"), Role.MANAGER)
    with pytest.raises(NotAllowed):
        clinic.do(lambda context: edit_patient(context, patient_id=patient.id, seen=1, given={}), Role.MANAGER)


def test_a_patient_sees_their_own_record_alone(clinic: Clinic) -> None:
    mine, other = added(clinic).patient, added(clinic, "Somebody Else").patient
    me = Actor(uuid4(), clinic.organisation_id, "me", frozenset({Role.PATIENT}), patient_id=mine.id)
    with clinic.database.read() as tx:
        assert get_patient(Context(tx, me, NOW), patient_id=mine.id) == mine
        with pytest.raises(NotFound):
            get_patient(Context(tx, me, NOW), patient_id=other.id)


@pytest.mark.parametrize(
    ("known", "new", "shared"),
    [
        ({"name": "Anna Kowalska"}, {"name": "KOWALSKA Ánna", "phone": "0301234"}, [("name",)]),
        ({"name": "Anna Maria Kowalska"}, {"name": "Kowalska Anna Maria", "phone": "0301234"}, [("name",)]),
        ({"name": "Anna Kowalska"}, {"name": "Anna Nowak", "phone": "+44 20 7946 0958"}, [("phone",)]),
        ({"name": "Anna Kowalska"}, {"name": "Anna Kowalska", "phone": "+44 20 7946 0958"}, [("name", "phone")]),
        ({"name": "Anna Kowalska", "email": "a@b.pl"}, {"name": "Anna Nowak", "email": "A@B.pl"}, [("phone", "email")]),
        ({"name": "Anna Kowalska"}, {"name": "Jan Nowak"}, []),
        ({"name": "Anna Kowalska"}, {"name": "Anna Nowak", "phone": "0301234"}, []),
        (
            {"name": "Anna Kowalska", "date_of_birth": date(1984, 3, 12)},
            {"name": "Anna Kowalska", "date_of_birth": date(2014, 3, 12)},
            [],
        ),
        (
            {"name": "Anna Kowalska", "date_of_birth": date(1984, 3, 12)},
            {"name": "Anna Kowalska", "phone": "0301234", "date_of_birth": date(1984, 3, 12)},
            [("name",)],
        ),
    ],
)
def test_a_likely_duplicate_is_named(
    clinic: Clinic, known: dict[str, Any], new: dict[str, Any], shared: list[tuple[str, ...]]
) -> None:
    added(clinic, **known)
    assert [alike.shared for alike in added(clinic, **new).likely_duplicates] == shared


def test_those_who_share_most_are_named_first_and_five_at_most(clinic: Clinic) -> None:
    for number in range(6):
        added(clinic, "Anna Kowalska", phone=f"030 12345{number}")
    twin = added(clinic, "Anna Kowalska").patient
    named = added(clinic, "Anna Kowalska").likely_duplicates
    assert (named[0].id, named[0].shared, len(named)) == (twin.id, ("name", "phone"), 5)


def test_another_organisation_s_patient_is_no_duplicate(clinic: Clinic) -> None:
    added(open_clinic(clinic.database), "Anna Kowalska")
    assert added(clinic, "Anna Kowalska").likely_duplicates == ()
