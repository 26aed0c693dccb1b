"""Move requests: what a patient asks for, and the changes that meet it with the least moving."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import Refusal, RuleBroken
from scheduler.operations.booking.appointments import Appointment, get_appointment
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.replanning import Replan
from scheduler.operations.booking.visiting import move_visit
from scheduler.operations.messages.move_offers import move_offers
from scheduler.operations.messages.move_requests import MoveRequest, close_request, show_request
from scheduler.operations.patients.patients import get_patient
from scheduler.web.api.fields import Prose
from scheduler.web.pages.notices import tell_done, tell_refused
from scheduler.web.pages.registry import Form, Page, PageCall, Pages, See
from scheduler.web.pages.series_moves import read_placement, written
from scheduler.web.pages.telling import told
from scheduler.web.pages.words import clock, counted

pages = Pages("move_requests")

HOME = "/tasks"


class CloseForm(Form):
    """How a request ends: it was seen to, or cannot be met."""

    action: Literal["done", "decline"]
    note: Prose | None = None


class TakeForm(Form):
    """Where a visit goes."""

    place: str
    seen: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to meet the wish: where the appointment goes, and how many sessions follow it.

    ``path`` is the preview of a series; a visit, which has none, is moved to ``place``.
    """

    on: date
    at: str
    others: str
    place: str
    path: str | None


@pages.get("/tasks/moves/{request_id}", Action.BOOK)
def show(call: PageCall, request_id: UUID) -> Page:
    """What was asked for, and what can be offered."""
    request = show_request(call.context, request_id=request_id)
    appointment = get_appointment(call.context, appointment_id=request.appointment_id)
    offers, obstacles = _offers(call, request, appointment) if request.is_open else ((), ())
    values = {
        "request": request,
        "appointment": appointment,
        "patient": get_patient(call.context, patient_id=request.patient_id),
        "stands": (clinic_date(request.starts_at, request.zone), clock(request.starts_at, request.zone)),
        "wanted": _wall(request) if request.wanted_at else None,
        "offers": offers,
        "obstacles": obstacles,
    }
    return Page("move_request.html", values)


def _wall(request: MoveRequest) -> tuple[date, str] | None:
    at = request.wanted_at
    return (clinic_date(at, request.zone), clock(at, request.zone)) if at else None


def _offers(
    call: PageCall, request: MoveRequest, appointment: Appointment
) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """What moves least, and what speaks against the wanted time."""
    try:
        found = move_offers(call.context, call.service.free_time, request)
    except RuleBroken as refusal:
        return (), (told(refusal.detail),)
    offers = (_offer(one, request, appointment) for one in found.replans)
    return tuple(one for one in offers if one), tuple(dict.fromkeys(told(one.detail) for one in found.conflicts))


def _offer(found: Replan, request: MoveRequest, appointment: Appointment) -> Offer | None:
    moves = {move.number: move for move in found.changes.moves}
    own = moves.get(appointment.session or 1)
    if own is None:
        return None
    at, others = clock(own.after.starts_at, request.zone), len(moves) - 1
    path = f"/series/{request.series_id}?move={own.number}&to={own.after_on.isoformat()}&at={at}"
    follow = counted("one other session follows", "%(number)d other sessions follow", others) if others else ""
    return Offer(own.after_on, at, follow, written(Placement(1, own.after)), path if request.series_id else None)


def _again(_call: PageCall, refusal: Refusal, request_id: UUID) -> See:
    tell_refused(refusal)
    return See(f"/tasks/moves/{request_id}")


@pages.post("/tasks/moves/{request_id}/close", Action.BOOK, on_refusal=_again)
def close(call: PageCall, request_id: UUID, form: CloseForm) -> See:
    """End a request."""
    close_request(call.context, request_id=request_id, action=form.action, note=form.note)
    return See(HOME)


@pages.post("/tasks/moves/{request_id}/take", Action.BOOK, on_refusal=_again)
def take(call: PageCall, request_id: UUID, form: TakeForm) -> See:
    """Move a visit to the time that was offered, which ends the request."""
    request = show_request(call.context, request_id=request_id)
    slot = read_placement(form.place).slot
    deed = move_visit(call.context, appointment_id=request.appointment_id, slot=slot, seen=form.seen)
    tell_done("moved", deed)
    return See(HOME)
