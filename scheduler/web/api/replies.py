"""Replies to invitations: taken from the mail server as they came, and listed with what became of them."""

from typing import Any
from uuid import UUID

from scheduler.calendars.reading.mail import MOST_BYTES
from scheduler.domain.access import Action
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.messages.patient_answers import note_answer
from scheduler.operations.messages.replies import list_replies
from scheduler.operations.messages.replying import ReadMessage, take_message
from scheduler.storage.rows import PatientAnswer, ReplyOutcome
from scheduler.web.api.appointments import AppointmentView
from scheduler.web.api.fields import Id, Instant
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, Routes, View
from scheduler.web.api.uploads import Upload

routes = Routes("replies")


class Mail(Upload):
    """A message as the mail server has it, headers and all."""

    media_type = "message/rfc822"
    most_bytes = MOST_BYTES


class TakenView(View):
    """What became of a message, and why in a sentence where it counted for nothing. It need not be sent again."""

    id: Id
    outcome: ReplyOutcome
    reason: str
    appointment_id: Id | None


class ReplyQuery(PageQuery):
    """Replies with one outcome, or about one appointment."""

    outcome: ReplyOutcome | None = None
    appointment: Id | None = None


class ReplyView(View):
    """A reply that reached us. What it said is kept only where it named an appointment of ours."""

    id: Id
    outcome: ReplyOutcome
    reason: str
    received_at: Instant
    appointment_id: Id | None
    patient_id: Id | None
    patient: str | None
    answer: str | None
    comment: str | None


class NewAnswer(Body):
    """What a patient says about an appointment, on the phone for example."""

    answer: PatientAnswer


def _read(_call: Call, body: Mail, **_rest: Any) -> ReadMessage:
    return ReadMessage.of(body)


@routes.post("/replies", Action.TAKE_REPLIES, "Take a message that answers an invitation", prepare=_read)
def take(call: Call, body: ReadMessage) -> Answer[TakenView]:
    return Answer(TakenView.of(take_message(call.context, call.service.link_key, message=body)))


@routes.get("/replies", Action.EDIT_PATIENTS, "What was answered to invitations, the newest first")
def index(call: Call, query: ReplyQuery) -> Answer[PageView[ReplyView]]:
    page = list_replies(
        call.context,
        outcome=query.outcome,
        appointment_id=query.appointment,
        after=query.after(UUID),
        limit=query.limit,
    )
    return Answer(PageView[ReplyView](items=items_of(ReplyView, page.items), next=query.next(page)))


@routes.post("/appointments/{appointment_id}/answers", Action.BOOK, "Note what a patient says about an appointment")
def note(call: Call, appointment_id: UUID, body: NewAnswer) -> Answer[AppointmentView]:
    note_answer(call.context, appointment_id=appointment_id, answer=body.answer)
    found = get_appointment(call.context, appointment_id=appointment_id)
    return Answer(AppointmentView.of(found), revision=found.revision)
