"""The page of one practitioner, room or device, and what its forms come back to."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Refusal
from scheduler.operations.catalogue.protocols import list_protocols
from scheduler.operations.places.absences import list_absences
from scheduler.operations.places.affected import Affected
from scheduler.operations.places.clinics import get_clinic
from scheduler.operations.places.resources import Resource, get_resource
from scheduler.operations.places.rosters import list_single_days
from scheduler.web.pages.effects import effects_page
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.hours_text import DAYS, week_words, weekday_words
from scheduler.web.pages.places import clinics
from scheduler.web.pages.registry import Page, PageCall, See
from scheduler.web.pages.resource_calendar import calendar_of
from scheduler.web.pages.resource_words import absence_line, in_short, kind_words, minutes_words, weeks_of
from scheduler.web.pages.words import words
from scheduler.web.problems import status_of

HOME = "/clinic/resources"
ALL = 200


def resource_page(call: PageCall, resource_id: UUID, status: HTTPStatus = HTTPStatus.OK, **more: object) -> Page:
    """The page, with what was typed where something was wrong."""
    resource = get_resource(call.context, resource_id=resource_id)
    values = {
        "resource": resource,
        "home": f"{HOME}/{resource_id}",
        "kind": kind_words()[resource.kind],
        "manages": allowance(call.somebody.roles, Action.MANAGE_RESOURCES) is Allowance.YES,
        "may_block": may_block(call, resource_id),
        "calendar": calendar_of(call, resource),
        **_hours(call, resource),
        **_qualified(call, resource),
    }
    return Page("resource.html", values | more, status)


def may_block(call: PageCall, resource_id: UUID) -> bool:
    """Whether the visitor may enter an absence of this resource, today at least."""
    width = allowance(call.somebody.roles, Action.BLOCK_SAME_DAY)
    return width is Allowance.YES or (width is Allowance.OWN and call.somebody.resource_id == resource_id)


def _hours(call: PageCall, resource: Resource) -> dict[str, object]:
    clinic = get_clinic(call.context, clinic_id=resource.clinic_id)
    today = clinic_date(call.now, clinic.zone)
    absences = list_absences(call.context, resource_id=resource.id, limit=ALL).items
    days = list_single_days(call.context, resource_id=resource.id)
    return {
        "clinic": clinic,
        "opening": in_short(week_words(clinic.opening)),
        "weeks": weeks_of(resource),
        "weekdays": tuple(zip(DAYS, weekday_words(), strict=True)),
        "places": {one.id: one.name for one in clinics(call)},
        "days": tuple((one.on, minutes_words(shift.minutes for shift in one.shifts)) for one in days),
        "absences": tuple(absence_line(one, clinic.zone, today) for one in absences),
        "today": today,
    }


def _qualified(call: PageCall, resource: Resource) -> dict[str, object]:
    """What a practitioner may perform, by name, and what could be added."""
    if resource.kind is not ResourceKind.PRACTITIONER:
        return {"qualifications": (), "protocols": ()}
    known = {one.protocol.code: one.protocol.name for one in list_protocols(call.context, limit=ALL).items}
    named = {code: words().translated(name) for code, name in known.items()}
    held = tuple((one, named.get(one.protocol, one.protocol)) for one in resource.qualifications)
    return {"qualifications": held, "protocols": tuple(sorted(named.items(), key=lambda one: one[1]))}


def again(form: str, call: PageCall, refusal: Refusal, resource_id: UUID) -> Page:
    """Who is affected, or the page with the form as it was typed and what is wrong."""
    resource = get_resource(call.context, resource_id=resource_id)
    if shown := effects_page(call, refusal, resource.name, f"{HOME}/{resource_id}"):
        return shown
    typed = typed_in(call.typed.get("form", form), call.typed, refusal)
    return resource_page(call, resource_id, status_of(refusal), typed=typed)


def shown_next(resource_id: UUID, affected: Sequence[Affected]) -> See:
    """The list of whom to call, or the page that says that it is saved."""
    return See(f"/affected?resource={resource_id}" if affected else f"{HOME}/{resource_id}?saved=1")
