"""Calls to make, and messages that could not be delivered."""

from uuid import UUID

from scheduler.domain.access import Action
from scheduler.operations.messages.call_list import CallOutcome, list_calls, note_call
from scheduler.operations.messages.dead_letters import DeadLetterAction, handle_dead_letter, list_dead_letters
from scheduler.storage.rows import MessageKind
from scheduler.web.api.fields import Id, Instant, Prose
from scheduler.web.api.paging import PageQuery, PageView, items_of
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("calls")


class CallQuery(PageQuery):
    """At one clinic, or at all."""

    clinic: Id | None = None


class CallView(View):
    """Whom to call since when, and what to ``say``, in the patient's language.

    ``why`` says why the patient was not written to, null for who wants to be called. ``no_answers`` counts the calls
    that nobody answered.
    """

    id: Id
    kind: MessageKind
    clinic_id: Id
    patient_id: Id
    patient: str
    phone: str | None
    say: str
    since: Instant
    why: str | None
    no_answers: int


class CallPage(PageView[CallView]):
    """Some calls to make, who waits longest first."""


class CallAction(Body):
    """What came of a call. ``no_answer`` leaves it on the list."""

    action: CallOutcome
    note: Prose | None = None


class DeadLetterOrder(Body):
    """``retry`` writes the message anew and sends it; ``dismiss`` takes it off the lists."""

    action: DeadLetterAction


class HandledView(View):
    """Which message was dealt with."""

    id: Id


@routes.get("/calls", Action.CALL_PATIENTS, "Patients to call, and what to say")
def calls(call: Call, query: CallQuery) -> Answer[CallPage]:
    page = list_calls(call.context, clinic_id=query.clinic, after=query.after(UUID), limit=query.limit)
    return Answer(CallPage(items=items_of(CallView, page.items), next=query.next(page)))


@routes.post("/calls/{call_id}/actions", Action.CALL_PATIENTS, "Note what came of a call")
def note(call: Call, call_id: UUID, body: CallAction) -> Answer[CallView]:
    made = note_call(call.context, call_id=call_id, outcome=body.action, note=body.note)
    return Answer(CallView.of(made))


@routes.get("/dead-letters", Action.HANDLE_DEAD_LETTERS, "Messages that could not be delivered")
def dead_letters(call: Call, query: CallQuery) -> Answer[CallPage]:
    page = list_dead_letters(call.context, clinic_id=query.clinic, after=query.after(UUID), limit=query.limit)
    return Answer(CallPage(items=items_of(CallView, page.items), next=query.next(page)))


@routes.post(
    "/dead-letters/{dead_letter_id}/actions", Action.HANDLE_DEAD_LETTERS, "Send a dead letter once more, or leave it"
)
def handle(call: Call, dead_letter_id: UUID, body: DeadLetterOrder) -> Answer[HandledView]:
    handle_dead_letter(call.context, message_id=dead_letter_id, action=body.action)
    return Answer(HandledView(id=dead_letter_id))
