"""Contraindications as the organisation's catalogue has them now."""

from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.holds import Contraindication
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import EntryKind


def current_rule(context: Context, code: str) -> tuple[UUID, Contraindication]:
    """The newest version of a contraindication and its entry. Raises ``Invalid`` (``unknown_contraindication``)."""
    try:
        rule_id = entries.current_entry(context.tx, context.organisation_id, EntryKind.CONTRAINDICATION, code)
    except NotFound as unknown:
        raise Invalid(unknown.detail, code=unknown.code, name=code) from None
    return rule_id, entries.contraindication(context.tx, rule_id)


def list_contraindications(context: Context) -> tuple[Contraindication, ...]:
    """The newest version of every rule, by code. Raises ``NotAllowed``."""
    require(context.actor, Action.SEE_CATALOGUE)
    rows = entries.current_entries(context.tx, context.organisation_id, EntryKind.CONTRAINDICATION)
    return tuple(entries.contraindication(context.tx, row.id) for row in rows)
