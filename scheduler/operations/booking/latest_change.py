"""The latest change of an organisation: one number that grows with every deed, for those who look again and again."""

from sqlalchemy import bindparam, select

from scheduler.operations.context import Context
from scheduler.storage.rows import AuditRow

_LATEST = (
    select(AuditRow.number)
    .where(AuditRow.organisation_id == bindparam("organisation"))
    .order_by(AuditRow.number.desc())
    .limit(1)
)


def latest_change(context: Context) -> int:
    """The number of the newest audit row; 0 before the first. Every deed writes one in its own transaction."""
    asked = {"organisation": context.organisation_id}
    return context.tx.connection().execute(_LATEST, asked).scalar() or 0
