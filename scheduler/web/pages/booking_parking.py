"""Parked bookings: put aside on this browser when the next call comes. The session keeps ids and choices, no names."""

from dataclasses import dataclass
from uuid import UUID

from flask import session

from scheduler.domain.refusals import Refusal
from scheduler.operations.patients.patients import get_patient
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.registry import PageCall

PARKED = "parked"
MOST = 3


@dataclass(frozen=True, slots=True)
class Parked:
    """A booking that was put aside. ``asked`` is its choice as an address has it."""

    asked: str
    patient: str


def park(choice: BookingChoice) -> None:
    """Put a booking aside; the oldest goes when there are too many."""
    if choice.patient is not None:
        one = choice.model_copy(update={"q": None}).query
        session[PARKED] = [one, *(other for other in _kept() if other != one)][:MOST]


def forget(choice: BookingChoice) -> None:
    """Take a booking off the list."""
    session[PARKED] = [other for other in _kept() if other != choice.query]


def parked(call: PageCall) -> list[Parked]:
    """What was put aside, the latest first. A patient who is gone takes the booking along."""
    found = []
    for asked in _kept():
        try:
            patient_id = BookingChoice.of_query(asked).patient or UUID(int=0)
            found.append(Parked(asked, get_patient(call.context, patient_id=patient_id).name))
        except Refusal:
            continue
    return found


def _kept() -> list[str]:
    known = session.get(PARKED)
    return [one for one in known if isinstance(one, str)] if isinstance(known, list) else []
