"""Names for the audit trail: who acts in the organisation, and what the patients of some entries are called."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require
from scheduler.operations.context import Context
from scheduler.storage.rows import PatientRow, UserRow


def audit_actors(context: Context) -> Mapping[UUID, str]:
    """The users of the organisation by name, for whoever may read the trail."""
    require(context.actor, Action.SEE_AUDIT)
    users = select(UserRow.id, UserRow.name).where(UserRow.organisation_id == context.organisation_id)
    return {row.id: row.name for row in context.tx.execute(users.order_by(UserRow.name, UserRow.id))}


def patient_names(context: Context, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What these patients of the organisation are called. Raises ``NotAllowed``."""
    require(context.actor, Action.SEE_PATIENTS)
    if not ids:
        return {}
    ours = (PatientRow.id.in_(ids), PatientRow.organisation_id == context.organisation_id)
    return {row.id: row.name for row in context.tx.execute(select(PatientRow.id, PatientRow.name).where(*ours))}
