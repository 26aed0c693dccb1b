"""The affected: one list of the patients whose appointments cannot take place, to be called from the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.operations.messages.call_list import CallOutcome
from scheduler.operations.places.affected import Affected
from scheduler.operations.places.affected_calls import AffectedCall, note_affected_call
from scheduler.operations.places.affected_lists import (
    AffectedList,
    Cause,
    CauseKind,
    affected_at,
    affected_of_absence,
    affected_of_closure,
    affected_of_resource,
)
from scheduler.web.api.fields import Prose
from scheduler.web.pages.appointments import back_with_the_reason
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import Choice, Form, Page, PageCall, Pages, See
from scheduler.web.pages.visitor import own_path
from scheduler.web.pages.words import clock, long_day, say

pages = Pages("affected")

HOME = "/affected"


class AffectedChoice(Choice):
    """Affected by what: one absence, one closure, the hours of a resource, or anything at the clinic."""

    absence: UUID | None = None
    closure: UUID | None = None
    resource: UUID | None = None


class AffectedCallForm(Form):
    """What came of a call, and the list to come back to."""

    outcome: CallOutcome
    note: Prose | None = None
    back: str = HOME


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """One appointment of the list. ``plan_path`` is where what moves least is told."""

    one: Affected
    on: date
    at: str
    call: AffectedCall | None
    plan_path: str

    @property
    def is_reached(self) -> bool:
        return self.call is not None and self.call.outcome is not CallOutcome.NO_ANSWER


@pages.get(HOME, Action.SEE_PATIENTS)
def index(call: PageCall, query: AffectedChoice) -> Page:
    """Whom to call, in the order of their appointments."""
    found = _found(call, query)
    lines = tuple(lines_of(found))
    values = {
        "cause": found.cause,
        "title": cause_words(found.cause),
        "lines": lines,
        "left": sum(not line.is_reached for line in lines),
        "may": {action.value for action in Action if allowance(call.somebody.roles, action) is Allowance.YES},
    }
    return Page("affected.html", values)


def _found(call: PageCall, query: AffectedChoice) -> AffectedList:
    if query.absence:
        return affected_of_absence(call.context, absence_id=query.absence)
    if query.closure:
        return affected_of_closure(call.context, closure_id=query.closure)
    if query.resource:
        return affected_of_resource(call.context, resource_id=query.resource)
    return affected_at(call.context, clinic_id=chosen_clinic(call).id)


def lines_of(found: AffectedList) -> Iterable[AffectedLine]:
    """The list as it is read."""
    for one in found.items:
        path = f"{HOME}/{one.appointment_id}/plan"
        yield AffectedLine(one, one.on_date, clock(one.starts_at, one.zone), found.calls.get(one.appointment_id), path)


def cause_words(cause: Cause) -> str:
    """What the list is about, in a line."""
    match cause.kind:
        case CauseKind.ABSENCE:
            return say("%(who)s is away: %(when)s", who=cause.name, when=away_words(cause))
        case CauseKind.CLOSURE:
            return say("%(who)s is closed: %(when)s", who=cause.name, when=_days(cause))
        case CauseKind.HOURS:
            return say("%(who)s is not there as booked", who=cause.name)
        case CauseKind.CLINIC:
            return say("All that cannot take place as booked at %(who)s", who=cause.name)


def away_words(cause: Cause) -> str:
    """From when until when somebody is away."""
    if cause.starts_at is None or cause.ends_at is None or cause.first is None or cause.last is None:
        return ""
    begin, end = clock(cause.starts_at, cause.zone), clock(cause.ends_at, cause.zone)
    if cause.first == cause.last:
        return f"{long_day(cause.first)}, {begin}–{end}"
    return f"{long_day(cause.first)}, {begin} – {long_day(cause.last)}, {end}"


def _days(cause: Cause) -> str:
    days = dict.fromkeys(long_day(on) for on in (cause.first, cause.last) if on)
    return " – ".join(days)


@pages.post("/affected/{appointment_id}/call", Action.CALL_PATIENTS, on_refusal=back_with_the_reason)
def called(call: PageCall, appointment_id: UUID, form: AffectedCallForm) -> See:
    """Note what came of a call."""
    note_affected_call(call.context, appointment_id=appointment_id, outcome=form.outcome, note=form.note)
    return See(f"{own_path(form.back, HOME)}#a-{appointment_id}")
