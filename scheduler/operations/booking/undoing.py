"""Undoing: a deed taken back within three minutes, before anybody has been told of it.

Its message stays: by the time it is due there is nothing left to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from scheduler.domain.access import Action, require_fully
from scheduler.domain.blocked import blocking
from scheduler.domain.changes import Change, ImportDecided, SeriesStateChanged, SessionChanged, WindowStored
from scheduler.domain.holds import blocked_by_holds
from scheduler.domain.lifecycle import SERIES, next_state
from scheduler.domain.refusals import Conflict, NotFound, RuleBroken, refuse_all
from scheduler.domain.series import SeriesState
from scheduler.domain.undo import inverse
from scheduler.operations.booking.deeds import Deed, carry_out, locked_snapshot, locked_visit
from scheduler.operations.booking.placing import Placed, refuse_taken
from scheduler.operations.context import Context, record
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import ChangeSetRow, OutboxRow, SeriesRow
from scheduler.storage.snapshots import Snapshot
from scheduler.storage.steps import changes_of
from scheduler.storage.treatments import RUNNING
from scheduler.storage.types import new_id


@dataclass(frozen=True, slots=True)
class _Done:
    """A stored deed."""

    id: UUID
    patient_id: UUID
    series_id: UUID | None
    made_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    revision: int
    changes: tuple[Change, ...]


def undo(context: Context, *, deed_id: UUID) -> Deed:
    """Take a deed back. A cancellation is undone by booking the same slot anew.

    Raises ``NotFound``, and ``RuleBroken``: ``undo_too_late`` after three minutes, ``already_undone``,
    ``changed_since`` when the series has moved on, ``on_hold`` where a hold stands now, and the conflicts of slots that
    others have taken meanwhile.
    """
    require_fully(context.actor, Action.BOOK)
    done = _load(context, deed_id)
    lock_patients(context.tx, [done.patient_id])
    done = _load(context, deed_id)
    _refuse(context, done)
    back = tuple(change for step in reversed(done.changes) if (change := inverse(step, new_id)) is not None)
    snapshot = _snapshot(context, done)
    _refuse_changed(done, snapshot.series.revision)
    _refuse_held(snapshot, back)
    refuse_taken(context, snapshot, back)
    _withdraw_restart(context, done)
    _mark(context, done)
    return carry_out(context, snapshot, back, "undone", tell_patient=_is_announced(context, done), undoes=str(done.id))


def _is_announced(context: Context, done: _Done) -> bool:
    """Whether the patient was to be told of the deed; else the patient knew of it, and knows that it is undone."""
    key = f"deed:{done.id}:{done.patient_id}"
    return context.tx.scalar(select(OutboxRow.id).where(OutboxRow.dedupe_key == key)) is not None


def _load(context: Context, deed_id: UUID) -> _Done:
    query = select(ChangeSetRow).where(
        ChangeSetRow.id == deed_id, ChangeSetRow.organisation_id == context.organisation_id
    )
    row = context.tx.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("There is no such change.", change_id=str(deed_id))
    changes = changes_of(row.steps)
    return _Done(
        row.id, row.patient_id, row.series_id, row.made_at, row.undo_until, row.undone_at, row.revision, changes
    )


def _refuse(context: Context, done: _Done) -> None:
    if done.undone_at is not None:
        raise RuleBroken("This has already been undone.", code="already_undone", change_id=str(done.id))
    if context.now > done.undo_until:
        detail = "It is too late to undo this: the message about it has gone out."
        remedy = "Move or cancel the appointments instead."
        raise RuleBroken(detail, code="undo_too_late", remedy=remedy, undo_until=done.undo_until.isoformat())


def _refuse_changed(done: _Done, revision: int) -> None:
    if revision != done.revision:
        detail = "Something else has changed since, so this can no longer be undone by itself."
        raise RuleBroken(detail, code="changed_since", remedy="Undo the later change first.", revision=revision)


def _refuse_held(snapshot: Snapshot, back: Sequence[Change]) -> None:
    """Nothing goes back to a date that a hold blocks: what a hold released stays so while the hold stands."""
    blocked = blocked_by_holds(snapshot.around.holds, snapshot.around.today)
    refuse_all(
        [
            Conflict(
                found.by, found.detail, {"hold": str(found.source_id), "date": change.on.isoformat()}, END_IT_FIRST
            )
            for change in back
            if isinstance(change, Placed)
            for found in blocking(blocked, change.on)
        ]
    )


END_IT_FIRST = "A practitioner has to end the hold first."


def _snapshot(context: Context, done: _Done) -> Snapshot:
    if done.series_id is not None:
        return locked_snapshot(context, done.series_id)
    visits = (c.appointment_id for c in done.changes if not isinstance(c, NEVER_OF_A_VISIT))
    return locked_visit(context, next(visits))


NEVER_OF_A_VISIT = SessionChanged | WindowStored | ImportDecided | SeriesStateChanged


def _withdraw_restart(context: Context, done: _Done) -> None:
    """A series that the deed has begun in the place of this one never was, as long as nothing is booked in it."""
    if done.series_id is None:
        return
    new = SeriesRow
    begun = (new.restarted_from_id == done.series_id, new.created_at == done.made_at, new.state.in_(RUNNING))
    found = context.tx.execute(select(new.id, new.state).where(*begun)).one_or_none()
    if found is None:
        return
    if found.state is not SeriesState.DRAFT:
        detail = "The new series already has appointments, so the restart can no longer be undone."
        raise RuleBroken(detail, code="changed_since", remedy="Undo its booking first.", series_id=str(found.id))
    withdrawn = next_state(SERIES, found.state, "enter_in_error")
    context.tx.execute(update(new).where(new.id == found.id).values(state=withdrawn, revision=new.revision + 1))
    record(context, "restart_undone", "series", found.id, patient_id=done.patient_id)


def _mark(context: Context, done: _Done) -> None:
    context.tx.execute(update(ChangeSetRow).where(ChangeSetRow.id == done.id).values(undone_at=context.now))
