"""Recent deeds: what the actor has just done and can still take back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.access import Action, require
from scheduler.domain.changes import Change
from scheduler.operations.context import Context
from scheduler.storage.rows import ChangeSetRow, ClinicRow, PatientRow
from scheduler.storage.steps import changes_of

D = ChangeSetRow


@dataclass(frozen=True, slots=True)
class RecentDeed:
    """A deed about one patient that can be undone until a UTC instant, what it changed, and the clinic's zone."""

    id: UUID
    patient_id: UUID
    patient: str
    undo_until: datetime
    zone: str
    changes: tuple[Change, ...]


_DEED = (
    select(D.id, D.patient_id, PatientRow.name, D.undo_until, ClinicRow.zone, D.steps)
    .join(PatientRow, PatientRow.id == D.patient_id)
    .join(ClinicRow, ClinicRow.id == D.clinic_id)
    .where(D.id == bindparam("deed"), D.organisation_id == bindparam("organisation"), D.made_by == bindparam("by"))
    .where(D.undone_at.is_(None), D.undo_until > bindparam("now"))
)


def recent_deed(context: Context, *, deed_id: UUID) -> RecentDeed | None:
    """The actor's own deed while it can be undone; ``None`` afterwards, and for anybody else's."""
    require(context.actor, Action.BOOK)
    asked = {"deed": deed_id, "organisation": context.organisation_id, "by": context.actor.user_id, "now": context.now}
    row = context.tx.connection().execute(_DEED, asked).one_or_none()
    if row is None:
        return None
    return RecentDeed(row.id, row.patient_id, row.name, row.undo_until, row.zone, changes_of(row.steps))
