"""Visit offers: the few free slots of the next weeks that suit a caller best."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.planning import PLANS
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.slots import FreeSlot, FreeSlots, SlotQuestion, free_slots
from scheduler.operations.context import Context
from scheduler.storage.free_time import FreeTime

DAYS = 28
ALL_STARTS = 5000


def offer_visits(
    context: Context, free_time: FreeTime, question: SlotQuestion, wishes: Wishes, limit: int = PLANS
) -> FreeSlots:
    """Up to ``limit`` slots: those at preferred hours first, then by time; one for each date and practitioner.

    Dates to avoid, the practitioner and a pinned start are kept. Raises as ``free_slots`` does.
    """
    asked = replace(
        question, first=wishes.start_on, practitioner_id=wishes.practitioner_id, days=DAYS, limit=ALL_STARTS
    )
    found = free_slots(context, free_time, asked)
    fitting = sorted(_allowed(found, wishes), key=lambda slot: not wishes.fits(wall_time(slot.starts_at, found.zone)))
    return FreeSlots(found.zone, tuple(_one_each(fitting, found.zone))[:limit])


def _allowed(found: FreeSlots, wishes: Wishes) -> Iterator[FreeSlot]:
    pinned = set(wishes.pinned.values())
    for slot in found.slots:
        on = clinic_date(slot.starts_at, found.zone)
        if any(first <= on <= last for first, last in wishes.avoid) or (pinned and slot.starts_at not in pinned):
            continue
        yield slot


def _one_each(slots: Iterable[FreeSlot], zone: str) -> Iterator[FreeSlot]:
    seen: set[tuple[date, UUID | None]] = set()
    for slot in slots:
        one = (clinic_date(slot.starts_at, zone), slot.practitioner_id)
        if one not in seen:
            seen.add(one)
            yield slot
