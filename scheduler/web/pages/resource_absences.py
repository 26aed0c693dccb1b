"""Absences of a resource: entered for today by reception or oneself, for any day by a manager, and taken back."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import clinic_date, day_bounds, instant_of
from scheduler.domain.refusals import Invalid, NotAllowed, Refusal
from scheduler.operations.places.absences import add_absence, remove_absence
from scheduler.operations.places.clinics import get_clinic
from scheduler.operations.places.resources import get_resource
from scheduler.web.api.fields import Day, Name, WallTime
from scheduler.web.pages.effects import effects_page, expect_seen
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.notices import tell_refused
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.resource_page import HOME, may_block
from scheduler.web.pages.words import say
from scheduler.web.problems import status_of

pages = Pages("resource_absences")

MIDNIGHT = "24:00"


class AbsenceChoice(Choice):
    """The day that was looked at."""

    on: Day | None = None


class AbsenceForm(Form):
    """From a wall time to another, on clinic dates; an end date that is left out is the first one."""

    first: Day
    start: WallTime = "00:00"
    last: Day | None = None
    end: WallTime = MIDNIGHT
    label: Name | None = None
    known: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the empty form suggests."""

    first: date
    start: str
    last: date
    end: str = MIDNIGHT


@pages.get(f"{HOME}/{{resource_id}}/absences/new", Action.BLOCK_SAME_DAY)
def begin(call: PageCall, resource_id: UUID, query: AbsenceChoice) -> Page:
    """The form of an absence: for the rest of today, or the whole of another day."""
    return _form(call, resource_id, query.on)


def _form(call: PageCall, resource_id: UUID, on: date | None, **more: object) -> Page:
    resource = get_resource(call.context, resource_id=resource_id)
    if not may_block(call, resource_id):
        raise NotAllowed("You may block your own time only.", code="not_your_own", remedy="Ask reception.")
    zone = get_clinic(call.context, clinic_id=resource.clinic_id).zone
    today = clinic_date(call.now, zone)
    first = on or today
    values = {
        "resource": resource,
        "home": f"{HOME}/{resource_id}",
        "values": Beginning(first, "00:00", first),
        "today_only": _is_for_today_only(call),
        "today": today,
    }
    return Page("absence_new.html", values | more)


def _again(call: PageCall, refusal: Refusal, resource_id: UUID) -> Page:
    name = get_resource(call.context, resource_id=resource_id).name
    title = say("%(who)s is away", who=name)
    if shown := effects_page(call, refusal, title, f"{HOME}/{resource_id}/absences/new"):
        return shown
    page = _form(call, resource_id, None, typed=typed_in("absence", call.typed, refusal))
    return Page(page.template, page.values, status_of(refusal))


@pages.post(f"{HOME}/{{resource_id}}/absences", Action.BLOCK_SAME_DAY, on_refusal=_again)
def add(call: PageCall, resource_id: UUID, form: AbsenceForm) -> See:
    """Enter an absence. Who is affected is shown first, and has to be called then."""
    times = _times(call, resource_id, form)
    added = add_absence(call.context, resource_id=resource_id, label=form.label or "", seen=None, **times)
    expect_seen(added.affected, form.known)
    if added.affected:
        return See(f"/affected?absence={added.absence.id}")
    return See(f"{HOME}/{resource_id}?saved=1#absences")


def _times(call: PageCall, resource_id: UUID, form: AbsenceForm) -> dict[str, datetime]:
    """The instants of an absence. Raises ``Invalid`` with a fault beside the field that cannot be used."""
    clinic_id = get_resource(call.context, resource_id=resource_id).clinic_id
    zone = get_clinic(call.context, clinic_id=clinic_id).zone
    last, today = form.last or form.first, clinic_date(call.now, zone)
    starts_at, ends_at = _instant(form.first, form.start, zone), _instant(last, form.end, zone)
    faults = {}
    if _is_for_today_only(call):
        days = {"first": form.first, "last": last}
        detail = say("Only a manager may enter another day than today.")
        faults = {name: detail for name, on in days.items() if on != today}
    if ends_at <= starts_at:
        faults["end"] = say("It must end after it begins.")
    if faults:
        errors = [{"field": name, "detail": detail} for name, detail in faults.items()]
        raise Invalid(say("Some of what was typed cannot be used."), code="invalid_form", errors=errors)
    return {"starts_at": starts_at, "ends_at": ends_at}


def _is_for_today_only(call: PageCall) -> bool:
    return allowance(call.somebody.roles, Action.MANAGE_RESOURCES) is not Allowance.YES


def _instant(on: date, at: str, zone: str) -> datetime:
    """A wall time as an instant; 24:00 is the midnight that ends the day."""
    return day_bounds(on, zone)[1] if at == MIDNIGHT else instant_of(on, time.fromisoformat(at), zone)


def _back(_call: PageCall, refusal: Refusal, resource_id: UUID, absence_id: UUID) -> See:
    tell_refused(refusal)
    return See(f"{HOME}/{resource_id}#a-{absence_id}")


@pages.post(f"{HOME}/{{resource_id}}/absences/{{absence_id}}/end", Action.BLOCK_SAME_DAY, on_refusal=_back)
def end(call: PageCall, resource_id: UUID, absence_id: UUID) -> See:
    """Take an absence back."""
    get_resource(call.context, resource_id=resource_id)
    remove_absence(call.context, resource_id=resource_id, absence_id=absence_id, seen=None)
    return See(f"{HOME}/{resource_id}?saved=1#absences")
