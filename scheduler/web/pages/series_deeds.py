"""What is done with a series besides moving it: an override, a record, a correction, a decision on a lapsed window."""

from datetime import date, time
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import instant_of
from scheduler.domain.refusals import NotFound, Refusal
from scheduler.domain.slots import Slot
from scheduler.operations.booking import attending
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.booking.deciding import Choice, Decision, Occasion, decide
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.override_requests import request_override
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.series import show_series
from scheduler.web.api.fields import Prose
from scheduler.web.pages.notices import tell_done, tell_refused
from scheduler.web.pages.registry import Form, PageCall, Pages, See
from scheduler.web.pages.series import Number, preview_again
from scheduler.web.pages.series_moves import movable_booking, read_placement
from scheduler.web.pages.series_refusals import in_words

pages = Pages("series-deeds")


class OverrideForm(Form):
    """A session, the clinic date and time outside its window, and why. ``place`` are those that follow it."""

    move: Number
    to: date
    at: time
    reason: Prose
    seen: int
    place: tuple[str, ...] = ()


class RecordForm(Form):
    """An appointment, the clinic date on which it was performed, and whether only in part."""

    appointment: UUID
    on: date
    partial: Literal["yes"] | None = None
    seen: int


class CorrectionForm(Form):
    """An appointment and what was wrong with its record."""

    appointment: UUID
    reason: Prose
    seen: int


class DecisionForm(Form):
    """What becomes of a session whose window has lapsed, and why."""

    session: Number
    choose: Literal["continue", "restart", "omit", "cease"]
    reason: Prose
    seen: int


def back_with_the_reason(call: PageCall, refusal: Refusal, series_id: UUID) -> See:
    """Back to the series, which says why it could not be done. Raises ``NotFound`` when there is none."""
    show_series(call.context, series_id)
    tell_refused(in_words(refusal))
    return See(f"/series/{series_id}")


@pages.post("/series/{series_id}/override", Action.OVERRIDE, on_refusal=preview_again)
def override(call: PageCall, series_id: UUID, form: OverrideForm) -> See:
    """Move outside the window, by a practitioner's decision; or ask for one, and keep the time meanwhile."""
    wanted = _placement(call, series_id, form)
    if allowance(call.somebody.roles, Action.OVERRIDE) is Allowance.REQUEST:
        request_override(call.context, series_id=series_id, placement=wanted, reason=form.reason, seen=form.seen)
        return See(f"/series/{series_id}?told=asked")
    placements = [wanted, *(read_placement(text) for text in form.place)]
    deed = change_sessions(call.context, series_id=series_id, placements=placements, seen=form.seen, reason=form.reason)
    tell_done("sessions_moved", deed)
    return See(f"/series/{series_id}")


def _placement(call: PageCall, series_id: UUID, form: OverrideForm) -> Placement:
    """The session with what it uses now, at the wanted time. Raises ``NotFound`` when it cannot move."""
    sheet = show_series(call.context, series_id)
    booking = movable_booking(sheet, form.move)
    if booking is None:
        raise NotFound("This series has no such appointment that could move.", session=form.move)
    slot = Slot(instant_of(form.to, form.at, sheet.snapshot.series.zone), booking.slot.resources)
    may = allowance(call.somebody.roles, Action.OVERRIDE) is Allowance.YES
    return Placement(form.move, slot, booking.treatment_extra, form.reason if may else None)


@pages.post("/series/{series_id}/record", Action.RECORD, on_refusal=back_with_the_reason)
def record(call: PageCall, series_id: UUID, form: RecordForm) -> See:
    """The treatment took place, today or on an earlier day, wholly or in part."""
    _expect_of_series(call, series_id, form.appointment)
    partial = form.partial == "yes"
    deed = attending.perform(call.context, appointment_id=form.appointment, on=form.on, partial=partial, seen=form.seen)
    tell_done("performed", deed)
    return See(f"/series/{series_id}")


@pages.post("/series/{series_id}/correct", Action.CORRECT, on_refusal=back_with_the_reason)
def correct(call: PageCall, series_id: UUID, form: CorrectionForm) -> See:
    """Take back a record that is wrong."""
    _expect_of_series(call, series_id, form.appointment)
    deed = attending.correct(call.context, appointment_id=form.appointment, reason=form.reason, seen=form.seen)
    tell_done("corrected", deed)
    return See(f"/series/{series_id}")


def _expect_of_series(call: PageCall, series_id: UUID, appointment_id: UUID) -> None:
    """Raise ``NotFound`` unless the appointment is one of this series."""
    if get_appointment(call.context, appointment_id=appointment_id).series_id != series_id:
        raise NotFound("There is no such appointment.", appointment_id=str(appointment_id))


@pages.post("/series/{series_id}/decide", Action.DECIDE_LAPSE, on_refusal=back_with_the_reason)
def decide_lapse(call: PageCall, series_id: UUID, form: DecisionForm) -> See:
    """Continue, restart, leave the session out, or end the series. A restart leads to the new series."""
    decision = Decision(Occasion.LAPSE, Choice(form.choose), form.reason, form.session)
    done = decide(call.context, series_id=series_id, decision=decision, seen=form.seen)
    tell_done(form.choose, done.deed)
    return See(f"/series/{done.new_series_id or series_id}")
