"""Importing busy time: what somebody's own calendar says becomes absences, in place of what it said last time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from scheduler.calendars.busy import BusyStretch
from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, NotAllowed, RuleBroken
from scheduler.operations.calendars.busy_readings import BusyReading, Span
from scheduler.operations.calendars.unread_calendars import is_watched
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.places.affected import Affected, affected_by_stretches
from scheduler.operations.places.locked_hours import locked_resource, resource_of
from scheduler.storage.rows import AbsenceRow, AbsenceSource, BusyFileRow, ResourceRow, table
from scheduler.storage.types import new_id

AT_ONCE = 1_000
"""So many rows are deleted in one statement, which can name only so many."""

MOST_TOLD = 100
"""So many stretches of each kind the audit trail names; the numbers are always there."""

ABSENCES = table(AbsenceRow)


@dataclass(frozen=True, slots=True)
class BusyResource:
    """Whose calendar it is, and the zone in which a calendar means its days and its times without a zone."""

    id: UUID
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class BusyImported:
    """Which absences came and went, by start, how many stayed, and the appointments that clash with the calendar.

    ``kept`` stayed only because what was read does not show that they are over. ``revision`` is the resource's, which
    moves when any came or went.
    """

    added: Sequence[BusyStretch]
    removed: Sequence[BusyStretch]
    unchanged: int
    kept: int
    revision: int
    affected: tuple[Affected, ...]


def busy_resource(context: Context, resource_id: UUID) -> BusyResource:
    """Whose calendar is to be imported: anybody's for a manager, a practitioner's own.

    Raises ``NotAllowed``, ``NotFound``.
    """
    width = require(context.actor, Action.IMPORT_BUSY)
    if width is Allowance.OWN and context.actor.resource_id != resource_id:
        raise NotAllowed("You may import your own calendar only.", code="not_your_own", remedy="Ask a manager.")
    row = resource_of(context, resource_id)
    return BusyResource(row.id, row.name, clinic_of(context, row.clinic_id).zone)


def import_busy(
    context: Context, *, resource_id: UUID, reading: BusyReading, seen: int | None = None, stored: bool = True
) -> BusyImported:
    """Put what was read of a calendar in place of the last import. Nothing is cancelled.

    What staff entered stays, and so does the last import's time of an event that cannot be read this time; all of it
    when the file is not whole. ``stored=False`` says what would become of it. Raises ``NotAllowed``, ``NotFound``,
    ``Stale``, ``Invalid`` (``unreadable_calendar``) for what is no calendar, and ``RuleBroken``
    (``calendar_is_watched``) while the watched folder has a file of this resource.
    """
    busy_resource(context, resource_id)
    if reading.fault:
        raise Invalid(reading.fault, code="unreadable_calendar")
    resource = locked_resource(context, resource_id, seen)
    _refuse_watched(context, resource)
    if stored:
        context.tx.execute(delete(BusyFileRow).where(BusyFileRow.resource_id == resource_id))
    return replace_busy(context, resource, reading, stored=stored)


def replace_busy(context: Context, resource: ResourceRow, reading: BusyReading, *, stored: bool = True) -> BusyImported:
    """The deed itself, for a locked resource: only what differs from the last import is touched."""
    begin, end = reading.horizon
    wanted = {one for one in reading.report.busy if one.ends_at > begin and one.starts_at < end}
    known = _known(context, resource.id, reading.horizon)
    missing = known.keys() - wanted
    unread = {note.uid for note in reading.report.refused}
    sure = reading.whole and "" not in unread
    gone = sorted(one for one in missing if sure and one.uid not in unread)
    added = sorted(wanted - known.keys())
    if stored and (gone or added):
        _replace(context, resource, [known[one] for one in gone], added)
        _note(context, resource, gone, added)
    affected = affected_by_stretches(context, resource.id, ((one.starts_at, one.ends_at) for one in wanted))
    kept = len(missing) - len(gone)
    return BusyImported(added, gone, len(known) - len(missing), kept, resource.revision, affected)


def _refuse_watched(context: Context, resource: ResourceRow) -> None:
    """One calendar has one source: the folder's file would soon take an upload back."""
    file = select(BusyFileRow.read_at).where(BusyFileRow.resource_id == resource.id, is_watched(context))
    if context.tx.scalar(file) is not None:
        raise RuleBroken(
            Phrase("The calendar of %(resource)s comes from a file in the watched folder.", resource=resource.name),
            code="calendar_is_watched",
            remedy="Put the new file there. Two days after the file is taken away, one can be sent again.",
        )


def _known(context: Context, resource_id: UUID, horizon: Span) -> dict[BusyStretch, UUID]:
    """The absences of the last import that lie in the horizon, or reach into it."""
    columns = (AbsenceRow.id, AbsenceRow.starts_at, AbsenceRow.ends_at, AbsenceRow.uid)
    query = select(*columns).where(
        AbsenceRow.resource_id == resource_id,
        AbsenceRow.source == AbsenceSource.CALENDAR,
        AbsenceRow.ends_at > horizon[0],
        AbsenceRow.starts_at < horizon[1],
    )
    return {BusyStretch(row.starts_at, row.ends_at, row.uid or ""): row.id for row in context.tx.execute(query)}


def _replace(context: Context, resource: ResourceRow, gone: Sequence[UUID], added: Sequence[BusyStretch]) -> None:
    for start in range(0, len(gone), AT_ONCE):
        context.tx.execute(delete(ABSENCES).where(ABSENCES.c.id.in_(gone[start : start + AT_ONCE])))
    if added:
        context.tx.execute(insert(ABSENCES), [_row(resource, one) for one in added])
    resource.revision += 1
    context.tx.flush()


def _note(context: Context, resource: ResourceRow, gone: Sequence[BusyStretch], added: Sequence[BusyStretch]) -> None:
    facts: dict[str, Any] = {"added": len(added), "removed": len(gone)}
    facts |= {"added_times": _told(added), "removed_times": _told(gone)}
    record(context, "busy_imported", "resource", resource.id, clinic_id=resource.clinic_id, **facts)


def _told(stretches: Sequence[BusyStretch]) -> list[list[str]]:
    return [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in stretches[:MOST_TOLD]]


def _row(resource: ResourceRow, one: BusyStretch) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organisation_id": resource.organisation_id,
        "clinic_id": resource.clinic_id,
        "resource_id": resource.id,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "source": AbsenceSource.CALENDAR,
        "uid": one.uid or None,
    }
