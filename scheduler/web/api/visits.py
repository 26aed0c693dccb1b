"""Visits: single appointments outside a series, and free slots for them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.booking.slots import SlotQuestion, free_slots
from scheduler.operations.booking.visiting import book_visit, move_visit
from scheduler.operations.context import home_clinic
from scheduler.web.api.appointments import AppointmentView
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Code, Day, Id, Instant
from scheduler.web.api.placements import slot_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Query, Routes, View

routes = Routes("visits")


class NewVisit(Body):
    """One appointment outside a series. Without ``clinic_id`` the organisation's first clinic is meant."""

    patient_id: Id
    visit_type: Code
    starts_at: Instant
    practitioner_id: Id | None = None
    room_id: Id | None = None
    device_id: Id | None = None
    body_sites: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)
    clinic_id: Id | None = None


class VisitMove(Body):
    """Where a visit goes. It keeps its calendar entry."""

    starts_at: Instant
    practitioner_id: Id | None = None
    room_id: Id | None = None
    device_id: Id | None = None


class VisitView(View):
    """The booked visit, and the change that booked it, which can be undone."""

    appointment: AppointmentView
    change: DeedView


class SlotQuery(Query):
    """Free slots for a visit type; ``from`` is a clinic date, today when it is not given."""

    visit_type: Code
    clinic: Id | None = None
    patient: Id | None = None
    practitioner: Id | None = None
    since: Annotated[Day | None, Field(alias="from")] = None
    days: Annotated[int, Field(ge=1, le=120)] = 14
    limit: Annotated[int, Field(ge=1, le=200)] = 20


class SlotView(View):
    """A free start and what the visit would use."""

    starts_at: Instant
    practitioner_id: Id | None
    room_id: Id | None
    device_id: Id | None


class SlotsView(View):
    """Free slots in order of time."""

    zone: str
    slots: list[SlotView]


@routes.post("/visits", Action.BOOK, "Book a visit outside a series", status=201)
def book(call: Call, body: NewVisit) -> Answer[VisitView]:
    booked = book_visit(
        call.context,
        clinic_id=body.clinic_id or home_clinic(call.context),
        patient_id=body.patient_id,
        visit_type=body.visit_type,
        slot=slot_of(body.starts_at, body.practitioner_id, body.room_id, body.device_id),
        sites=body.body_sites,
    )
    found = get_appointment(call.context, appointment_id=booked.appointment_id)
    view = VisitView(appointment=AppointmentView.of(found), change=DeedView.of_deed(booked.deed))
    return Answer(view, revision=found.revision, location=f"/appointments/{found.id}")


@routes.post("/visits/{appointment_id}/moves", Action.BOOK, "Move a visit", revision=IfMatch.REQUIRED)
def move(call: Call, appointment_id: UUID, body: VisitMove) -> Answer[DeedView]:
    slot = slot_of(body.starts_at, body.practitioner_id, body.room_id, body.device_id)
    deed = move_visit(call.context, appointment_id=appointment_id, slot=slot, seen=call.seen)
    return Answer(DeedView.of_deed(deed), revision=deed.revision)


@routes.get("/slots", Action.SEE_SCHEDULE, "Free slots for a visit type")
def slots(call: Call, query: SlotQuery) -> Answer[SlotsView]:
    question = SlotQuestion(
        clinic_id=query.clinic or home_clinic(call.context),
        visit_type=query.visit_type,
        patient_id=query.patient,
        practitioner_id=query.practitioner,
        first=query.since,
        days=query.days,
        limit=query.limit,
    )
    found = free_slots(call.context, call.service.free_time, question)
    return Answer(SlotsView(zone=found.zone, slots=[SlotView.of(slot) for slot in found.slots]))
