"""What the caller can be offered for a choice: plans for a series, free slots for a visit."""

from dataclasses import dataclass, replace
from uuid import UUID

from scheduler.domain.planning import PLANS
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Refusal
from scheduler.operations.booking.beginning import plan_new
from scheduler.operations.booking.planning import Plans, how_many, plan_series
from scheduler.operations.booking.series import SeriesRequest
from scheduler.operations.booking.slots import SlotQuestion
from scheduler.operations.booking.visit_offers import offer_visits
from scheduler.web.pages.booking_cards import Card, Names, plan_cards, slot_cards
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_lacks import Lack, lacks_of, wishes_in_force
from scheduler.web.pages.booking_outside import OutsideOffer, outside_of
from scheduler.web.pages.places import Place
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.telling import told
from scheduler.web.pages.words import counted, say


@dataclass(frozen=True, slots=True)
class Offers:
    """The cards, what a screen reader says of them, why there are not more, and what was refused.

    ``outside`` is a time that was pinned, where it would do but for its window.
    """

    cards: tuple[Card, ...] = ()
    told: str = ""
    lacks: tuple[Lack, ...] = ()
    refused: str = ""
    outside: OutsideOffer | None = None


def offers_of(call: PageCall, choice: BookingChoice, place: Place, names: Names, first: int = 1) -> Offers:
    """The offers for a choice that is complete; nothing for one that is not. A rule that says no is told."""
    try:
        if choice.kind == "visit":
            return _visits(call, choice, place, names)
        found = _plans(call, choice, place, first)
        if found is None:
            return Offers()
        outside = None if found.plans else outside_of(call, choice, place, first)
        return replace(_of_plans(found, choice), outside=outside)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return Offers(refused=f"{told(refusal.detail)} {told(refusal.remedy)}".strip())


def _plans(call: PageCall, choice: BookingChoice, place: Place, first: int) -> Plans | None:
    free_time = call.service.free_time
    if choice.kind == "series":
        series_id = UUID(choice.code)
        return plan_series(call.context, free_time, series_id=series_id, wishes=choice.wishes(place.zone, first))
    if choice.kind != "protocol" or not choice.site:
        return None
    return plan_new(call.context, free_time, request_of(choice, place), choice.wishes(place.zone), choice.keep)


def request_of(choice: BookingChoice, place: Place) -> SeriesRequest:
    """The series that a choice asks for. Raises ``Invalid`` as long as its patient and sessions are not known."""
    if choice.patient is None or choice.sessions is None:
        raise Invalid("Choose a patient and a treatment first.", code="booking_unclear")
    sites, addons = (tuple(dict.fromkeys(codes)) for codes in (choice.site, choice.addon))
    return SeriesRequest(place.id, choice.patient, choice.code, choice.sessions, sites, addons, start_on=choice.start)


def _of_plans(found: Plans, choice: BookingChoice) -> Offers:
    rule = found.snapshot.series.protocol.spacing
    number = len(found.plans)
    if not number:
        told = say("No plan fits.")
    else:
        told = _counted(found, number)
        told = say("%(plans)s, %(least)s to %(most)s days apart", plans=told, least=rule.min_days, most=rule.max_days)
    lacks = lacks_of(found.excluded, choice) if number < PLANS else ()
    return Offers(plan_cards(found), told, lacks)


def _counted(found: Plans, number: int) -> str:
    """“Best 5 of 38 plans”."""
    all_of_them = how_many(found) if number == PLANS else number
    if all_of_them is None or all_of_them == number:
        return counted("One plan", "The best %(number)d plans", number)
    return say("Best %(number)d of %(all)d plans", number=number, all=all_of_them)


def _visits(call: PageCall, choice: BookingChoice, place: Place, names: Names) -> Offers:
    question = SlotQuestion(place.id, choice.code, choice.patient)
    found = offer_visits(call.context, call.service.free_time, question, choice.wishes(place.zone))
    cards = slot_cards(found, names)
    if not cards:
        return Offers(told=say("Nothing is free within four weeks."), lacks=wishes_in_force(choice))
    return Offers(cards, counted("One free time", "The best %(number)d free times", len(cards)))
