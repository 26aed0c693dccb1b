"""Quick adding: a new patient while the caller is on the phone, unless the person seems to be on file."""

from datetime import date

from scheduler.domain.refusals import RuleBroken
from scheduler.operations.context import Context
from scheduler.operations.patients.likely_duplicates import LikelyDuplicate
from scheduler.operations.patients.patients import Patient, add_patient


class PerhapsOnFile(RuleBroken):
    """Somebody on file may be the same person. ``known`` are these."""

    code = "perhaps_on_file"

    def __init__(self, known: tuple[LikelyDuplicate, ...]) -> None:
        detail = "This person may be on file already."
        remedy = "Choose the record that is theirs, or add a new one all the same."
        super().__init__(detail, remedy=remedy, patients=[str(one.id) for one in known])
        self.known = known


def add_caller(
    context: Context,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    date_of_birth: date | None = None,
    is_new: bool = False,
) -> Patient:
    """Add a patient by name and one contact. ``is_new`` says that nobody on file is meant.

    Raises ``PerhapsOnFile`` with those who may be meant, and as ``add_patient`` does.
    """
    added = add_patient(context, name=name, phone=phone, email=email, date_of_birth=date_of_birth)
    if added.likely_duplicates and not is_new:
        raise PerhapsOnFile(added.likely_duplicates)
    return added.patient
