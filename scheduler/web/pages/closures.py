"""Closures of the clinic that is shown: entered by hand, or taken from the public holidays of its country."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.refusals import Refusal
from scheduler.operations.places.clinics import get_clinic
from scheduler.operations.places.closures import ClosuresAdded, close, close_on_holidays, list_closures, reopen
from scheduler.web.api.fields import Day, Name
from scheduler.web.pages.effects import effects_page, expect_seen, mark_of
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.notices import tell_refused
from scheduler.web.pages.places import chosen_clinic, today_at
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.resource_words import country_words
from scheduler.web.pages.words import clock, say
from scheduler.web.problems import status_of

pages = Pages("closures")

HOME = "/clinic/closures"
ALL = 200

Year = Annotated[int, Field(ge=2000, le=2100)]


class ClosuresChoice(Choice):
    """Whether something has just been saved."""

    saved: str = ""


class ClosureForm(Form):
    """Clinic dates, both included; an end that is left out is the first one."""

    first: Day
    last: Day | None = None
    label: Name
    known: str = ""


class HolidayChoice(Choice):
    """Of which year."""

    year: Year | None = None


class HolidaysForm(Form):
    """Of which year; ``known`` marks the affected that were seen."""

    year: Year
    known: str = ""


@pages.get(HOME, Action.SEE_CATALOGUE)
def index(call: PageCall, query: ClosuresChoice) -> Page:
    """The closures that are not over."""
    return Page("closures.html", _values(call) | {"saved": query.saved})


def _values(call: PageCall) -> dict[str, object]:
    place = chosen_clinic(call)
    today, clinic = today_at(call, place), get_clinic(call.context, clinic_id=place.id)
    return {
        "clinic": clinic,
        "country": country_words(clinic.country, clinic.region),
        "closures": list_closures(call.context, clinic_id=place.id, limit=ALL).items,
        "today": today,
        "years": (today.year, today.year + 1, today.year + 2),
        "manages": allowance(call.somebody.roles, Action.MANAGE_RESOURCES) is Allowance.YES,
    }


def _again(call: PageCall, refusal: Refusal) -> Page:
    if shown := effects_page(call, refusal, say("Close the clinic"), HOME):
        return shown
    typed = typed_in("closure", call.typed, refusal)
    return Page("closures.html", _values(call) | {"typed": typed}, status_of(refusal))


@pages.post(HOME, Action.MANAGE_RESOURCES, on_refusal=_again)
def add(call: PageCall, form: ClosureForm) -> See:
    """Close the clinic on these dates."""
    dates = {"starts_on": form.first, "ends_on": form.last or form.first}
    added = close(call.context, clinic_id=chosen_clinic(call).id, label=form.label, seen=None, **dates)
    expect_seen(added.affected, form.known)
    return See(f"/affected?closure={added.closures[0].id}" if added.affected else f"{HOME}?saved=1")


def _back(_call: PageCall, refusal: Refusal, closure_id: UUID) -> See:
    tell_refused(refusal)
    return See(f"{HOME}#c-{closure_id}")


@pages.post(f"{HOME}/{{closure_id}}/end", Action.MANAGE_RESOURCES, on_refusal=_back)
def end(call: PageCall, closure_id: UUID) -> See:
    """Take a closure back."""
    reopen(call.context, clinic_id=chosen_clinic(call).id, closure_id=closure_id, seen=None)
    return See(f"{HOME}?saved=1")


@pages.get(f"{HOME}/holidays", Action.MANAGE_RESOURCES)
def holidays(call: PageCall, query: HolidayChoice) -> Page:
    """The public holidays of a year, before they close the clinic."""
    year = query.year or today_at(call, chosen_clinic(call)).year
    return _holidays(call, year)


def _holidays(call: PageCall, year: int) -> Page:
    try:
        found, refusal = _taken(call, year, dry_run=True), None
    except Refusal as refused:
        found, refusal = None, refused
    affected = [(one, clock(one.starts_at, one.zone)) for one in found.affected] if found else []
    values = {"year": year, "found": found, "refusal": refusal, "affected": affected}
    known = mark_of(found.affected) if found else ""
    return Page("holidays.html", _values(call) | values | {"known": known})


def _taken(call: PageCall, year: int, *, dry_run: bool = False) -> ClosuresAdded:
    clinic_id = chosen_clinic(call).id
    return close_on_holidays(call.context, clinic_id=clinic_id, years=[year], seen=None, dry_run=dry_run)


def _holidays_again(call: PageCall, refusal: Refusal) -> Page:
    if shown := effects_page(call, refusal, say("Close on public holidays"), f"{HOME}/holidays"):
        return shown
    return Page("closures.html", _values(call) | {"typed": typed_in("year", call.typed, refusal)}, status_of(refusal))


@pages.post(f"{HOME}/holidays", Action.MANAGE_RESOURCES, on_refusal=_holidays_again)
def take_holidays(call: PageCall, form: HolidaysForm) -> See:
    """Close the clinic on the public holidays of a year."""
    added = _taken(call, form.year)
    expect_seen(added.affected, form.known)
    return See("/affected" if added.affected else f"{HOME}?saved=1")
