"""Appointments: one, many, and what happens to them on their day."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.changes import CancelReason
from scheduler.domain.refusals import Invalid
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.booking import attending
from scheduler.operations.booking.appointments import Filter, get_appointment, list_appointments
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.calendars.feeds import event_of_appointment
from scheduler.storage.rows import PatientAnswer
from scheduler.web.api.changes import DeedView
from scheduler.web.api.fields import Day, Id, Instant, Prose
from scheduler.web.api.files import CalendarView
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, IfMatch, Routes, View

routes = Routes("appointments")


class AppointmentView(View):
    """An appointment. ``revision`` is the ETag that a change of it names."""

    id: Id
    clinic_id: Id
    patient_id: Id
    series_id: Id | None
    session: int | None
    visit_type: str | None
    status: AppointmentStatus
    cancel_reason: CancelReason | None
    starts_at: Instant
    ends_at: Instant
    on_date: Day
    zone: str
    practitioner_id: Id | None
    room_id: Id | None
    device_id: Id | None
    treatment_extra: int
    at_risk: bool
    risk_reason: str | None
    override_on: Day | None
    override_reason: str | None
    patient_answer: PatientAnswer
    arrived_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    import_note: str | None
    uid: Id
    sequence: int
    revision: int


class AppointmentQuery(PageQuery):
    """Which appointments; the dates are clinic dates, both inclusive."""

    patient: Id | None = None
    clinic: Id | None = None
    practitioner: Id | None = None
    status: AppointmentStatus | None = None
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None


class AppointmentAction(Body):
    """What happens to an appointment. ``performed_on`` is a clinic date, today when it is not given.

    ``cancel`` names its ``cancel_reason``, ``correct`` a ``reason`` in words.
    """

    action: Literal["arrive", "check_in", "performed", "no_show", "cancel", "correct"]
    performed_on: Day | None = None
    partial: bool = False
    cancel_reason: Literal["patient", "clinic"] | None = None
    reason: Prose | None = None


@routes.get("/appointments/{appointment_id}", Action.SEE_SCHEDULE, "One appointment")
def show(call: Call, appointment_id: UUID) -> Answer[AppointmentView]:
    found = get_appointment(call.context, appointment_id=appointment_id)
    return Answer(AppointmentView.of(found), revision=found.revision)


@routes.get(
    "/appointments/{appointment_id}/calendar.ics", Action.SEE_SCHEDULE, "One appointment as a file for its patient"
)
def calendar_file(call: Call, appointment_id: UUID) -> Answer[CalendarView]:
    return Answer(CalendarView(content=event_of_appointment(call.context, appointment_id=appointment_id)))


@routes.get("/appointments", Action.SEE_SCHEDULE, "Appointments by start")
def index(call: Call, query: AppointmentQuery) -> Answer[PageView[AppointmentView]]:
    statuses = () if query.status is None else (query.status,)
    wanted = Filter(query.patient, query.clinic, query.practitioner, statuses, query.since, query.until)
    page = list_appointments(call.context, wanted, limit=query.limit, after=query.after(UUID))
    return Answer(PageView[AppointmentView](items=items_of(AppointmentView, page.items), next=query.next(page)))


@routes.post(
    "/appointments/{appointment_id}/actions", Action.BOOK, "What happens to an appointment", revision=IfMatch.HONOURED
)
def act(call: Call, appointment_id: UUID, body: AppointmentAction) -> Answer[DeedView]:
    deed = _do(call, appointment_id, body)
    return Answer(DeedView.of_deed(deed), revision=deed.revision)


def _do(call: Call, appointment_id: UUID, body: AppointmentAction) -> Deed:
    context, seen = call.context, call.seen
    match body.action:
        case "arrive":
            return attending.arrive(context, appointment_id=appointment_id, seen=seen)
        case "check_in":
            return attending.check_in(context, appointment_id=appointment_id, seen=seen)
        case "no_show":
            return attending.miss(context, appointment_id=appointment_id, seen=seen)
        case "performed":
            on, partial = body.performed_on, body.partial
            return attending.perform(context, appointment_id=appointment_id, on=on, partial=partial, seen=seen)
        case "cancel":
            return _cancel(call, appointment_id, body)
    return attending.correct(context, appointment_id=appointment_id, reason=_given(body.reason, "reason"), seen=seen)


def _cancel(call: Call, appointment_id: UUID, body: AppointmentAction) -> Deed:
    return attending.cancel(
        call.context,
        appointment_id=appointment_id,
        cancel_reason=CancelReason(_given(body.cancel_reason, "cancel_reason")),
        note=body.reason,
        seen=call.seen,
    )


def _given(value: str | None, name: str) -> str:
    if value is None:
        raise Invalid(f"This action needs “{name}”.", code="reason_missing", field=name)
    return value
