"""What is wrong with a catalogue, said so that whoever edits the file finds the place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from scheduler.domain.refusals import Conflict, Invalid

PLAINER_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this row",
    "unexpected_keyword_argument": "is not a field of this row",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, in words that end the sentence "field so-and-so: …"."""

    field: str
    detail: str

    def at(self, file: str, row: str) -> Conflict:
        """The fault as one sentence that names file, row and field."""
        return Conflict(
            code="catalogue_field",
            detail=f'{file}, row "{row}", field {self.field}: {self.detail.rstrip(".")}.',
            facts={"file": file, "row": row, "field": self.field},
            remedy="Correct this field and try again.",
        )


class CatalogueInvalid(Invalid):
    """The catalogue, or one row of it, cannot be used. ``conflicts`` has one entry for each field that is wrong."""

    code = "catalogue_invalid"

    @classmethod
    def because_of(cls, conflicts: Iterable[Conflict]) -> "CatalogueInvalid":
        """One refusal that says all of them, a line each."""
        found = tuple(conflicts)
        return cls("\n".join(conflict.detail for conflict in found), conflicts=found)


def refuse_faulty(conflicts: Iterable[Conflict]) -> None:
    """Raise one ``CatalogueInvalid`` that carries all conflicts; with none, do nothing."""
    if found := tuple(conflicts):
        raise CatalogueInvalid.because_of(found)


def faults_in(error: ValidationError) -> Iterator[Fault]:
    """The faults that validation found. The first part of each location is the envelope's and is left out."""
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(part) for part in found["loc"][1:])
        words = PLAINER_WORDS.get(found["type"], found["msg"].removeprefix("Value error, "))
        yield Fault(path or "(the row)", words)
