"""Preferences: what one browser chose of its own, kept in its session."""

from typing import Literal
from uuid import UUID

from flask import session

from scheduler.domain.access import Action
from scheduler.domain.contact import Language
from scheduler.domain.refusals import NotFound
from scheduler.web.pages.notices import forget_done
from scheduler.web.pages.places import clinics
from scheduler.web.pages.registry import ANYBODY, Form, PageCall, Pages, See
from scheduler.web.pages.visitor import own_path

pages = Pages("preferences")


class Preferences(Form):
    """One choice or several; what is not sent stays as it was."""

    theme: Literal["light", "dark", "machine"] | None = None
    language: Language | None = None
    keys: Literal["on", "off"] | None = None
    back: str = "/"


class ClinicChoice(Form):
    """The clinic to show."""

    clinic: UUID
    back: str = "/"


class Back(Form):
    """Where to go afterwards."""

    back: str = "/"


@pages.post("/preferences", ANYBODY)
def choose(_call: PageCall, form: Preferences) -> See:
    """Remember choices."""
    chosen = form.model_dump(mode="json", include={"theme", "language", "keys"}, exclude_none=True)
    session.update(chosen)
    return See(own_path(form.back))


@pages.post("/clinic-choice", Action.SEE_SCHEDULE)
def choose_clinic(call: PageCall, form: ClinicChoice) -> See:
    """Show another clinic from now on. Raises ``NotFound``."""
    if form.clinic not in {one.id for one in clinics(call)}:
        raise NotFound("There is no such clinic.", clinic_id=str(form.clinic))
    session["clinic"] = str(form.clinic)
    return See(own_path(form.back))


@pages.post("/notice/close", Action.SEE_SCHEDULE)
def close_notice(_call: PageCall, form: Back) -> See:
    """Say no more of the last deed."""
    forget_done()
    return See(own_path(form.back))
