"""One patient: what is on file, what was and will be, and the forms that change it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.deposits import Deposit
from scheduler.domain.refusals import Refusal
from scheduler.domain.reminders import LONGEST_NOTICE_DAYS
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.holds.hold_sheets import HoldFilter, HoldSheet, list_holds
from scheduler.operations.patients.patient_history import (
    PastOrComing,
    PatientSeries,
    appointments_of_patient,
    series_of_patient,
)
from scheduler.operations.patients.patients import Patient, edit_patient, get_patient
from scheduler.web.api.fields import Day, Email, Name, Phone, Prose
from scheduler.web.pages import people_words
from scheduler.web.pages.appointment_words import Line, line_of
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.hold_subject import HoldTold, decides
from scheduler.web.pages.navigation import has_page
from scheduler.web.pages.patient_links import Links, links_of
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.series_notes import deed_notes
from scheduler.web.problems import status_of

pages = Pages("patient")

STANDING = (HoldFilter.PROPOSED, HoldFilter.ACTIVE, HoldFilter.OVERDUE)


class Shown(Choice):
    """Whether something has just been saved, which link has just been made, and what was done about a hold."""

    saved: Literal["1"] | None = None
    shown: UUID | None = None
    told: HoldTold | None = None


class Edit(Form):
    """``seen`` is the revision that the editor saw."""

    seen: int


class Details(Edit):
    """Who the patient is. What is left empty is cleared."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None
    date_of_birth: Day | None = None


class Telling(Edit):
    """How the patient wants to be told, and what may be said."""

    contact: Contact
    language: Language
    calendar_by: CalendarBy
    privacy: PrivacyLevel
    reminder_days: Annotated[int, Field(ge=0, le=LONGEST_NOTICE_DAYS)] | None = None


class Note(Edit):
    """The front desk's note, and its marker of a deposit. Nothing clinical belongs there."""

    note: Prose | None = None
    deposit: Deposit = Deposit.NONE


@dataclass(frozen=True, slots=True)
class OnFile:
    """All that the page of a patient shows. Holds say until when and whom to ask; why, only to those who may know."""

    patient: Patient
    series: tuple[PatientSeries, ...]
    coming: tuple[Line, ...]
    past: tuple[Line, ...]
    missed: int
    holds: tuple[HoldSheet, ...]
    links: Links | None
    edits: bool
    history: str | None


@pages.get("/patients/{patient_id}", Action.SEE_PATIENTS)
def show(call: PageCall, patient_id: UUID, query: Shown) -> Page:
    """The page of one patient."""
    just = {"saved": query.saved, "shown": query.shown, "notes": tuple(deed_notes(query.told))}
    return Page("patient.html", _values(call, patient_id) | just)


def again(form: str, call: PageCall, refusal: Refusal, patient_id: UUID) -> Page:
    """The same page, with the form as it was typed, what is wrong, and what somebody else has saved meanwhile."""
    typed = typed_in(form, call.typed, refusal)
    return Page("patient.html", _values(call, patient_id) | {"typed": typed}, status_of(refusal))


@pages.post("/patients/{patient_id}/details", Action.EDIT_PATIENTS, on_refusal=partial(again, "details"))
def details(call: PageCall, patient_id: UUID, form: Details) -> See:
    """Correct who the patient is."""
    return _edited(call, patient_id, form)


@pages.post("/patients/{patient_id}/telling", Action.EDIT_PATIENTS, on_refusal=partial(again, "telling"))
def telling(call: PageCall, patient_id: UUID, form: Telling) -> See:
    """Change how the patient is told."""
    return _edited(call, patient_id, form)


@pages.post("/patients/{patient_id}/note", Action.EDIT_PATIENTS, on_refusal=partial(again, "note"))
def note(call: PageCall, patient_id: UUID, form: Note) -> See:
    """Write the note."""
    return _edited(call, patient_id, form)


def _edited(call: PageCall, patient_id: UUID, form: Edit) -> See:
    edit_patient(call.context, patient_id=patient_id, seen=form.seen, given=form.model_dump(exclude={"seen"}))
    return See(f"/patients/{patient_id}?saved=1")


def _values(call: PageCall, patient_id: UUID) -> dict[str, object]:
    found = _read(call, patient_id)
    return {
        "found": found,
        "patient": found.patient,
        "options": {
            "deposit": people_words.deposit_options(),
            "contact": people_words.contact_options(),
            "calendar_by": people_words.calendar_options(),
            "privacy": people_words.privacy_options(),
            "language": people_words.language_options(),
            "reminder_days": people_words.reminder_options(),
        },
        "reminder": "" if found.patient.reminder_days is None else str(found.patient.reminder_days),
        "books": _may(call, Action.BOOK),
        "places": allowance(call.somebody.roles, Action.PLACE_HOLD) is not None,
        "decides": decides(call),
    }


def _read(call: PageCall, patient_id: UUID) -> OnFile:
    patient = get_patient(call.context, patient_id=patient_id)
    appointments = appointments_of_patient(call.context, patient_id=patient_id)
    past = [one for one in appointments if not one.is_to_come(call.now)]
    return OnFile(
        patient=patient,
        series=series_of_patient(call.context, patient_id=patient_id),
        coming=_lines(one for one in appointments if one.is_to_come(call.now)),
        past=_lines(reversed(past)),
        missed=sum(one.status is AppointmentStatus.NOSHOW for one in past),
        holds=list_holds(call.context, states=STANDING, patient_id=patient_id).items,
        links=links_of(call, patient) if _may(call, Action.ISSUE_PATIENT_LINKS) else None,
        edits=_may(call, Action.EDIT_PATIENTS),
        history=_history(call, patient_id),
    )


def _lines(appointments: Iterable[PastOrComing]) -> tuple[Line, ...]:
    return tuple(line_of(one) for one in appointments)


def _may(call: PageCall, action: Action) -> bool:
    return allowance(call.somebody.roles, action) is Allowance.YES


def _history(call: PageCall, patient_id: UUID) -> str | None:
    sees = allowance(call.somebody.roles, Action.SEE_AUDIT) is not None
    return f"/audit?about={patient_id}" if sees and has_page("/audit") else None
