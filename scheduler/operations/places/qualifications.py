"""Qualifications: what a practitioner may perform, and until when."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, require_fully
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, record
from scheduler.operations.places.affected import affected_by_qualification
from scheduler.operations.places.locked_hours import locked_resource
from scheduler.operations.places.resources import ResourceChanged, as_it_stands
from scheduler.storage.entries import current_entry
from scheduler.storage.rows import EntryKind, QualificationRow, ResourceRow


def qualify(
    context: Context,
    *,
    resource_id: UUID,
    protocol: str,
    valid_until: date | None = None,
    renewal_expected: bool = False,
    seen: int | None,
) -> ResourceChanged:
    """Say that a practitioner may perform a protocol, until a clinic date or without an end; again to change it.

    Raises ``NotFound`` for an unknown protocol too, ``Stale``, and ``Invalid`` for a room or device.
    """
    row = _practitioner(context, resource_id, seen)
    current_entry(context.tx, context.organisation_id, EntryKind.PROTOCOL, protocol)
    found = _qualification(context, resource_id, protocol)
    if found is None:
        owner = {"organisation_id": context.organisation_id, "resource_id": resource_id}
        found = QualificationRow(**owner, protocol_code=protocol)
        context.tx.add(found)
    found.valid_until, found.renewal_expected = valid_until, renewal_expected
    told = {"valid_until": valid_until and valid_until.isoformat(), "renewal_expected": renewal_expected}
    last = date.max if valid_until is None or renewal_expected else valid_until
    return _qualified(context, row, "qualified", protocol, last, told)


def disqualify(context: Context, *, resource_id: UUID, protocol: str, seen: int | None) -> ResourceChanged:
    """Take a qualification away. Raises ``NotFound`` when there is none, ``Stale``."""
    row = _practitioner(context, resource_id, seen)
    found = _qualification(context, resource_id, protocol)
    if found is None:
        raise NotFound("There is no such qualification.", resource_id=str(resource_id), protocol=protocol)
    context.tx.delete(found)
    return _qualified(context, row, "disqualified", protocol, date.min, {})


def _practitioner(context: Context, resource_id: UUID, seen: int | None) -> ResourceRow:
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    row = locked_resource(context, resource_id, seen)
    if row.kind is not ResourceKind.PRACTITIONER:
        raise Invalid("Only a practitioner has qualifications.", code="no_practitioner", kind=row.kind.value)
    return row


def _qualification(context: Context, resource_id: UUID, protocol: str) -> QualificationRow | None:
    mine = (QualificationRow.resource_id == resource_id, QualificationRow.protocol_code == protocol)
    return context.tx.scalar(select(QualificationRow).where(*mine))


def _qualified(
    context: Context, row: ResourceRow, action: str, protocol: str, last: date, told: dict[str, Any]
) -> ResourceChanged:
    """Move the revision on, write the audit row, and name the appointments after the last date that it covers."""
    row.revision += 1
    record(context, action, "resource", row.id, clinic_id=row.clinic_id, protocol=protocol, **told)
    affected = affected_by_qualification(context, row.id, protocol, last)
    return ResourceChanged(as_it_stands(context, row), affected)
