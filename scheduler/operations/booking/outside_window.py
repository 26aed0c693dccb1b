"""Outside the window: a session at a time that a caller wants all the same, where only a reason is missing."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.availability import free_starts
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import date_conflicts
from scheduler.domain.day_grid import STRIDE, day_grid
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import Booking, Session
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import Window, windows
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import phases_of
from scheduler.operations.booking.supplies import supply_of
from scheduler.operations.context import Context
from scheduler.storage.free_time import FreeTime
from scheduler.storage.snapshots import Snapshot, load_snapshot
from scheduler.storage.types import new_id

ANY_REASON = "?"


@dataclass(frozen=True, slots=True)
class OutsideWindow:
    """A placement that needs an override, its clinic date, and the window that it misses."""

    placement: Placement
    on: date
    window: Window


def outside_window(
    context: Context,
    free_time: FreeTime,
    *,
    series_id: UUID,
    session: int,
    starts_at: datetime,
    practitioner_id: UUID | None = None,
) -> OutsideWindow | None:
    """What an override could book at a UTC instant, for a session that has no appointment.

    ``None`` where none is needed, where the time is not free, and where no reason would be enough: below the least
    that the protocol allows, on hold, on a closed day. Raises ``NotFound``.
    """
    require(context.actor, Action.BOOK)
    snapshot = load_snapshot(context.tx, context.organisation_id, series_id, context.now)
    waiting = {one.number: one for one in snapshot.series.sessions if one.open and one.booking is None}
    slot = _free(context, free_time, snapshot, session, starts_at, practitioner_id) if session in waiting else None
    return _decided(snapshot, waiting[session], slot) if slot else None


def _decided(snapshot: Snapshot, session: Session, slot: Slot) -> OutsideWindow | None:
    series, around = snapshot.series, snapshot.around
    on = clinic_date(slot.starts_at, series.zone)
    proposed = series.with_sessions({session.number: replace(session, booking=Booking(new_id(), on, slot))})
    window = windows(proposed, around)[session.number]
    if window is None or window.contains(on):
        return None
    if date_conflicts(proposed, around, {session.number}, {session.number: ANY_REASON}):
        return None
    return OutsideWindow(Placement(session.number, slot), on, window)


def _free(
    context: Context, free_time: FreeTime, snapshot: Snapshot, session: int, starts_at: datetime, only: UUID | None
) -> Slot | None:
    """Who and what is free at this instant; the practitioner who is wished for, or the first."""
    series = snapshot.series
    grid = day_grid(series.zone, clinic_date(starts_at, series.zone), 1)
    place = grid.place(starts_at)
    if place is None:
        return None
    free = free_starts(grid, phases_of(series)[session], supply_of(context, free_time, snapshot, grid).supply)
    cell = place[0] * STRIDE + place[1]
    able = [who for who, mask in free.by_practitioner.items() if mask >> cell & 1 and only in (None, who)]
    if not able:
        return None
    things = {kind: ids[0] for kind, ids in free.free_at(*place).items()}
    return Slot(starts_at, things | ({ResourceKind.PRACTITIONER: able[0]} if able[0] else {}))
