"""Watched calendars: files that a folder holds for resources, imported whenever they change and once a day.

The daily reading carries repeated events on: a file is read from today to its horizon, which moves with the days.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.operations.calendars.busy_readings import BusyReading
from scheduler.operations.calendars.importing_busy import BusyImported, replace_busy
from scheduler.operations.context import Context
from scheduler.operations.places.locked_hours import locked_resource
from scheduler.storage.rows import BusyFileRow, BusyOutcome, ClinicRow, ResourceRow

AGAIN_AFTER = timedelta(days=1)
"""So soon a file is read again that has not changed."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A resource whose file the folder has, the zone of its clinic, and what is known of the file."""

    resource_id: UUID
    organisation_id: UUID
    zone: str
    digest: str | None
    read_at: datetime | None

    def is_due(self, digest: str, now: datetime) -> bool:
        """Whether a file with this digest is to be read."""
        return digest != self.digest or self.read_at is None or self.read_at <= now - AGAIN_AFTER


@dataclass(frozen=True, slots=True)
class FileTaken:
    """What became of a file, with the import when it could be read."""

    outcome: BusyOutcome
    refused: int
    imported: BusyImported | None


def watched(tx: Session, resource_ids: Collection[UUID]) -> Mapping[UUID, Watched]:
    """Those of the resources that there are, of any organisation, by id."""
    columns = (ResourceRow.id, ResourceRow.organisation_id, ClinicRow.zone, BusyFileRow.digest, BusyFileRow.read_at)
    query = (
        select(*columns)
        .join(ClinicRow, ClinicRow.id == ResourceRow.clinic_id)
        .outerjoin(BusyFileRow, BusyFileRow.resource_id == ResourceRow.id)
        .where(ResourceRow.id.in_(resource_ids))
    )
    return {row.id: Watched(*row) for row in tx.execute(query)}


def take_file(context: Context, *, resource_id: UUID, reading: BusyReading) -> FileTaken | None:
    """Import a file that was read, unless another worker has done so meanwhile.

    One of which nothing can be made, or that is not whole, leaves the last import as it is.
    """
    fault = reading.fault or ("" if reading.whole else "It is cut off: it does not end with END:VCALENDAR.")
    if fault:
        return note_unread(context, resource_id=resource_id, digest=reading.digest, reason=fault)
    resource = locked_resource(context, resource_id, None)
    if not _is_due(context, resource_id, reading.digest):
        return None
    imported = replace_busy(context, resource, reading)
    refused = reading.report.refused
    taken = FileTaken(BusyOutcome.PARTLY if refused else BusyOutcome.READ, len(refused), imported)
    _keep(context, resource, reading.digest, taken, refused[0].reason if refused else None)
    return taken


def note_unread(context: Context, *, resource_id: UUID, digest: str, reason: str) -> FileTaken:
    """Keep in mind, for the task list, why a file could not be read."""
    taken = FileTaken(BusyOutcome.UNREAD, 0, None)
    _keep(context, locked_resource(context, resource_id, None), digest, taken, reason)
    return taken


def _is_due(context: Context, resource_id: UUID, digest: str) -> bool:
    known = watched(context.tx, [resource_id]).get(resource_id)
    return known is None or known.is_due(digest, context.now)


def _keep(context: Context, resource: ResourceRow, digest: str, taken: FileTaken, reason: str | None) -> None:
    row = BusyFileRow(
        resource_id=resource.id,
        organisation_id=resource.organisation_id,
        clinic_id=resource.clinic_id,
        digest=digest,
        read_at=context.now,
        outcome=taken.outcome,
        refused=taken.refused,
        reason=reason,
    )
    context.tx.merge(row)
    context.tx.flush()
