"""Resources: practitioners, rooms and devices, and when they work."""

from typing import Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.places.resources import (
    Resource,
    ResourceChanged,
    ResourceFilter,
    add_resource,
    change_resource,
    get_resource,
    list_resources,
)
from scheduler.web.api.affected import AffectedView
from scheduler.web.api.fields import Code, Day, Flag, Id, Name
from scheduler.web.api.hours import ShiftView
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("resources")


class ResourceQuery(PageQuery):
    """Of a kind, at home in a clinic, in use or not."""

    kind: ResourceKind | None = None
    clinic: Id | None = None
    active: Flag | None = None


class NewResource(Body):
    """Somebody or something that can be booked. ``type`` is a device's, such as ``laser``."""

    clinic_id: Id
    kind: ResourceKind
    name: Name
    type: Code | None = None


class ResourceEdit(Body):
    """What is left out stays as it is. One that is not active takes no new appointments."""

    name: Name = Field(default_factory=str)
    type: Code | None = None
    active: bool = Field(default_factory=lambda: True)


class QualificationView(View):
    """What a practitioner may perform, until a clinic date (null: without an end)."""

    protocol: str
    valid_until: Day | None
    renewal_expected: bool


class ResourceView(View):
    """A resource with its usual week; an empty one follows the opening hours of its clinic.

    ``roster_until`` is the last date of its published roster.
    """

    id: Id
    clinic_id: Id
    kind: ResourceKind
    name: str
    type: str | None
    active: bool
    roster_until: Day | None
    week: list[ShiftView]
    qualifications: list[QualificationView]
    revision: int

    @classmethod
    def of_resource(cls, resource: Resource) -> Self:
        """The view of a resource."""
        return cls(
            id=resource.id,
            clinic_id=resource.clinic_id,
            kind=resource.kind,
            name=resource.name,
            type=resource.type,
            active=resource.active,
            roster_until=resource.roster_until,
            week=[ShiftView.of_shift(shift) for shift in resource.week],
            qualifications=items_of(QualificationView, resource.qualifications),
            revision=resource.revision,
        )


class ResourceChangedView(View):
    """The resource as it is now, and the appointments that can no longer take place as they are."""

    resource: ResourceView
    affected: list[AffectedView]


class ResourcePage(PageView[ResourceView]):
    """Some resources."""


@routes.get("/resources", Action.SEE_CATALOGUE, "Practitioners, rooms and devices by name, with their hours")
def index(call: Call, query: ResourceQuery) -> Answer[ResourcePage]:
    wanted = ResourceFilter(query.kind, query.clinic, query.active)
    page = list_resources(call.context, wanted, after=query.after(UUID), limit=query.limit)
    return Answer(ResourcePage(items=[ResourceView.of_resource(one) for one in page.items], next=query.next(page)))


@routes.post("/resources", Action.MANAGE_RESOURCES, "Add a practitioner, room or device", status=201)
def add(call: Call, body: NewResource) -> Answer[ResourceView]:
    made = add_resource(call.context, clinic_id=body.clinic_id, kind=body.kind, name=body.name, device_type=body.type)
    return _answer(made)


@routes.get("/resources/{resource_id}", Action.SEE_CATALOGUE, "One practitioner, room or device")
def show(call: Call, resource_id: UUID) -> Answer[ResourceView]:
    return _answer(get_resource(call.context, resource_id=resource_id))


@routes.patch("/resources/{resource_id}", Action.MANAGE_RESOURCES, "Rename a resource, or take it out of use")
def edit(call: Call, resource_id: UUID, body: ResourceEdit) -> Answer[ResourceChangedView]:
    given = {field: getattr(body, field) for field in body.model_fields_set}
    return changed(change_resource(call.context, resource_id=resource_id, seen=call.seen, given=given))


def changed(after: ResourceChanged) -> Answer[ResourceChangedView]:
    """The answer to every change of a resource or its hours."""
    resource = ResourceView.of_resource(after.resource)
    view = ResourceChangedView(resource=resource, affected=items_of(AffectedView, after.affected))
    return Answer(view, revision=after.resource.revision)


def _answer(resource: Resource) -> Answer[ResourceView]:
    return Answer(ResourceView.of_resource(resource), resource.revision, f"/resources/{resource.id}")
