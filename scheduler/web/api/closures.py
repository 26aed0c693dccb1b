"""Closures: dates on which a clinic is closed, with the appointments that they affect."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.places.closures import ClosuresAdded, close, close_on_holidays, list_closures, reopen
from scheduler.storage.rows import ClosureSource
from scheduler.web.api.affected import AffectedView
from scheduler.web.api.fields import Day, Flag, Id, Name
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Query, Routes, View

routes = Routes("closures")

Year = Annotated[int, Field(ge=2000, le=2100)]


class NewClosure(Body):
    """Clinic dates, both included."""

    starts_on: Day
    ends_on: Day
    label: Name


class HolidayYears(Body):
    """The years whose public holidays close the clinic."""

    years: Annotated[list[Year], Field(min_length=1, max_length=10)]


class DryRun(Query):
    """``dry_run=true`` tells what would happen and stores nothing."""

    dry_run: Flag = False


class ClosureView(View):
    """Dates on which a clinic is closed, both included."""

    id: Id
    starts_on: Day
    ends_on: Day
    label: str
    source: ClosureSource


class ClosuresAddedView(View):
    """New closures, and the appointments on their dates. ``known`` counts holidays that were on file already."""

    closures: list[ClosureView]
    known: int
    affected: list[AffectedView]


class ClosurePage(PageView[ClosureView]):
    """Some closures."""


@routes.get("/clinics/{clinic_id}/closures", Action.SEE_CATALOGUE, "Closures that are not over, by date")
def index(call: Call, clinic_id: UUID, query: PageQuery) -> Answer[ClosurePage]:
    page = list_closures(call.context, clinic_id=clinic_id, after=query.after(UUID), limit=query.limit)
    return Answer(ClosurePage(items=items_of(ClosureView, page.items), next=query.next(page)))


@routes.post(
    "/clinics/{clinic_id}/closures",
    Action.MANAGE_RESOURCES,
    "Close a clinic for some dates",
    status=201,
    revision=IfMatch.REQUIRED,
)
def add(call: Call, clinic_id: UUID, body: NewClosure) -> Answer[ClosuresAddedView]:
    return _answer(close(call.context, clinic_id=clinic_id, seen=call.seen, **dict(body)))


@routes.post(
    "/clinics/{clinic_id}/holidays",
    Action.MANAGE_RESOURCES,
    "Close a clinic on the public holidays of its country and region",
    revision=IfMatch.REQUIRED,
)
def add_holidays(call: Call, clinic_id: UUID, query: DryRun, body: HolidayYears) -> Answer[ClosuresAddedView]:
    return _answer(
        close_on_holidays(call.context, clinic_id=clinic_id, years=body.years, seen=call.seen, dry_run=query.dry_run)
    )


@routes.delete(
    "/clinics/{clinic_id}/closures/{closure_id}",
    Action.MANAGE_RESOURCES,
    "Take a closure back",
    revision=IfMatch.REQUIRED,
)
def remove(call: Call, clinic_id: UUID, closure_id: UUID) -> Answer[None]:
    return Answer(None, revision=reopen(call.context, clinic_id=clinic_id, closure_id=closure_id, seen=call.seen))


def _answer(added: ClosuresAdded) -> Answer[ClosuresAddedView]:
    return Answer(ClosuresAddedView.of(added), revision=added.revision)
