"""Move requests: a patient wants another time; with what can be offered, and closed by staff."""

from typing import Literal, Self
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.booking.replanning import Replans
from scheduler.operations.messages.move_offers import move_offers
from scheduler.operations.messages.move_requests import MoveRequest, close_request, show_request
from scheduler.web.api.fields import Id, Instant, Prose
from scheduler.web.api.registry import Answer, Body, Call, Routes, View
from scheduler.web.api.replans import ReplansView

routes = Routes("move-requests")


class MoveRequestView(View):
    """A request. ``starts_at`` is where the appointment stood then, ``wanted_at`` where the patient wants it, if known.

    ``offers`` is null once it is closed. With ``conflicts`` the wanted time cannot be had, and its ``replans`` bring
    the appointment close to it. Those of a series can be posted to its changes, that of a visit to its moves.
    """

    id: Id
    clinic_id: Id
    patient_id: Id
    appointment_id: Id
    series_id: Id | None
    zone: str
    starts_at: Instant
    wanted_at: Instant | None
    words: str
    made_at: Instant
    closed_at: Instant | None
    is_open: bool
    offers: ReplansView | None

    @classmethod
    def of_request(cls, request: MoveRequest, offers: Replans | None) -> Self:
        """The view of a request and of what can be offered."""
        told = {name: getattr(request, name) for name in cls.model_fields if name != "offers"}
        return cls(**told, offers=ReplansView.of_replans(offers) if offers else None)


class MoveRequestAction(Body):
    """``done``: the wish was seen to. ``decline``: it cannot be met. Neither tells the patient anything."""

    action: Literal["done", "decline"]
    reason: Prose | None = None


@routes.get("/move-requests/{move_request_id}", Action.BOOK, "A wish for another time, and what can be offered")
def show(call: Call, move_request_id: UUID) -> Answer[MoveRequestView]:
    request = show_request(call.context, request_id=move_request_id)
    offers = move_offers(call.context, call.service.free_time, request) if request.is_open else None
    return Answer(MoveRequestView.of_request(request, offers))


@routes.post("/move-requests/{move_request_id}/actions", Action.BOOK, "Close a wish for another time")
def act(call: Call, move_request_id: UUID, body: MoveRequestAction) -> Answer[MoveRequestView]:
    close_request(call.context, request_id=move_request_id, action=body.action, note=body.reason)
    return Answer(MoveRequestView.of_request(show_request(call.context, request_id=move_request_id), None))
