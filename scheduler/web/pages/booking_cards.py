"""The cards of a booking: one for each plan or free slot, with what it comes to in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.planning import Placement, Plan
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Slot
from scheduler.operations.booking.planning import Plans
from scheduler.operations.booking.slots import FreeSlot, FreeSlots
from scheduler.web.pages.booking_values import value_of
from scheduler.web.pages.booking_words import Spoken, aloud, gaps, short_dates, title
from scheduler.web.pages.words import clock, say

Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Card:
    """One choice. ``value`` is what is booked, ``sentence`` what is read to the caller; ``dates`` stand in order."""

    value: str
    title: str
    badge: str
    dates: tuple[str, ...]
    note: str
    sentence: str
    sessions: int


def plan_cards(found: Plans) -> tuple[Card, ...]:
    """A card for each plan, best first."""
    plans = [read.plan for read in found.plans]
    zone = found.snapshot.series.zone
    return tuple(_plan_card(plan, _badge(plan, plans), zone, found.names) for plan in plans)


def _plan_card(plan: Plan, badge: str, zone: str, names: Names) -> Card:
    said = [_spoken(one.slot, zone, names) for one in plan.placements]
    return Card(
        value=value_of((one.number, one.slot) for one in plan.placements),
        title=title(said),
        badge=badge,
        dates=short_dates(said) if len(said) > 1 else (),
        note=_note(plan.placements, plan),
        sentence=aloud(said),
        sessions=len(said),
    )


def _note(placements: Sequence[Placement], plan: Plan) -> str:
    """The gaps, and how much of it is not as preferred."""
    broken = plan.cost.wishes_broken
    missed = say("%(some)s of %(all)s not at the hours wished for.", some=broken, all=len(placements)) if broken else ""
    return " ".join(filter(None, (gaps([one.gap for one in placements]), missed)))


def _badge(plan: Plan, plans: Sequence[Plan]) -> str:
    if plan is plans[0]:
        return say("Best match")
    first = min(plans, key=lambda one: one.cost.last_on)
    if plan is first and plan.cost.last_on < plans[0].cost.last_on:
        return say("Finishes first")
    return ""


def slot_cards(found: FreeSlots, names: Names) -> tuple[Card, ...]:
    """A card for each free slot of a visit."""
    return tuple(_slot_card(_as_slot(one), found.zone, names, place) for place, one in enumerate(found.slots))


def _slot_card(slot: Slot, zone: str, names: Names, place: int) -> Card:
    said = [_spoken(slot, zone, names)]
    badge = "" if place else say("Best match")
    return Card(value_of([(1, slot)]), title(said), badge, (), "", aloud(said), 1)


def _as_slot(free: FreeSlot) -> Slot:
    named = (
        (ResourceKind.PRACTITIONER, free.practitioner_id),
        (ResourceKind.ROOM, free.room_id),
        (ResourceKind.DEVICE, free.device_id),
    )
    return Slot(free.starts_at, {kind: id_ for kind, id_ in named if id_ is not None})


def _spoken(slot: Slot, zone: str, names: Names) -> Spoken:
    who = slot.practitioner_id
    return Spoken(clinic_date(slot.starts_at, zone), clock(slot.starts_at, zone), names.get(who) if who else None)
