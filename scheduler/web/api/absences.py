"""Absences: a resource is away or blocked, and the appointments that this affects."""

from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.places.absences import add_absence, list_absences, remove_absence
from scheduler.storage.rows import AbsenceSource
from scheduler.web.api.affected import AffectedView
from scheduler.web.api.fields import Id, Instant, Name
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("absences")


class NewAbsence(Body):
    """From one instant to a later one. Only a manager may name another day than today."""

    starts_at: Instant
    ends_at: Instant
    label: Name | None = None


class AbsenceView(View):
    """A resource cannot be booked between two instants. ``source`` says whether a calendar brought it."""

    id: Id
    resource_id: Id
    starts_at: Instant
    ends_at: Instant
    label: str
    source: AbsenceSource


class AbsenceAddedView(View):
    """The absence, and the appointments that it leaves without the resource."""

    absence: AbsenceView
    affected: list[AffectedView]


class AbsencePage(PageView[AbsenceView]):
    """Some absences."""


@routes.get("/resources/{resource_id}/absences", Action.SEE_CATALOGUE, "Absences that are not over, by start")
def index(call: Call, resource_id: UUID, query: PageQuery) -> Answer[AbsencePage]:
    page = list_absences(call.context, resource_id=resource_id, after=query.after(UUID), limit=query.limit)
    return Answer(AbsencePage(items=items_of(AbsenceView, page.items), next=query.next(page)))


@routes.post(
    "/resources/{resource_id}/absences",
    Action.BLOCK_SAME_DAY,
    "Take a resource out of the plan for a while",
    status=201,
    revision=IfMatch.REQUIRED,
)
def add(call: Call, resource_id: UUID, body: NewAbsence) -> Answer[AbsenceAddedView]:
    times = {"starts_at": body.starts_at, "ends_at": body.ends_at}
    added = add_absence(call.context, resource_id=resource_id, seen=call.seen, label=body.label or "", **times)
    return Answer(AbsenceAddedView.of(added), revision=added.revision)


@routes.delete(
    "/resources/{resource_id}/absences/{absence_id}",
    Action.BLOCK_SAME_DAY,
    "Take an absence back",
    revision=IfMatch.REQUIRED,
)
def remove(call: Call, resource_id: UUID, absence_id: UUID) -> Answer[None]:
    revision = remove_absence(call.context, resource_id=resource_id, absence_id=absence_id, seen=call.seen)
    return Answer(None, revision=revision)
