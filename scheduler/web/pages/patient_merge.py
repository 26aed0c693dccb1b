"""Merging two records of one person: found, looked at side by side, and only then done."""

from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.refusals import Conflict, Refusal
from scheduler.operations.patients.likely_duplicates import LikelyDuplicate, likely_duplicates
from scheduler.operations.patients.patient_history import appointments_of_patient, series_of_patient
from scheduler.operations.patients.patient_merging import merge_patients, overlaps
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import Patient, get_patient, patient_row
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.people_words import born
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.words import say
from scheduler.web.problems import status_of

pages = Pages("patient_merge")

SHOWN = 10


class MergeChoice(Choice):
    """What was typed to find the other record, and the one that was chosen."""

    q: str = ""
    other: UUID | None = None


class MergeForm(Form):
    """``other`` is the record that ends; ``seen`` the revision of the one that stays."""

    other: UUID
    seen: int


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on file: on the record that stays, on the one that ends, and afterwards."""

    name: str
    stays: str
    ends: str
    after: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do. ``conflicts`` stand in its way."""

    other: Patient
    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]


@pages.get("/patients/{patient_id}/merge", Action.EDIT_PATIENTS)
def show(call: PageCall, patient_id: UUID, query: MergeChoice) -> Page:
    """Find the other record, or look at what a merge with it would do."""
    return Page("patient_merge.html", _values(call, patient_id, query))


def again(call: PageCall, refusal: Refusal, patient_id: UUID) -> Page:
    """The preview as it is now, with the reason why nothing was merged."""
    values = _values(call, patient_id, MergeChoice())
    return Page("patient_merge.html", values | {"typed": typed_in("merge", {}, refusal)}, status_of(refusal))


@pages.post("/patients/{patient_id}/merge", Action.EDIT_PATIENTS, on_refusal=again)
def merge(call: PageCall, patient_id: UUID, form: MergeForm) -> See:
    """Let the other record become part of this one."""
    merge_patients(call.context, patient_id=patient_id, other_id=form.other, seen=form.seen)
    return See(f"/patients/{patient_id}?saved=1")


def _values(call: PageCall, patient_id: UUID, query: MergeChoice) -> dict[str, object]:
    patient = get_patient(call.context, patient_id=patient_id)
    found = find_patients(call.context, q=query.q, limit=SHOWN).items if query.q else ()
    return {
        "patient": patient,
        "q": query.q,
        "alike": _alike(call, patient_id),
        "found": [one for one in found if one.id != patient_id],
        "preview": _preview(call, patient, query.other) if query.other and query.other != patient_id else None,
    }


def _alike(call: PageCall, patient_id: UUID) -> tuple[LikelyDuplicate, ...]:
    return likely_duplicates(call.context, patient_row(call.context, patient_id))


def _preview(call: PageCall, stays: Patient, other_id: UUID) -> MergePreview:
    ends = get_patient(call.context, patient_id=other_id)
    conflicts = tuple(overlaps(call.context, stays.id, ends.id))
    return MergePreview(ends, (*_on_file(stays, ends), *_counted(call, stays, ends)), conflicts)


def _on_file(stays: Patient, ends: Patient) -> tuple[Row, ...]:
    """What is missing is filled in, and both notes are kept."""
    notes = "\n".join(dict.fromkeys(note for note in (stays.note, ends.note) if note))
    dates = [born(one.date_of_birth) if one.date_of_birth else "" for one in (stays, ends)]
    pairs = (
        (say("Phone"), stays.phone or "", ends.phone or ""),
        (say("E-mail"), stays.email or "", ends.email or ""),
        (say("Date of birth"), *dates),
    )
    rows = [Row(name, mine, theirs, mine or theirs) for name, mine, theirs in pairs]
    return (Row(say("Name"), stays.name, ends.name, stays.name), *rows, Row(say("Note"), stays.note, ends.note, notes))


def _counted(call: PageCall, stays: Patient, ends: Patient) -> tuple[Row, ...]:
    series = [len(series_of_patient(call.context, patient_id=one.id)) for one in (stays, ends)]
    visits = [len(appointments_of_patient(call.context, patient_id=one.id)) for one in (stays, ends)]
    found = ((say("Series"), series), (say("Appointments"), visits))
    return tuple(Row(name, str(mine), str(theirs), str(mine + theirs)) for name, (mine, theirs) in found)
