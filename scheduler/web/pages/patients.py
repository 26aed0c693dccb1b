"""Patients: found while somebody types, and added."""

from typing import Annotated, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.refusals import Refusal
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import Patient
from scheduler.operations.patients.quick_adding import PerhapsOnFile, add_caller
from scheduler.web.api.fields import Day, Email, Name, Phone
from scheduler.web.pages.faults import Typed, typed_in
from scheduler.web.pages.registry import Answer, Choice, Form, Page, PageCall, Pages, See
from scheduler.web.problems import status_of

pages = Pages("patients")

FOUND = "found"
SHOWN = 25
LONGEST = 120


class Search(Choice):
    """What was typed, and the last patient of the page before."""

    q: str = ""
    after: UUID | None = None


class NewPatient(Form):
    """A name and one contact suffice. ``is_new`` says that nobody on file is meant."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None
    date_of_birth: Day | None = None
    is_new: Literal["yes"] | None = None


class Begun(Choice):
    """What was typed into the search before it turned out that the person is not on file."""

    name: Annotated[str, Field(max_length=LONGEST)] = ""


@pages.get("/patients", Action.SEE_PATIENTS)
def index(call: PageCall, query: Search) -> Answer:
    """Patients by name, phone or date of birth: whole, or only what was found where a script asks for just that."""
    q = query.q[:LONGEST]
    found = find_patients(call.context, q=q, after=query.after, limit=SHOWN)
    values = {"found": found.items, "next": found.last, "q": q, "after": query.after}
    part = request.headers.get("HX-Target") == FOUND
    return Page("parts/patients_found.html" if part else "patients.html", values)


@pages.get("/patients/new", Action.EDIT_PATIENTS)
def begin(_call: PageCall, query: Begun) -> Answer:
    """The form of a new patient."""
    digits = sum(sign.isdigit() for sign in query.name)
    field = "phone" if digits > len(query.name) / 2 else "name"
    return Page("patient_new.html", {"values": {field: query.name}})


def again(call: PageCall, refusal: Refusal) -> Page:
    """The form as it was typed, with what is wrong, or who may be meant."""
    typed: Typed = typed_in("new", call.typed, refusal)
    known = refusal.known if isinstance(refusal, PerhapsOnFile) else ()
    return Page("patient_new.html", {"values": call.typed, "typed": typed, "known": known}, status_of(refusal))


@pages.post("/patients", Action.EDIT_PATIENTS, on_refusal=again)
def add(call: PageCall, form: NewPatient) -> See:
    """Add a patient, unless the person seems to be on file."""
    given = form.model_dump(exclude={"is_new"})
    patient: Patient = add_caller(call.context, **given, is_new=form.is_new == "yes")
    return See(f"/patients/{patient.id}")
