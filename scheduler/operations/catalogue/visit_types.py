"""Visit types as the organisation's catalogue has them now."""

from scheduler.domain.access import Action, require
from scheduler.domain.protocol import VisitType
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import EntryKind


def list_visit_types(context: Context) -> tuple[VisitType, ...]:
    """What a single appointment may be for, by code. Raises ``NotAllowed``."""
    require(context.actor, Action.SEE_CATALOGUE)
    rows = entries.current_entries(context.tx, context.organisation_id, EntryKind.VISIT_TYPE)
    return tuple(entries.visit_type(context.tx, row.id) for row in rows)
