"""Who is calling: the patients that are found, and a new one when there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduler.domain.spelling import PHONE
from scheduler.operations.patients.likely_duplicates import LikelyDuplicate
from scheduler.operations.patients.patient_search import find_patients
from scheduler.operations.patients.patients import Patient
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_parking import Parked, parked
from scheduler.web.pages.booking_words import born
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.words import counted, say

FOUND = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody on file. ``path`` goes on with the booking, ``detail`` tells two of the same name apart."""

    path: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The form for a new patient: what stands in it, what is wrong with it, and who may be meant instead."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    refused: str = ""
    known: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """The search as it stands; ``told`` is empty as long as nothing was typed."""

    choice: BookingChoice
    hits: tuple[Hit, ...]
    has_more: bool
    told: str
    newcomer: Newcomer
    parked: list[Parked]

    @property
    def asked(self) -> str:
        """The choice without what was typed."""
        return self.choice.model_copy(update={"q": None}).query

    @property
    def is_in_vain(self) -> bool:
        return bool(self.choice.q) and not self.hits


def search_of(call: PageCall, choice: BookingChoice, newcomer: Newcomer | None = None) -> Search:
    """Look for what was typed."""
    found = find_patients(call.context, q=choice.q, limit=FOUND) if choice.q else None
    hits = hits_of(found.items, choice) if found else ()
    told = _told(len(hits)) if found else ""
    more = bool(found and found.last is not None)
    return Search(choice, hits, more, told, newcomer or _empty(choice.q or ""), parked(call))


def _told(number: int) -> str:
    return counted("One patient found", "%(number)d patients found", number) if number else say("Nobody is found.")


def hits_of(people: Iterable[Patient | LikelyDuplicate], choice: BookingChoice) -> tuple[Hit, ...]:
    """A line for each of these people."""
    return tuple(Hit(choice.path(patient=one.id, q=None), one.name, _detail(one)) for one in people)


def _detail(one: Patient | LikelyDuplicate) -> str:
    birth = born(one.date_of_birth) if one.date_of_birth else None
    return ", ".join(filter(None, (birth, one.phone or one.email)))


def _empty(typed: str) -> Newcomer:
    """What was looked for in vain is the name, or the phone number, of the new patient."""
    try:
        field = "phone" if PHONE.check(typed) else "name"
    except ValueError:
        field = "name"
    return Newcomer({field: typed}, {})
