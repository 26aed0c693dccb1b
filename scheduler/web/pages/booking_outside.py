"""A time outside the window, as the panel offers it: to be booked with a reason, or to be asked for."""

from dataclasses import dataclass, replace
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.operations.booking.booking_or_asking import Booked, book_or_ask
from scheduler.operations.booking.outside_window import outside_window
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.booking_values import placements_of, value_of
from scheduler.web.pages.places import Place
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.series_words import span
from scheduler.web.pages.words import clock, long_day, say


@dataclass(frozen=True, slots=True)
class OutsideOffer:
    """What a reason would be enough for. ``decides`` says that the reader books; else a practitioner is asked."""

    value: str
    text: str
    decides: bool


def outside_of(call: PageCall, choice: BookingChoice, place: Place, first: int) -> OutsideOffer | None:
    """The pinned time of a series that goes on, where it lies outside the window and nothing else is wrong with it."""
    pinned = choice.wishes(place.zone, first).pinned
    width = allowance(call.somebody.roles, Action.OVERRIDE)
    if choice.kind != "series" or len(pinned) != 1 or width is None:
        return None
    ((session, at),) = pinned.items()
    found = outside_window(
        call.context,
        call.service.free_time,
        series_id=UUID(choice.code),
        session=session,
        starts_at=at,
        practitioner_id=choice.who,
    )
    if found is None:
        return None
    text = say(
        "Session %(number)d on %(day)s at %(time)s lies outside its window, %(window)s.",
        number=session,
        day=long_day(found.on),
        time=clock(at, place.zone),
        window=span(found.window.earliest.on, found.window.latest.on),
    )
    return OutsideOffer(value_of([(session, found.placement.slot)]), text, width is Allowance.YES)


def book_outside(call: PageCall, choice: BookingChoice, plan: str, reason: str) -> Booked:
    """Book it by a practitioner's decision, or ask for one."""
    placements = [replace(one, override_reason=reason) for one in placements_of(plan)]
    return book_or_ask(call.context, series_id=UUID(choice.code), placements=placements)
