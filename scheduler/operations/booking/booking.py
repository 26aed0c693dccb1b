"""Booking: all sessions of a series, the first few, or only the next. All of what is asked, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import update

from scheduler.domain.changes import SeriesStateChanged
from scheduler.domain.lifecycle import SERIES, next_state
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Conflict, refuse_all
from scheduler.domain.series import SeriesState
from scheduler.operations.booking.deeds import Deed, carry_out, locked_snapshot
from scheduler.operations.booking.keeping import end_keeps
from scheduler.operations.booking.placing import Placed, Placement, placing_changes
from scheduler.operations.context import Context
from scheduler.storage.rows import SeriesRow
from scheduler.storage.snapshots import Snapshot


def book_sessions(
    context: Context,
    *,
    series_id: UUID,
    placements: Sequence[Placement],
    seen: int | None = None,
    start_on: date | None = None,
    tell_patient: bool = True,
) -> Deed:
    """Book these sessions of a series in one transaction. What was kept for the series is used or given back.

    ``seen`` is the series' revision that the caller looked at. ``start_on`` is the requested start (clinic date) of a
    series whose first session has no date yet. Raises ``RuleBroken`` with all conflicts, ``Stale``, ``NotFound``,
    ``NotAllowed``, ``Invalid``.
    """
    snapshot = unbooked(context, series_id, placements, seen, start_on)
    return book(context, snapshot, placements, tell_patient=tell_patient)


def book(context: Context, snapshot: Snapshot, placements: Sequence[Placement], *, tell_patient: bool = True) -> Deed:
    """Book sessions of a locked series that have no appointment yet. Raises as ``book_sessions`` does."""
    end_keeps(context, snapshot.series.id)
    changes = placing_changes(context, snapshot, placements)
    begun = begun_by(snapshot, changes)
    return carry_out(context, snapshot, [*changes, *begun], "sessions_booked", tell_patient=tell_patient)


def unbooked(
    context: Context, series_id: UUID, placements: Sequence[Placement], seen: int | None, start_on: date | None
) -> Snapshot:
    """The locked series from the start that is asked for, in which none of these sessions has an appointment yet."""
    snapshot = _starting(context, locked_snapshot(context, series_id, seen), start_on)
    _refuse_booked(snapshot, placements)
    return snapshot


def _starting(context: Context, snapshot: Snapshot, start_on: date | None) -> Snapshot:
    """The snapshot with the start that the caller asked for, as long as nothing has begun."""
    series = snapshot.series
    begun = any(session.dated for session in series.sessions)
    if start_on is None or start_on == series.start_on or begun:
        return snapshot
    context.tx.execute(update(SeriesRow).where(SeriesRow.id == series.id).values(start_on=start_on))
    return replace(snapshot, series=replace(series, start_on=start_on))


def _refuse_booked(snapshot: Snapshot, placements: Sequence[Placement]) -> None:
    numbers = {s.number for s in snapshot.series.sessions if s.booking} & {p.session for p in placements}
    refuse_all(
        [
            Conflict(
                "session_already_booked",
                Phrase("Session %(session)s already has an appointment.", session=n),
                {"session": n},
                "Move the appointment instead.",
            )
            for n in sorted(numbers)
        ]
    )


def begun_by(snapshot: Snapshot, placed: Sequence[Placed]) -> tuple[SeriesStateChanged, ...]:
    """The first booking makes a draft an active series."""
    state = snapshot.series.state
    if state is not SeriesState.DRAFT or not placed:
        return ()
    return (SeriesStateChanged(state, next_state(SERIES, state, "activate")),)
