"""What is done with an appointment from the day: each deed is a form, and each can be undone for three minutes."""

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from scheduler.domain.access import Action
from scheduler.domain.changes import CancelReason
from scheduler.domain.refusals import Refusal
from scheduler.operations.booking import attending
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.undoing import undo as undo_deed
from scheduler.web.api.fields import Prose
from scheduler.web.pages.notices import tell_done, tell_refused, tell_undone
from scheduler.web.pages.registry import Form, PageCall, Pages, See
from scheduler.web.pages.visitor import own_path

pages = Pages("appointments")

HOME = "/day"


class DeedForm(Form):
    """``seen`` is the revision that the visitor looked at, ``back`` the page that they came from."""

    seen: int | None = None
    back: str = HOME


class CancelForm(DeedForm):
    """Who calls it off, a note, and whether the patient still has to be told."""

    reason: Literal["patient", "clinic"]
    note: Prose | None = None
    tell: Literal["yes"] | None = None


def back_with_the_reason(call: PageCall, refusal: Refusal, **_path: UUID) -> See:
    """Back to the page of the form, which says why it could not be done."""
    tell_refused(refusal)
    return See(own_path(call.typed.get("back"), HOME))


def _done(form: DeedForm, what: str, deed: Deed) -> See:
    tell_done(what, deed)
    return See(own_path(form.back, HOME))


def _attend(call: PageCall, appointment_id: UUID, form: DeedForm, what: str, verb: Callable[..., Deed]) -> See:
    return _done(form, what, verb(call.context, appointment_id=appointment_id, seen=form.seen))


@pages.post("/appointments/{appointment_id}/arrive", Action.BOOK, on_refusal=back_with_the_reason)
def arrive(call: PageCall, appointment_id: UUID, form: DeedForm) -> See:
    """The patient is here."""
    return _attend(call, appointment_id, form, "arrived", attending.arrive)


@pages.post("/appointments/{appointment_id}/check-in", Action.BOOK, on_refusal=back_with_the_reason)
def check_in(call: PageCall, appointment_id: UUID, form: DeedForm) -> See:
    """The treatment begins."""
    return _attend(call, appointment_id, form, "checked_in", attending.check_in)


@pages.post("/appointments/{appointment_id}/performed", Action.RECORD, on_refusal=back_with_the_reason)
def perform(call: PageCall, appointment_id: UUID, form: DeedForm) -> See:
    """The treatment took place on the day of the appointment."""
    on = get_appointment(call.context, appointment_id=appointment_id).on_date
    deed = attending.perform(call.context, appointment_id=appointment_id, on=on, seen=form.seen)
    return _done(form, "performed", deed)


@pages.post("/appointments/{appointment_id}/no-show", Action.BOOK, on_refusal=back_with_the_reason)
def miss(call: PageCall, appointment_id: UUID, form: DeedForm) -> See:
    """The patient did not come."""
    return _attend(call, appointment_id, form, "no_show", attending.miss)


@pages.post("/appointments/{appointment_id}/cancel", Action.BOOK, on_refusal=back_with_the_reason)
def cancel(call: PageCall, appointment_id: UUID, form: CancelForm) -> See:
    """Call it off."""
    deed = attending.cancel(
        call.context,
        appointment_id=appointment_id,
        cancel_reason=CancelReason(form.reason),
        note=form.note,
        seen=form.seen,
        tell_patient=form.tell == "yes",
    )
    return _done(form, "cancelled" if form.tell else "cancelled_untold", deed)


@pages.post("/changes/{change_id}/undo", Action.BOOK, on_refusal=back_with_the_reason)
def undo(call: PageCall, change_id: UUID, form: DeedForm) -> See:
    """Take a deed back."""
    undo_deed(call.context, deed_id=change_id)
    tell_undone()
    return See(own_path(form.back, HOME))
