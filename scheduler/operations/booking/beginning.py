"""Beginning: series that are planned before anything is stored, and stored together with their first deed.

Whoever only looks at plans leaves nothing behind.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from scheduler.domain.changes import SeriesStateChanged
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.series import SeriesState
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.deeds import Deed, carry_out
from scheduler.operations.booking.keeping import Keep, KeepUntil, keep_slots, release_keep
from scheduler.operations.booking.placing import Placement, placing_changes
from scheduler.operations.booking.planning import Plans, plans_of
from scheduler.operations.booking.series import SeriesRequest, checked_protocol, start_series
from scheduler.operations.context import Context, clinic_of
from scheduler.storage.free_time import FreeTime
from scheduler.storage.new_series import NewSeries, new_series
from scheduler.storage.rows import KeepRow, SeriesRow
from scheduler.storage.unmeant import forget_unmeant


def plan_new(
    context: Context, free_time: FreeTime, wanted: SeriesRequest, wishes: Wishes, keep_id: UUID | None = None
) -> Plans:
    """The best plans for a series that is not stored. What ``keep_id`` keeps is free for this caller.

    Raises as ``start_series`` and ``plan_series`` do.
    """
    protocol_id = checked_protocol(context, wanted)
    clinic = clinic_of(context, wanted.clinic_id)
    start_on = wanted.start_on or clinic_date(context.now, clinic.zone)
    draft = NewSeries(wanted.patient_id, protocol_id, wanted.sessions, wanted.sites, wanted.addons, start_on)
    snapshot = new_series(context.tx, clinic, draft, context.now)
    return plans_of(context, free_time, snapshot, wishes, () if keep_id is None else (keep_id,))


def book_new(
    context: Context, wanted: SeriesRequest, placements: Sequence[Placement], *, keep_id: UUID | None = None
) -> Deed:
    """Begin a series and book sessions of it in one transaction; what ``keep_id`` keeps is used or given back.

    Undone, the series was an error: nobody wanted it without these appointments. Raises as ``start_series`` and
    ``book_sessions`` do.
    """
    if keep_id is not None:
        give_back(context, keep_id)
    snapshot = start_series(context, wanted).snapshot
    begun = SeriesStateChanged(SeriesState.ENTERED_IN_ERROR, SeriesState.ACTIVE)
    changes = [*placing_changes(context, snapshot, placements), begun]
    return carry_out(context, snapshot, changes, "sessions_booked")


def keep_new(
    context: Context,
    wanted: SeriesRequest,
    placements: Sequence[Placement],
    *,
    until: KeepUntil = KeepUntil.TEN_MINUTES,
    keep_id: UUID | None = None,
) -> Keep:
    """Keep slots for a series that may never begin, instead of what ``keep_id`` keeps.

    A keep belongs to a series. The one that is stored for it counts as an error from the start, so that nobody meets
    it, and goes with its keep. Raises as ``start_series`` and ``keep_slots`` do.
    """
    if keep_id is not None:
        give_back(context, keep_id)
    series_id = start_series(context, wanted).snapshot.series.id
    keep = keep_slots(context, series_id=series_id, placements=placements, until=until)
    unmeant = update(SeriesRow).where(SeriesRow.id == series_id).values(state=SeriesState.ENTERED_IN_ERROR)
    context.tx.execute(unmeant.execution_options(synchronize_session=False))
    return keep


def give_back(context: Context, keep_id: UUID) -> None:
    """Give kept slots back, and forget the series that was stored for them only; nothing when they have run out."""
    mine = (KeepRow.id == keep_id, KeepRow.organisation_id == context.organisation_id)
    series_id = context.tx.scalar(select(KeepRow.series_id).where(*mine))
    if series_id is not None:
        release_keep(context, keep_id=keep_id)
        forget_unmeant(context.tx, [series_id])
