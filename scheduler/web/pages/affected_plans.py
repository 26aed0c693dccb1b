"""What moves least for one affected appointment: told beside its patient, and taken there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import request

from scheduler.domain.access import Action
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.visiting import move_visit
from scheduler.operations.places.affected_plans import AffectedPlan, affected_plan
from scheduler.operations.places.resource_names import resource_names
from scheduler.web.pages.appointments import back_with_the_reason
from scheduler.web.pages.notices import tell_done
from scheduler.web.pages.registry import Form, Page, PageCall, Pages, See
from scheduler.web.pages.series_moves import read_placement, written
from scheduler.web.pages.visitor import own_path
from scheduler.web.pages.words import clock

pages = Pages("affected_plans")

HOME = "/affected"


class TakeVisitForm(Form):
    """Where a visit goes, the revision that was seen, and the list to come back to."""

    place: str
    seen: int
    back: str = HOME


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """One appointment goes to another time, or to somebody else: ``who`` is with whom it would be."""

    session: int | None
    on: date
    at: str
    who: str


@pages.get("/affected/{appointment_id}/plan", Action.BOOK)
def show(call: PageCall, appointment_id: UUID) -> Page:
    """What moves least: a part of the list where a script asks for it, else a page."""
    found = affected_plan(call.context, call.service.free_time, appointment_id=appointment_id)
    part = request.headers.get("HX-Request") == "true"
    back = own_path(request.args.get("back"), HOME)
    values = {"found": found, "moves": _moves(call, found), "place": _place(found), "back": back}
    return Page("parts/affected_plan.html" if part else "affected_plan.html", values)


def _moves(call: PageCall, found: AffectedPlan) -> tuple[PlannedMove, ...]:
    """The moves that belong together, in order."""
    moves = found.plan.changes.moves if found.plan else ()
    people = [one.after.resources.get(ResourceKind.PRACTITIONER) for one in moves]
    names = resource_names(call.context, [id_ for id_ in people if id_])
    zone, is_series = found.appointment.zone, found.appointment.series_id is not None
    return tuple(
        PlannedMove(
            one.number if is_series else None,
            clinic_date(one.after.starts_at, zone),
            clock(one.after.starts_at, zone),
            names.get(id_, "") if id_ else "",
        )
        for one, id_ in zip(moves, people, strict=True)
    )


def _place(found: AffectedPlan) -> str | None:
    """Where a visit would go, as the form carries it. A series is moved on its own page."""
    if found.plan is None or found.appointment.series_id or not found.plan.changes.moves:
        return None
    return written(Placement(1, found.plan.changes.moves[0].after))


@pages.post("/affected/{appointment_id}/take", Action.BOOK, on_refusal=back_with_the_reason)
def take(call: PageCall, appointment_id: UUID, form: TakeVisitForm) -> See:
    """Move a visit to the time that was shown."""
    get_appointment(call.context, appointment_id=appointment_id)
    slot = read_placement(form.place).slot
    tell_done("moved", move_visit(call.context, appointment_id=appointment_id, slot=slot, seen=form.seen))
    return See(own_path(form.back, HOME))
