"""Practitioners, rooms and devices: added, looked at, renamed, and taken out of use."""

from functools import partial
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Refusal
from scheduler.operations.places.resources import add_resource, change_resource, get_resource
from scheduler.web.api.fields import Code, Name
from scheduler.web.pages.effects import expect_seen
from scheduler.web.pages.faults import typed_in
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.resource_page import HOME, again, resource_page, shown_next
from scheduler.web.pages.resource_words import kind_words
from scheduler.web.problems import status_of

pages = Pages("resources")


class NewResourceChoice(Choice):
    """Which kind is to be added."""

    kind: ResourceKind = ResourceKind.PRACTITIONER


class NewResourceForm(Form):
    """What it is and how it is called; ``type`` is a device's."""

    kind: ResourceKind
    name: Name
    type: Code | None = None


class ResourceForm(Form):
    """How it is called; ``known`` marks the affected that were seen."""

    seen: int
    name: Name
    type: Code | None = None


class UseForm(Form):
    """Whether it takes appointments."""

    seen: int
    active: Literal["yes", "no"]
    known: str = ""


class Saved(Choice):
    """Whether something has just been saved, and which link has just been made."""

    saved: Literal["1"] | None = None
    shown: UUID | None = None


@pages.get(f"{HOME}/new", Action.MANAGE_RESOURCES)
def begin(call: PageCall, query: NewResourceChoice) -> Page:
    """The form of a new resource."""
    return _form(call, {"kind": query.kind.value})


def _form(call: PageCall, values: dict[str, str], **more: object) -> Page:
    kinds = tuple((kind.value, word) for kind, word in kind_words().items())
    return Page("resource_new.html", {"values": values, "kinds": kinds, "place": chosen_clinic(call), **more})


def add_again(call: PageCall, refusal: Refusal) -> Page:
    """The form as it was typed, with what is wrong."""
    page = _form(call, dict(call.typed), typed=typed_in("new", call.typed, refusal))
    return Page(page.template, page.values, status_of(refusal))


@pages.post(HOME, Action.MANAGE_RESOURCES, on_refusal=add_again)
def add(call: PageCall, form: NewResourceForm) -> See:
    """Add a resource to the clinic that is shown."""
    clinic_id = chosen_clinic(call).id
    made = add_resource(call.context, clinic_id=clinic_id, kind=form.kind, name=form.name, device_type=form.type)
    return See(f"{HOME}/{made.id}?saved=1")


@pages.get(f"{HOME}/{{resource_id}}", Action.SEE_CATALOGUE)
def show(call: PageCall, resource_id: UUID, query: Saved) -> Page:
    """One resource: hours, absences, qualifications, calendar."""
    return resource_page(call, resource_id, saved=query.saved, shown=query.shown)


@pages.post(f"{HOME}/{{resource_id}}/name", Action.MANAGE_RESOURCES, on_refusal=partial(again, "name"))
def rename(call: PageCall, resource_id: UUID, form: ResourceForm) -> See:
    """Call it otherwise."""
    given: dict[str, str | None] = {"name": form.name}
    if get_resource(call.context, resource_id=resource_id).kind is ResourceKind.DEVICE:
        given |= {"type": form.type}
    change_resource(call.context, resource_id=resource_id, seen=form.seen, given=given)
    return See(f"{HOME}/{resource_id}?saved=1")


@pages.post(f"{HOME}/{{resource_id}}/use", Action.MANAGE_RESOURCES, on_refusal=partial(again, "use"))
def use(call: PageCall, resource_id: UUID, form: UseForm) -> See:
    """Take it out of use, or back into use."""
    given = {"active": form.active == "yes"}
    changed = change_resource(call.context, resource_id=resource_id, seen=form.seen, given=given)
    expect_seen(changed.affected, form.known)
    return shown_next(resource_id, changed.affected)
