"""Moving an appointment in the grid: a panel with the preview, and the deed that carries out what was previewed."""

from datetime import date
from http import HTTPStatus
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.refusals import Invalid, Refusal
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.visiting import move_visit
from scheduler.web.pages.day_moving import MoveChoice, move_panel
from scheduler.web.pages.day_view import Beside, DayChoice, day_page, looked_at
from scheduler.web.pages.notices import tell_done
from scheduler.web.pages.registry import Form, Page, PageCall, Pages, See
from scheduler.web.pages.series_moves import read_placement

pages = Pages("day_moves")

TEMPLATE = "day_move.html"


class MoveForm(Form):
    """What was previewed: the places of all that moves, and the revision that was seen; and where it was wanted."""

    place: tuple[str, ...] = ()
    seen: int | None = None


@pages.get("/day/{on}/move/{appointment_id}", Action.BOOK)
def show(call: PageCall, on: date, appointment_id: UUID, query: MoveChoice) -> Page:
    """The panel in which an appointment is moved, with the preview of what is wanted."""
    return _page(call, on, appointment_id, query, HTTPStatus.OK)


def _page(call: PageCall, on: date, appointment_id: UUID, choice: MoveChoice, status: HTTPStatus) -> Page:
    looked = looked_at(call, on)
    panel = move_panel(call, looked.day, appointment_id, choice, taken=status is HTTPStatus.CONFLICT)
    shown = HTTPStatus.UNPROCESSABLE_ENTITY if panel.faults else status
    return day_page(call, looked, DayChoice(), Beside(TEMPLATE, {"move": panel}, shown))


def _taken(call: PageCall, _refusal: Refusal, on: date, appointment_id: UUID) -> Page:
    """Somebody was faster: the same wish again, as things stand now."""
    choice = MoveChoice.model_validate({name: call.typed.get(name, "") for name in MoveChoice.model_fields})
    return _page(call, on, appointment_id, choice, HTTPStatus.CONFLICT)


@pages.post("/day/{on}/move/{appointment_id}", Action.BOOK, on_refusal=_taken)
def move(call: PageCall, on: date, appointment_id: UUID, form: MoveForm) -> See:
    """Move what was previewed: just that, or nothing."""
    tell_done("moved", _moved(call, appointment_id, form))
    return See(f"/day/{on.isoformat()}")


def _moved(call: PageCall, appointment_id: UUID, form: MoveForm) -> Deed:
    one = get_appointment(call.context, appointment_id=appointment_id)
    places = [read_placement(text) for text in form.place]
    if not places:
        raise Invalid("Choose a time first.", code="invalid_form")
    if one.series_id is None:
        return move_visit(call.context, appointment_id=appointment_id, slot=places[0].slot, seen=form.seen)
    return change_sessions(call.context, series_id=one.series_id, placements=places, seen=form.seen)
