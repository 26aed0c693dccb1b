"""Demos: how an organisation that was made for show is told from a real one, and a whole one from one half made."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.operations.context import Context, record
from scheduler.storage.rows import AuditRow, OrganisationRow

BEGUN, FINISHED = "demo_begun", "demo_finished"


def mark_demo(context: Context, action: str) -> None:
    """Write down that the organisation is a demo (``BEGUN``), or that it is whole (``FINISHED``)."""
    record(context, action, "organisation", context.organisation_id)


def demo_organisations(tx: Session, action: str = BEGUN) -> frozenset[UUID]:
    """The organisations that are demos, or with ``FINISHED`` those that are whole."""
    marked = select(AuditRow.organisation_id).where(AuditRow.action == action, AuditRow.about == "organisation")
    return frozenset(tx.scalars(marked))


def only_demos(tx: Session) -> bool:
    """Whether nothing but demos is in the database."""
    demos = demo_organisations(tx)
    others = select(func.count()).select_from(OrganisationRow).where(OrganisationRow.id.not_in(demos))
    return tx.scalar(others) == 0
