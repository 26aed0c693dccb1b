"""Importing patients: one line of a list, read as strictly as a request, becomes one patient."""

from collections.abc import Callable, Mapping
from typing import Any

from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.domain.spelling import EMAIL, LONGEST_NAME, LONGEST_PROSE, PHONE, clean, read_day
from scheduler.operations.context import Context
from scheduler.operations.patients.likely_duplicates import LikelyDuplicate
from scheduler.operations.patients.patients import Added, Patient, add_patient

REQUIRED = ("name",)
NO_BREAK_SPACE = "\u00a0"


def import_patient(context: Context, values: Mapping[str, str]) -> Added:
    """Add the patient of one line, given by column; an empty value is none.

    Raises ``Invalid`` (``unreadable_line``) with every value that cannot be taken, what ``add_patient`` raises, and
    ``RuleBroken`` (``already_imported``) for who is on file with the very same name, contacts and date of birth.
    """
    added = add_patient(context, **_read(values))
    for other in added.likely_duplicates:
        if _identity(other) == _identity(added.patient):
            raise RuleBroken(
                f"Already imported: {other.name} is on file with all that this line says.",
                code="already_imported",
                remedy="If this is somebody else, add them by hand.",
                patient_id=str(other.id),
            )
    return added


def _identity(one: Patient | LikelyDuplicate) -> tuple[object, ...]:
    return one.name, one.phone, one.email, one.date_of_birth


def _read(values: Mapping[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    faults: list[str] = []
    for column, reader in READERS.items():
        text = values.get(column, "").replace(NO_BREAK_SPACE, " ").strip(" ")
        if not text and column not in REQUIRED:
            continue
        try:
            read[column] = reader(text)
        except ValueError as fault:
            faults.append(f"{column} {fault}")
    if faults:
        raise Invalid(f"{'; '.join(faults)}.", code="unreadable_line", faults=faults)
    return read


def _name(text: str) -> str:
    """Refuses what a spreadsheet shows or computes in the place of a name."""
    if text.startswith(("=", "+", "@", "#")):
        raise ValueError("must be a name, not a formula or an error of a spreadsheet")
    return _at_most(LONGEST_NAME, clean(text))


def _note(text: str) -> str:
    return _at_most(LONGEST_PROSE, clean(text, lines=True))


def _at_most(longest: int, text: str) -> str:
    if len(text) > longest:
        raise ValueError(f"must not be longer than {longest} characters")
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "name": _name,
    "phone": PHONE.check,
    "email": EMAIL.check,
    "date_of_birth": read_day,
    "note": _note,
}
"""The columns, and how each is read."""
