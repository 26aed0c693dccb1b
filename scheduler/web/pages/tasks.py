"""Tasks: what waits for somebody, the most pressing kind first, with what can be done about it at once."""

from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.refusals import Invalid
from scheduler.operations.booking.overriding import decline_override, grant_override
from scheduler.operations.messages.call_list import CallOutcome, note_call
from scheduler.operations.messages.dead_letters import DeadLetterAction, handle_dead_letter
from scheduler.operations.messages.patient_answers import note_answer
from scheduler.operations.tasks.task_details import calls_by_id, running_series
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import PatientAnswer
from scheduler.web.api.fields import Prose
from scheduler.web.pages.appointments import back_with_the_reason
from scheduler.web.pages.notices import tell_done
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.task_lines import TaskPlaces, groups_of
from scheduler.web.pages.task_words import kind_words
from scheduler.web.pages.visitor import own_path

pages = Pages("tasks")

HOME = "/tasks"
SHOWN = 25
CALLS = (TaskKind.CALL, TaskKind.DEAD_LETTER)


class TaskChoice(Choice):
    """Tasks of one kind, or all; ``after`` is the last one of the page before."""

    kind: TaskKind | None = None
    after: int | None = None


class BackForm(Form):
    """The page of tasks to come back to."""

    back: str = HOME


class CallForm(BackForm):
    """What came of a call."""

    outcome: CallOutcome
    note: Prose | None = None


class LetterForm(BackForm):
    """What becomes of a message that could not be delivered."""

    action: DeadLetterAction


class OverrideForm(BackForm):
    """A practitioner's decision; declining needs a reason."""

    decision: Literal["grant", "decline"]
    reason: Prose | None = None


@pages.get(HOME, Action.SEE_PATIENTS)
def index(call: PageCall, query: TaskChoice) -> Page:
    """What is to be done at the clinic that is shown."""
    place = chosen_clinic(call)
    kinds = () if query.kind is None else (query.kind,)
    found = list_tasks(call.context, kinds=kinds, clinic_id=place.id, after=query.after, limit=SHOWN)
    patients = {task.patient_id for task in found.items if task.patient_id and not task.series_id}
    calls = calls_by_id(call.context, [task.id for task in found.items if task.kind in CALLS])
    places = TaskPlaces(place.zone, calls, running_series(call.context, patients))
    values = {
        "groups": tuple(groups_of(found.items, places)),
        "kinds": kind_words().values(),
        "choice": query,
        "next": found.last,
        "may": {action.value for action in Action if allowance(call.somebody.roles, action) is Allowance.YES},
    }
    return Page("tasks.html", values)


def _back(form: BackForm) -> See:
    return See(own_path(form.back, HOME))


@pages.post("/tasks/calls/{call_id}", Action.CALL_PATIENTS, on_refusal=back_with_the_reason)
def called(call: PageCall, call_id: UUID, form: CallForm) -> See:
    """Note what came of a call."""
    note_call(call.context, call_id=call_id, outcome=form.outcome, note=form.note)
    return _back(form)


@pages.post("/tasks/dead-letters/{message_id}", Action.HANDLE_DEAD_LETTERS, on_refusal=back_with_the_reason)
def dead_letter(call: PageCall, message_id: UUID, form: LetterForm) -> See:
    """Send a message once more, or leave it."""
    handle_dead_letter(call.context, message_id=message_id, action=form.action)
    return _back(form)


@pages.post("/tasks/overrides/{request_id}", Action.OVERRIDE, on_refusal=back_with_the_reason)
def override(call: PageCall, request_id: UUID, form: OverrideForm) -> See:
    """Allow a date outside the rules, or decline it."""
    if form.decision == "grant":
        tell_done("granted", grant_override(call.context, request_id=request_id, reason=form.reason))
    elif form.reason is None:
        raise Invalid("To decline needs a reason.", code="reason_missing", remedy="Say why, then decline again.")
    else:
        decline_override(call.context, request_id=request_id, reason=form.reason)
    return _back(form)


@pages.post("/tasks/declined/{appointment_id}", Action.BOOK, on_refusal=back_with_the_reason)
def comes_after_all(call: PageCall, appointment_id: UUID, form: BackForm) -> See:
    """Note that the patient comes after all."""
    note_answer(call.context, appointment_id=appointment_id, answer=PatientAnswer.ACCEPTED)
    return _back(form)
