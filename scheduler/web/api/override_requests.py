"""Requests for overrides: asked for by reception, granted or declined by a practitioner."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.refusals import Invalid
from scheduler.operations.booking.override_requests import OverrideRequest, list_override_requests, request_override
from scheduler.operations.booking.overriding import decline_override, grant_override
from scheduler.operations.booking.placing import Placement
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Day, Id, Instant, Prose
from scheduler.web.api.paging import PageQuery, PageView
from scheduler.web.api.placements import PlacementView, slot_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("override-requests")


class NewOverrideRequest(Body):
    """A slot outside the window of a session, and why. It takes the place of what was asked for the session before."""

    session: Annotated[int, Field(ge=1, le=99)]
    starts_at: Instant
    practitioner_id: Id | None = None
    room_id: Id | None = None
    device_id: Id | None = None
    treatment_extra: Annotated[int, Field(ge=-240, le=240)] = 0
    reason: Prose


class OverrideRequestQuery(PageQuery):
    """Requests at one clinic, or at all."""

    clinic: Id | None = None


class OverrideRequestAction(Body):
    """``decline`` needs a ``reason``; with ``grant`` it replaces the one that was asked with."""

    action: Literal["grant", "decline"]
    reason: Prose | None = None


class OverrideRequestView(View):
    """A slot that is kept until a practitioner decides, at the latest until ``kept_until``."""

    id: Id
    series_id: Id
    clinic_id: Id
    zone: str
    patient_id: Id
    patient: str
    phone: str | None
    on_date: Day
    appointment: PlacementView
    treatment_extra: int
    reason: str
    requested_by: str
    requested_at: Instant
    kept_until: Instant

    @classmethod
    def of_request(cls, request: OverrideRequest) -> Self:
        """The view of a request."""
        return cls(
            id=request.id,
            series_id=request.series_id,
            clinic_id=request.clinic_id,
            zone=request.zone,
            patient_id=request.patient_id,
            patient=request.patient,
            phone=request.phone,
            on_date=request.on,
            appointment=PlacementView.of_slot(request.session, request.slot),
            treatment_extra=request.treatment_extra,
            reason=request.reason,
            requested_by=request.requested_by,
            requested_at=request.requested_at,
            kept_until=request.kept_until,
        )


class OverrideRequestPage(PageView[OverrideRequestView]):
    """Some requests that wait, oldest first."""


class OverrideDecisionView(View):
    """What a grant has booked; null after a decline."""

    change: DeedView | None


@routes.post(
    "/series/{series_id}/override-requests",
    Action.OVERRIDE,
    "Ask for a slot outside the window",
    status=201,
    revision=IfMatch.HONOURED,
)
def ask(call: Call, series_id: UUID, body: NewOverrideRequest) -> Answer[OverrideRequestView]:
    slot = slot_of(body.starts_at, body.practitioner_id, body.room_id, body.device_id)
    placement = Placement(body.session, slot, body.treatment_extra)
    request = request_override(
        call.context, series_id=series_id, placement=placement, reason=body.reason, seen=call.seen
    )
    return Answer(OverrideRequestView.of_request(request))


@routes.get("/override-requests", Action.OVERRIDE, "Requests that wait for a practitioner")
def index(call: Call, query: OverrideRequestQuery) -> Answer[OverrideRequestPage]:
    page = list_override_requests(call.context, clinic_id=query.clinic, after=query.after(UUID), limit=query.limit)
    views = [OverrideRequestView.of_request(request) for request in page.items]
    return Answer(OverrideRequestPage(items=views, next=query.next(page)))


@routes.post("/override-requests/{request_id}/actions", Action.OVERRIDE, "Grant or decline a request")
def act(call: Call, request_id: UUID, body: OverrideRequestAction) -> Answer[OverrideDecisionView]:
    if body.action == "grant":
        deed = grant_override(call.context, request_id=request_id, reason=body.reason)
        return Answer(OverrideDecisionView(change=DeedView.of_deed(deed)), revision=deed.revision)
    if body.reason is None:
        raise Invalid("This action needs “reason”.", code="reason_missing", field="reason")
    decline_override(call.context, request_id=request_id, reason=body.reason)
    return Answer(OverrideDecisionView(change=None))
