"""Patients: found, added, corrected, merged."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Action
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.deposits import Deposit
from scheduler.operations.patients.patient_merging import merge_patients
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import Patient, add_patient, edit_patient, get_patient
from scheduler.web.api.fields import Day, Email, Id, Name, Phone, Prose, Text
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("patients")

ONE_CONTACT: Any = [{"required": [one], "properties": {one: {"type": "string"}}} for one in ("phone", "email")]
"""A name and one contact suffice."""


ReminderDays = Annotated[int, Field(strict=True, ge=0, le=14)]
"""Days before a visit; 0 wants no reminder."""


class PatientQuery(PageQuery):
    """``q``: parts of a name in any order, of a phone number, or a date of birth."""

    q: Annotated[str, Text(100)] | None = None


class NewPatient(Body):
    """A name and one contact suffice. ``note`` is for the front desk, and nothing clinical belongs there.

    Without ``contact`` it is e-mail where there is an address, else the phone. ``reminder_days`` before a visit: null
    takes the protocol's.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": ONE_CONTACT})

    name: Name
    phone: Phone | None = None
    email: Email | None = None
    date_of_birth: Day | None = None
    note: Prose | None = None
    deposit: Deposit = Deposit.NONE
    privacy: PrivacyLevel = PrivacyLevel.DISCREET
    contact: Contact | None = None
    calendar_by: CalendarBy = CalendarBy.FEED
    language: Language = Language.ENGLISH
    reminder_days: ReminderDays | None = None


class PatientEdit(Body):
    """What is left out stays as it is; null clears. The factories keep a default out of the description."""

    name: Name = Field(default_factory=str)
    phone: Phone | None = None
    email: Email | None = None
    date_of_birth: Day | None = None
    note: Prose | None = None
    deposit: Deposit = Field(default_factory=lambda: Deposit.NONE)
    privacy: PrivacyLevel = Field(default_factory=lambda: PrivacyLevel.DISCREET)
    contact: Contact = Field(default_factory=lambda: Contact.PHONE)
    calendar_by: CalendarBy = Field(default_factory=lambda: CalendarBy.FEED)
    language: Language = Field(default_factory=lambda: Language.ENGLISH)
    reminder_days: ReminderDays | None = None


class MergeOrder(Body):
    """``other_id`` is the record that ends."""

    other_id: Id


class PatientView(View):
    """A patient as the front desk sees one."""

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


class LikelyDuplicateView(View):
    """Somebody on file who may be the same person."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    date_of_birth: date | None
    shared: list[Literal["name", "phone", "email"]]


class AddedView(View):
    """The new patient, and whom to compare it with before going on."""

    patient: PatientView
    likely_duplicates: list[LikelyDuplicateView]


class PatientPage(PageView[PatientView]):
    """Some patients."""


@routes.get("/patients", Action.SEE_PATIENTS, "Find patients by name, phone or date of birth")
def find(call: Call, query: PatientQuery) -> Answer[PatientPage]:
    page = find_patients(call.context, q=query.q or "", after=query.after(UUID), limit=query.limit)
    return Answer(PatientPage(items=items_of(PatientView, page.items), next=query.next(page)))


@routes.post("/patients", Action.EDIT_PATIENTS, "Add a patient", status=201)
def add(call: Call, body: NewPatient) -> Answer[AddedView]:
    added = add_patient(call.context, **{**dict(body), "note": body.note or ""})
    return Answer(AddedView.of(added), added.patient.revision, f"/patients/{added.patient.id}")


@routes.get("/patients/{patient_id}", Action.SEE_PATIENTS, "Look at one patient")
def look_at(call: Call, patient_id: UUID) -> Answer[PatientView]:
    return _answer(get_patient(call.context, patient_id=patient_id))


@routes.patch("/patients/{patient_id}", Action.EDIT_PATIENTS, "Correct a patient")
def edit(call: Call, patient_id: UUID, body: PatientEdit) -> Answer[PatientView]:
    given = {field: getattr(body, field) for field in body.model_fields_set}
    return _answer(edit_patient(call.context, patient_id=patient_id, seen=call.seen, given=given))


@routes.post(
    "/patients/{patient_id}/merge",
    Action.EDIT_PATIENTS,
    "Merge another record into this one",
    revision=IfMatch.REQUIRED,
)
def merge(call: Call, patient_id: UUID, body: MergeOrder) -> Answer[PatientView]:
    merged = merge_patients(call.context, patient_id=patient_id, other_id=body.other_id, seen=call.seen)
    return _answer(merged)


def _answer(patient: Patient) -> Answer[PatientView]:
    return Answer(PatientView.of(patient), patient.revision)
