"""Locked hours: a resource, or a clinic with all that works there, held still while its hours are changed.

Bookings lock the same resources, so no appointment slips in beside an absence or a closure unseen.
"""

from uuid import UUID

from sqlalchemy import bindparam, or_, select

from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context, clinic_of, expect_revision
from scheduler.storage.locking import lock_resources
from scheduler.storage.rows import ClinicRow, ResourceRow, RosterDayRow, WorkingHoursRow


def resource_of(context: Context, resource_id: UUID) -> ResourceRow:
    """A resource of the actor's organisation as it is now. Raises ``NotFound``."""
    row = context.tx.get(ResourceRow, resource_id, populate_existing=True)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such resource.", resource_id=str(resource_id))
    return row


def locked_resource(context: Context, resource_id: UUID, seen: int | None) -> ResourceRow:
    """Lock a resource and read it. Raises ``NotFound``; ``Stale`` when ``seen`` is another revision."""
    lock_resources(context.tx, [resource_id])
    row = resource_of(context, resource_id)
    expect_revision("resource", row.revision, seen)
    return row


def locked_clinic(context: Context, clinic_id: UUID, seen: int | None) -> ClinicRow:
    """Lock a clinic, then every resource that works there. Raises ``NotFound`` and ``Stale`` as above."""
    clinic_of(context, clinic_id)
    row = context.tx.get_one(ClinicRow, clinic_id, populate_existing=True, with_for_update={"key_share": True})
    expect_revision("clinic", row.revision, seen)
    lock_resources(context.tx, resources_at(context, clinic_id))
    return row


def resources_at(context: Context, clinic_id: UUID) -> list[UUID]:
    """A clinic's own resources, and those that come to work there."""
    return list(context.tx.connection().execute(_RESOURCES_AT, {"clinic": clinic_id}).scalars())


_COMING = (
    ResourceRow.id.in_(select(hours.resource_id).where(hours.clinic_id == bindparam("clinic")))
    for hours in (WorkingHoursRow, RosterDayRow)
)
_RESOURCES_AT = select(ResourceRow.id).where(or_(ResourceRow.clinic_id == bindparam("clinic"), *_COMING))
