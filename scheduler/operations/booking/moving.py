"""Moving: one session with what must follow, or a whole set of changes as a replan offers it. All, or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from scheduler.domain.applied import applied
from scheduler.domain.changes import AppointmentCancelled, CancelReason, cancellation
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import Series
from scheduler.operations.booking.booking import begun_by
from scheduler.operations.booking.deeds import Deed, carry_out, locked_snapshot
from scheduler.operations.booking.keeping import end_keeps
from scheduler.operations.booking.placing import Placement, placing_changes
from scheduler.operations.context import Context


def change_sessions(
    context: Context,
    *,
    series_id: UUID,
    placements: Sequence[Placement],
    release: Collection[int] = (),
    seen: int | None = None,
    reason: str | None = None,
    tell_patient: bool = True,
) -> Deed:
    """Move the sessions that have an appointment, book those that have none, and release those in ``release``.

    The whole set obeys every rule together, so a session may move past its window if its neighbours follow. ``seen``
    is the series' revision that the caller looked at. Raises as ``book_sessions`` does.
    """
    snapshot = locked_snapshot(context, series_id, seen)
    end_keeps(context, series_id)
    released = tuple(_release(snapshot.series, number) for number in sorted(release))
    without = replace(snapshot, series=applied(snapshot.series, released))
    placed = placing_changes(context, without, placements) if placements or not released else ()
    changes = [*released, *placed, *begun_by(snapshot, placed)]
    return carry_out(context, snapshot, changes, "sessions_changed", reason=reason, tell_patient=tell_patient)


def _release(series: Series, number: int) -> AppointmentCancelled:
    session = series.session(number) if 1 <= number <= len(series.sessions) else None
    if session is None or session.booking is None or not session.booking.movable:
        detail = Phrase("Session %(number)s has no appointment that could be released.", number=number)
        raise RuleBroken(detail, code="nothing_to_release", session=number)
    return cancellation(session, session.booking, CancelReason.REPLAN)
