"""Freed slots: what was given back lately and could be somebody else's, and who of the waitlist could come then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from scheduler.domain.access import Action, require, require_fully
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.planning import plans_of
from scheduler.operations.booking.replanning import WantedMove, replan_near, snapshot_to_move
from scheduler.operations.booking.slots import SlotQuestion, free_slots
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.waitlist.waiting import WaitlistEntry, list_waitlist
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import AppointmentRow, ClaimRow, ResourceRow
from scheduler.storage.snapshots import keeps_of, load_snapshot

AHEAD = timedelta(days=14)
"""So far ahead a freed slot is offered; later ones fill by themselves."""
MOST = 20
ALL_STARTS = 288
"""A day has no more starts than steps of five minutes."""
A, C = AppointmentRow, ClaimRow


@dataclass(frozen=True, slots=True)
class FreedSlot:
    """Time of a practitioner that an appointment gave back: UTC instants. ``id`` is the appointment's."""

    id: UUID
    clinic_id: UUID
    starts_at: datetime
    ends_at: datetime
    practitioner_id: UUID
    practitioner: str


def freed_slots(context: Context, *, clinic_id: UUID) -> tuple[FreedSlot, ...]:
    """What cancelled appointments of the next fortnight gave back and nobody has taken, in order of time.

    Raises ``NotFound``.
    """
    require(context.actor, Action.SEE_SCHEDULE)
    clinic = clinic_of(context, clinic_id)
    today = clinic_date(context.now, clinic.zone)
    taken = exists().where(C.subject_id == A.practitioner_id, C.starts_at < A.ends_at, C.ends_at > A.starts_at)
    query = (
        select(A.id, A.starts_at, A.ends_at, A.practitioner_id, ResourceRow.name)
        .join(ResourceRow, ResourceRow.id == A.practitioner_id)
        .where(A.clinic_id == clinic.id, A.on_date.between(today, today + AHEAD), A.starts_at > context.now)
        .where(A.status == AppointmentStatus.CANCELLED, ResourceRow.active, ~taken)
        .order_by(A.starts_at, A.practitioner_id, A.id)
    )
    found = {(row.starts_at, row.practitioner_id): row for row in context.tx.execute(query)}
    return tuple(_freed(clinic.id, row) for row in list(found.values())[:MOST])


def _freed(clinic_id: UUID, row: Any) -> FreedSlot:
    return FreedSlot(row.id, clinic_id, row.starts_at, row.ends_at, row.practitioner_id, row.name)


def who_would_come(entries: Iterable[WaitlistEntry], slot: FreedSlot) -> tuple[WaitlistEntry, ...]:
    """Those of the waitlist who want to be asked about a slot, in their order. Whether it fits is another question."""
    return tuple(
        entry
        for entry in entries
        if entry.waiting and entry.waiting.would_take(slot.starts_at, entry.zone, slot.practitioner_id)
    )


def who_could_come(
    context: Context, free_time: FreeTime, *, clinic_id: UUID, starts_at: datetime, practitioner_id: UUID
) -> tuple[WaitlistEntry, ...]:
    """Those of the waitlist who can have a start (UTC instant) with a practitioner under every rule, in their order.

    The first twenty who want it are looked at. Nobody else's appointment moves for it. Raises ``NotFound``.
    """
    require_fully(context.actor, Action.BOOK)
    wanted = FreedSlot(practitioner_id, clinic_id, starts_at, starts_at, practitioner_id, "")
    waiting = who_would_come(list_waitlist(context, clinic_id=clinic_id), wanted)[:MOST]
    return tuple(entry for entry in waiting if _fits(context, free_time, entry, starts_at, practitioner_id))


def _fits(context: Context, free_time: FreeTime, entry: WaitlistEntry, at: datetime, who: UUID) -> bool:
    try:
        if entry.appointment_id is not None:
            return _can_move(context, free_time, entry, entry.appointment_id, at, who)
        if entry.series_id is not None:
            return _can_be_planned(context, free_time, entry, entry.series_id, at, who)
        return _can_visit(context, free_time, entry, at, who)
    except RuleBroken:
        return False


def _can_move(
    context: Context, free_time: FreeTime, entry: WaitlistEntry, appointment_id: UUID, at: datetime, who: UUID
) -> bool:
    """The appointment alone moves there."""
    snapshot = snapshot_to_move(context, entry.series_id, appointment_id)
    move = WantedMove(appointment_id, Slot(at, {ResourceKind.PRACTITIONER: who}))
    found = replan_near(context, free_time, snapshot, move=move, limit=1).replans
    slots = [one.changes.moves[0].after for one in found if len(one.changes.moves) == 1]
    return any((slot.starts_at, slot.practitioner_id) == (at, who) for slot in slots)


def _can_be_planned(
    context: Context, free_time: FreeTime, entry: WaitlistEntry, series_id: UUID, at: datetime, who: UUID
) -> bool:
    """The session goes there, and the rest of the series still finds its places."""
    snapshot = load_snapshot(context.tx, context.organisation_id, series_id, context.now)
    wishes = Wishes(pinned={entry.session or 1: at})
    plans = plans_of(context, free_time, snapshot, wishes, keeps_of(context.tx, series_id)).plans
    return any(read.plan.placements[0].slot.practitioner_id == who for read in plans)


def _can_visit(context: Context, free_time: FreeTime, entry: WaitlistEntry, at: datetime, who: UUID) -> bool:
    on = clinic_date(at, entry.zone)
    question = SlotQuestion(entry.clinic_id, entry.visit_type or "", entry.patient_id, who, on, 1, ALL_STARTS)
    return any(slot.starts_at == at for slot in free_slots(context, free_time, question).slots)
