"""What is kept, looked at: until when, and which slots."""

from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require
from scheduler.operations.booking.keeping import Keep
from scheduler.operations.booking.placing import Placed, Placement, slot_after
from scheduler.operations.context import Context
from scheduler.storage.rows import KeepRow
from scheduler.storage.steps import changes_of


def kept(context: Context, *, keep_id: UUID) -> Keep | None:
    """A keep of the organisation that has not run out; ``None`` when there is none any more."""
    require(context.actor, Action.BOOK)
    mine = (KeepRow.id == keep_id, KeepRow.organisation_id == context.organisation_id)
    row = context.tx.scalar(select(KeepRow).where(*mine, KeepRow.kept_until > context.now))
    if row is None:
        return None
    placed = [change for change in changes_of(row.placements) if isinstance(change, Placed)]
    placements = tuple(Placement(one.session or 1, slot_after(one), one.treatment_extra) for one in placed)
    return Keep(row.id, row.series_id, row.kept_until, placements)
