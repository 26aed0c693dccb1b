"""Patients: added with a name and one contact, looked up, corrected."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Action, Allowance, require, require_fully
from scheduler.domain.contact import CalendarBy, Contact, Language, usual_contact
from scheduler.domain.deposits import Deposit
from scheduler.domain.folding import search_text
from scheduler.domain.phones import national_digits
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, expect_revision, record
from scheduler.operations.messages.announcing import announce_to
from scheduler.operations.messages.withdrawing import withdraw_events
from scheduler.operations.patients.likely_duplicates import LikelyDuplicate, likely_duplicates
from scheduler.storage.feeds import mark_feeds, mark_feeds_that_name
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import PatientRow
from scheduler.storage.types import new_id

WAYS = frozenset({"email", "contact", "calendar_by"})
"""What decides how a patient is told: another calendar or another call list has to be brought up to date."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A person. ``note`` is for the front desk, never clinical; ``revision`` moves with the patient and its holds."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    date_of_birth: date | None
    note: str
    deposit: Deposit
    privacy: PrivacyLevel
    contact: Contact
    calendar_by: CalendarBy
    language: Language
    reminder_days: int | None
    revision: int
    created_at: datetime

    @classmethod
    def of(cls, row: PatientRow) -> Self:
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Added:
    """A new patient, and who may be the same person already on file."""

    patient: Patient
    likely_duplicates: tuple[LikelyDuplicate, ...]


def add_patient(
    context: Context,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    date_of_birth: date | None = None,
    note: str = "",
    deposit: Deposit = Deposit.NONE,
    privacy: PrivacyLevel = PrivacyLevel.DISCREET,
    contact: Contact | None = None,
    calendar_by: CalendarBy = CalendarBy.FEED,
    language: Language = Language.ENGLISH,
    reminder_days: int | None = None,
) -> Added:
    """Add a patient. A likely duplicate is named and stops nothing: families share names and phones.

    Raises ``Invalid`` without any contact and for a birth after ``now``.
    """
    require_fully(context.actor, Action.EDIT_PATIENTS)
    row = PatientRow(id=new_id(), organisation_id=context.organisation_id, created_at=context.now)
    given = {"name": name, "phone": phone, "email": email, "date_of_birth": date_of_birth}
    wishes = {
        "contact": contact or usual_contact(email),
        "calendar_by": calendar_by,
        "language": language,
        "reminder_days": reminder_days,
    }
    _write(context, row, {**given, "note": note, "deposit": deposit, "privacy": privacy, **wishes})
    alike = likely_duplicates(context, row)
    context.tx.add(row)
    context.tx.flush()
    personal = {field: _told(value) for field, value in given.items() if value is not None}
    record(context, "patient_added", "patient", row.id, patient_id=row.id, personal=personal)
    return Added(Patient.of(row), alike)


def edit_patient(context: Context, *, patient_id: UUID, seen: int | None, given: Mapping[str, Any]) -> Patient:
    """Change some of a patient's fields; ``None`` clears one. ``seen`` is the revision that the editor saw.

    Raises ``NotFound``, ``Stale``, and ``Invalid`` when no contact is left.
    """
    require_fully(context.actor, Action.EDIT_PATIENTS)
    return changed_patient(context, patient_id, seen, given)


def changed_patient(context: Context, patient_id: UUID, seen: int | None, given: Mapping[str, Any]) -> Patient:
    """The patient with these fields changed, by somebody who was found to have the right. Raises as above."""
    lock_patients(context.tx, [patient_id])
    row = patient_row(context, patient_id)
    expect_revision("patient", row.revision, seen)
    before = {field: getattr(row, field) for field in given}
    _write(context, row, given)
    changed = sorted(field for field in given if getattr(row, field) != before[field])
    if changed:
        row.revision += 1
        _mark_feeds(context, patient_id, changed)
        personal = {field: [_told(before[field]), _told(given[field])] for field in changed}
        record(context, "patient_edited", "patient", row.id, patient_id=row.id, personal=personal, fields=changed)
    if WAYS.intersection(changed):
        context.tx.flush()
        if "email" in changed and row.calendar_by is CalendarBy.INVITATIONS and before["email"]:
            withdraw_events(context, row.id, before["email"])
        announce_to(context, row.id, f"edit:{row.revision}")
    return Patient.of(row)


def _mark_feeds(context: Context, patient_id: UUID, changed: Collection[str]) -> None:
    """A patient's own feed shows the choice of a calendar and speaks the language, the staff's feeds show the name."""
    if {"calendar_by", "language"}.intersection(changed):
        mark_feeds(context.tx, [patient_id])
    if "name" in changed:
        mark_feeds_that_name(context.tx, patient_id)


def get_patient(context: Context, *, patient_id: UUID) -> Patient:
    """One patient. Raises ``NotFound``; for a record that was merged it says into which."""
    if require(context.actor, Action.SEE_PATIENTS) is Allowance.OWN and context.actor.patient_id != patient_id:
        raise _unknown(patient_id)
    return Patient.of(patient_row(context, patient_id))


def patient_row(context: Context, patient_id: UUID) -> PatientRow:
    """The row of a patient of the actor's organisation, as it is now. Raises ``NotFound`` as ``get_patient`` does."""
    row = context.tx.get(PatientRow, patient_id, populate_existing=True)
    if row is None or row.organisation_id != context.organisation_id:
        raise _unknown(patient_id)
    if row.merged_into_id is not None:
        raise NotFound(
            "This record was merged into another one of the same person.",
            code="patient_merged",
            remedy="Use the record that it was merged into.",
            merged_into=str(row.merged_into_id),
        )
    return row


def _unknown(patient_id: UUID) -> NotFound:
    return NotFound("There is no such patient.", patient_id=str(patient_id))


def _write(context: Context, row: PatientRow, given: Mapping[str, Any]) -> None:
    for field, value in given.items():
        setattr(row, field, "" if field == "note" and value is None else value)
    row.email = row.email and row.email.lower()
    row.search_text = search_text(row.name)
    row.phone_digits = national_digits(row.phone) if row.phone else None
    if not (row.phone or row.email):
        raise Invalid("A patient needs a phone number or an e-mail address.", code="contact_missing")
    if "contact" not in given and not _reachable(row):
        row.contact = usual_contact(row.email)
    _refuse_unreachable(row)
    if row.date_of_birth and row.date_of_birth > context.now.date():
        raise Invalid("A date of birth must not lie in the future.", code="born_in_the_future")


def _reachable(row: PatientRow) -> bool:
    needed = {Contact.EMAIL: row.email, Contact.TEXT: row.phone, Contact.PHONE: row.phone}
    return row.contact is Contact.NONE or bool(needed[row.contact])


def _refuse_unreachable(row: PatientRow) -> None:
    if not _reachable(row):
        missing = "an e-mail address" if row.contact is Contact.EMAIL else "a phone number"
        raise Invalid(
            Phrase("To be told by %(contact)s needs %(missing)s.", contact=row.contact, missing=missing),
            code="contact_missing",
            contact=row.contact,
        )
    if row.calendar_by is CalendarBy.INVITATIONS and not row.email:
        raise Invalid("Invitations need an e-mail address.", code="contact_missing", calendar_by=row.calendar_by)


def _told(value: Any) -> Any:
    """A value as JSON carries it."""
    return value.isoformat() if isinstance(value, date) else value
