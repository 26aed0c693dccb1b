"""What a booking comes to: which operation books or keeps the chosen plan."""

from uuid import UUID

from scheduler.domain.refusals import Invalid
from scheduler.operations.booking.beginning import book_new, keep_new
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.keeping import Keep, KeepUntil, keep_slots
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.visiting import book_visit
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_offers import request_of
from scheduler.web.pages.booking_values import placements_of
from scheduler.web.pages.places import chosen_clinic
from scheduler.web.pages.registry import PageCall


def book_it(call: PageCall, choice: BookingChoice, plan: str, count: int | None) -> tuple[Deed, str]:
    """Book the chosen plan, or its first ``count`` sessions; the deed, and what was booked as an address names it."""
    placements = placements_of(plan)[:count]
    if choice.kind == "visit":
        return _visit(call, choice, placements)
    if choice.kind == "series":
        series_id = UUID(choice.code)
        deed = book_sessions(call.context, series_id=series_id, placements=placements, start_on=choice.start)
    else:
        wanted = request_of(choice, chosen_clinic(call))
        deed = book_new(call.context, wanted, placements, keep_id=choice.keep)
    return deed, f"series:{deed.about_id}"


def _visit(call: PageCall, choice: BookingChoice, placements: list[Placement]) -> tuple[Deed, str]:
    if choice.patient is None:
        raise Invalid("Choose a patient first.", code="booking_unclear")
    visit = book_visit(
        call.context,
        clinic_id=chosen_clinic(call).id,
        patient_id=choice.patient,
        visit_type=choice.code,
        slot=placements[0].slot,
        sites=choice.site,
    )
    return visit.deed, f"visit:{visit.appointment_id}"


def keep_it(call: PageCall, choice: BookingChoice, plan: str, until: KeepUntil) -> Keep:
    """Keep the slots of the chosen plan, instead of what was kept before."""
    placements = placements_of(plan)
    if choice.kind == "series":
        return keep_slots(call.context, series_id=UUID(choice.code), placements=placements, until=until)
    if choice.kind == "visit":
        raise Invalid("The time of a visit cannot be kept: book it, and cancel it if need be.", code="visit_not_kept")
    wanted = request_of(choice, chosen_clinic(call))
    return keep_new(call.context, wanted, placements, until=until, keep_id=choice.keep)
