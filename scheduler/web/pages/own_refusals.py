"""Refusals on a patient's own pages, in the patient's language and without staff's terms."""

from collections.abc import Mapping
from dataclasses import replace

from scheduler.domain.refusals import Refusal
from scheduler.web.pages.faults import Typed, typed_in
from scheduler.web.pages.words import say


def typed_by_patient(form: str, values: Mapping[str, str], refusal: Refusal) -> Typed:
    """A form as it was typed, with what is wrong."""
    typed = typed_in(form, values, refusal)
    detail, remedy = _told(refusal.code)
    return replace(typed, detail=detail, remedy=remedy, faults={name: _fault(name) for name in typed.faults})


def _told(code: str) -> tuple[str, str]:
    told = {
        "birth_wrong": (say("This is not the date that we have."), say("Call us if you are unsure.")),
        "too_many_attempts": (say("There were too many attempts in a short time."), say("Wait a while, or call us.")),
        "not_to_come": (say("This session can no longer be changed here."), say("Please call us.")),
        "contact_missing": (say("For this we need another contact of yours."), say("Please call us.")),
        "invalid_form": (say("Something is not right yet"), ""),
    }
    return told.get(code, (say("That did not work"), say("Please try again, or call us.")))


def _fault(name: str) -> str:
    known = {"born": say("Give a date such as 28.2.1990."), "appointment": say("Choose a session.")}
    return known.get(name) or say("Please check this.")
