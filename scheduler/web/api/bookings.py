"""Bookings of a series, keeps, and sets of changes: all of what is asked, or nothing."""

from http import HTTPStatus
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.booking.booking_or_asking import book_or_ask
from scheduler.operations.booking.keeping import Keep, KeepUntil, keep_slots, release_keep
from scheduler.operations.booking.moving import change_sessions
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Day, Id, Instant, Prose
from scheduler.web.api.override_requests import OverrideRequestView
from scheduler.web.api.placements import Placements, PlacementView, WantedPlacement
from scheduler.web.api.plans import PlanQuestion, fresh_plans
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("bookings")


class NewBookings(Body):
    """The appointments of a plan, of its first sessions, or any valid set. ``keep_id`` names the keep that is used.

    ``wishes`` are what the plans were asked with: when a slot has been taken meanwhile, fresh plans are found by them.
    """

    appointments: Placements
    keep_id: Id | None = None
    start_on: Day | None = None
    wishes: PlanQuestion | None = None


class BookedView(DeedView):
    """What was booked. ``requests`` are the slots that are kept until a practitioner decides."""

    requests: list[OverrideRequestView]


class AskedView(View):
    """Nothing was booked: all slots are kept until a practitioner decides."""

    told_by: ClassVar[HTTPStatus | None] = HTTPStatus.ACCEPTED

    requests: list[OverrideRequestView]


class NewKeep(Body):
    """The slots to keep for ten minutes, or to the end of the clinic's day."""

    appointments: Placements
    until: KeepUntil = KeepUntil.TEN_MINUTES


class KeepView(View):
    """Slots that nobody else can take before ``kept_until``."""

    id: Id
    series_id: Id
    kept_until: Instant
    appointments: list[PlacementView]

    @classmethod
    def of_keep(cls, keep: Keep) -> Self:
        """The view of a keep."""
        placed = [PlacementView.of_slot(one.session, one.slot) for one in keep.placements]
        return cls(id=keep.id, series_id=keep.series_id, kept_until=keep.kept_until, appointments=placed)


class NewChanges(Body):
    """A set of changes as offered by a replan, or one's own. Sessions with an appointment move, others are booked.

    ``release`` names sessions whose appointments are given up.
    """

    appointments: Annotated[list[WantedPlacement], Field(max_length=99)] = Field(default_factory=list)
    release: Annotated[list[Annotated[int, Field(ge=1, le=99)]], Field(max_length=99)] = Field(default_factory=list)
    reason: Prose | None = None


@routes.post(
    "/series/{series_id}/bookings",
    Action.BOOK,
    "Book sessions of a series",
    status=201,
    revision=IfMatch.HONOURED,
    on_refusal=fresh_plans,
)
def book(call: Call, series_id: UUID, body: NewBookings) -> Answer[BookedView | AskedView]:
    booked = book_or_ask(
        call.context,
        series_id=series_id,
        placements=[wanted.placement for wanted in body.appointments],
        seen=call.seen,
        start_on=body.start_on or (body.wishes.start_on if body.wishes else None),
    )
    requests = [OverrideRequestView.of_request(request) for request in booked.requests]
    if booked.deed is None:
        return Answer(AskedView(requests=requests))
    view = BookedView(**dict(DeedView.of_deed(booked.deed)), requests=requests)
    return Answer(view, revision=booked.deed.revision, location=f"/series/{series_id}")


@routes.post("/series/{series_id}/keeps", Action.BOOK, "Keep slots while a caller decides", status=201)
def keep(call: Call, series_id: UUID, body: NewKeep) -> Answer[KeepView]:
    placements = [wanted.placement for wanted in body.appointments]
    return Answer(
        KeepView.of_keep(keep_slots(call.context, series_id=series_id, placements=placements, until=body.until))
    )


@routes.delete("/keeps/{keep_id}", Action.BOOK, "Give kept slots back")
def release(call: Call, keep_id: UUID) -> Answer[None]:
    release_keep(call.context, keep_id=keep_id)
    return Answer(None)


@routes.post(
    "/series/{series_id}/changes", Action.BOOK, "Change sessions of a series together", revision=IfMatch.REQUIRED
)
def change(call: Call, series_id: UUID, body: NewChanges) -> Answer[DeedView]:
    deed = change_sessions(
        call.context,
        series_id=series_id,
        placements=[wanted.placement for wanted in body.appointments],
        release=body.release,
        seen=call.seen,
        reason=body.reason,
    )
    return Answer(DeedView.of_deed(deed), revision=deed.revision)
