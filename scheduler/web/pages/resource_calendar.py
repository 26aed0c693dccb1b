"""The calendar of a resource: links for its devices, one each, and the busy time of somebody's own calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from flask import request

from scheduler.calendars.busy import MOST_BYTES
from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, Refusal
from scheduler.operations.calendars.busy_readings import BusyReading
from scheduler.operations.calendars.importing_busy import busy_resource, import_busy
from scheduler.operations.calendars.links import LinkOwner, get_link, issue_staff_link, list_links, revoke_link
from scheduler.operations.context import Context
from scheduler.operations.places.resources import Resource, get_resource
from scheduler.storage.feeds import OwnerKind
from scheduler.web.api.fields import Name
from scheduler.web.pages.notices import tell_refused
from scheduler.web.pages.patient_links import CalendarLink
from scheduler.web.pages.registry import Before, Form, Page, PageCall, Pages, See
from scheduler.web.pages.words import say

pages = Pages("resource_calendar")

HOME = "/clinic/resources"


class StaffLinkForm(Form):
    """Which device, and whether patients are shown by initials or by name."""

    device: Name
    privacy: PrivacyLevel = PrivacyLevel.DISCREET


class BusyForm(Form):
    """Whether the file is only looked into."""

    look: Literal["yes"] | None = None


@dataclass(frozen=True, slots=True)
class ResourceCalendar:
    """The links that work now, with their level; ``imports`` whether the visitor may send a calendar."""

    links: tuple[tuple[CalendarLink, PrivacyLevel | None], ...]
    imports: bool


def calendar_of(call: PageCall, resource: Resource) -> ResourceCalendar | None:
    """The calendar, for those who may issue its links: managers, and practitioners for themselves."""
    if not _may(call, Action.ISSUE_RESOURCE_LINKS, resource.id):
        return None
    owner = LinkOwner(OwnerKind.RESOURCE, resource.id)
    found = list_links(call.context, call.service.link_key, owner=owner)
    links = ((CalendarLink.of(one, call.service), one.privacy) for one in found if one.revoked_at is None)
    imports = resource.kind is ResourceKind.PRACTITIONER and _may(call, Action.IMPORT_BUSY, resource.id)
    return ResourceCalendar(tuple(links), imports)


def _may(call: PageCall, action: Action, resource_id: UUID) -> bool:
    width = allowance(call.somebody.roles, action)
    return width is Allowance.YES or (width is Allowance.OWN and call.somebody.resource_id == resource_id)


def _back(_call: PageCall, refusal: Refusal, resource_id: UUID) -> See:
    tell_refused(refusal)
    return See(f"{HOME}/{resource_id}#calendar")


@pages.post(f"{HOME}/{{resource_id}}/links", Action.ISSUE_RESOURCE_LINKS, on_refusal=_back)
def issue(call: PageCall, resource_id: UUID, form: StaffLinkForm) -> See:
    """A calendar link for another device."""
    owner, key = LinkOwner(OwnerKind.RESOURCE, resource_id), call.service.link_key
    get_resource(call.context, resource_id=resource_id)
    link = issue_staff_link(call.context, key, owner=owner, device=form.device, privacy=form.privacy)
    return See(f"{HOME}/{resource_id}?shown={link.id}#l-{link.id}")


@pages.post("/clinic/links/{link_id}/revoke", Action.USE_LINKS)
def revoke(call: PageCall, link_id: UUID) -> See:
    """End a calendar link."""
    owner = get_link(call.context, call.service.link_key, link_id=link_id).owner
    revoke_link(call.context, link_id=link_id)
    homes: Mapping[OwnerKind, str] = {OwnerKind.RESOURCE: f"{HOME}/{owner.id}", OwnerKind.CLINIC: "/clinic/settings"}
    return See(homes.get(owner.kind, f"/patients/{owner.id}"))


def _sent(before: Before, resource_id: UUID) -> BusyReading | None:
    """The file, read before the transaction that stores it. ``None`` where none was chosen."""
    file = request.files.get("file")
    data = file.read(MOST_BYTES + 1) if file else b""
    if not data or before.visitor is None:
        return None
    with before.service.database.read() as tx:
        zone = busy_resource(Context(tx, before.visitor.actor, before.now), resource_id).zone
    return BusyReading.of(data, zone, before.now)


@pages.post(f"{HOME}/{{resource_id}}/busy", Action.IMPORT_BUSY, prepare=_sent, on_refusal=_back)
def busy(call: PageCall, resource_id: UUID, form: BusyForm, ready: BusyReading | None) -> Page:
    """Take a calendar file as busy time, or only say what it would change."""
    get_resource(call.context, resource_id=resource_id)
    resource = busy_resource(call.context, resource_id)
    if ready is None:
        raise Invalid(say("Choose a calendar file first."), code="file_missing")
    stored = form.look is None
    done = import_busy(call.context, resource_id=resource_id, reading=ready, stored=stored)
    values: dict[str, Any] = {"done": done, "reading": ready, "stored": stored, "resource": resource}
    return Page("resource_busy.html", values | {"home": f"{HOME}/{resource_id}"})
