"""Importing busy time: what somebody's own calendar says becomes absences, in place of what it said last time."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from scheduler.calendars.busy import BusyReport, BusyStretch
from scheduler.domain.access import Action, require_fully
from scheduler.domain.intervals import joined
from scheduler.domain.refusals import Invalid
from scheduler.operations.affected import Affected, affected_by_absence
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.locked_hours import locked_resource, resource_of
from scheduler.operations.naming import resource_named
from scheduler.storage.overlap import LONGEST_CLAIM
from scheduler.storage.rows import AbsenceRow, AbsenceSource, ClaimRow, ResourceRow, table
from scheduler.storage.types import new_id

HORIZON = timedelta(days=400)
"""So far ahead a calendar is read."""

AT_ONCE = 1_000
"""So many rows are deleted in one statement, which can name only so many."""

ABSENCES = table(AbsenceRow)
Key = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class BusyResource:
    """Whose calendar it is, and the zone in which a calendar means its days and its times without a zone."""

    id: UUID
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class BusyImported:
    """How many absences came, went and stayed, and the appointments that the calendar leaves without the resource.

    ``kept`` stayed only because what was read does not show that they are over. ``revision`` is the resource's, which
    moves when any came or went.
    """

    added: int
    removed: int
    unchanged: int
    kept: int
    revision: int
    affected: tuple[Affected, ...]


def busy_resource(context: Context, name: str) -> BusyResource:
    """The resource that is meant by a name or identifier. Raises ``NotFound``, ``Invalid`` for several."""
    row = resource_of(context, resource_named(context, name))
    return BusyResource(row.id, row.name, clinic_of(context, row.clinic_id).zone)


def import_busy(
    context: Context, *, resource_id: UUID, report: BusyReport, whole: bool, horizon: tuple[datetime, datetime]
) -> BusyImported:
    """Put what was read of a calendar in place of the last import, between two UTC instants.

    What staff entered stays, and so does the last import's time of an event that cannot be read this time; all of it
    when the file is not ``whole``. Nothing is cancelled. Raises ``Invalid`` (``unreadable_calendar``) when the file
    was refused as such, ``NotFound``.
    """
    require_fully(context.actor, Action.MANAGE_RESOURCES)
    _refuse_unreadable(report)
    resource = locked_resource(context, resource_id, None)
    wanted = {_key(one) for one in report.busy if one.ends_at > horizon[0] and one.starts_at < horizon[1]}
    known = _known(context, resource_id, horizon)
    missing = known.keys() - wanted
    unread = {note.uid for note in report.refused}
    sure = whole and "" not in unread
    gone = [known[key] for key in sorted(missing) if sure and key[2] not in unread]
    added = sorted(wanted - known.keys())
    _replace(context, resource, gone, added)
    affected = _affected(context, resource_id, wanted)
    kept = len(missing) - len(gone)
    return BusyImported(len(added), len(gone), len(known) - len(missing), kept, resource.revision, affected)


def is_whole(data: bytes) -> bool:
    """Whether a calendar file has its end. What was cut off on its way says nothing about what is over."""
    return data.rstrip().upper().endswith(b"END:VCALENDAR")


def _refuse_unreadable(report: BusyReport) -> None:
    """A file of which nothing can be made must not empty the calendar."""
    reasons = [note.reason for note in report.refused if note.number == 0]
    if reasons:
        raise Invalid(" ".join(reasons), code="unreadable_calendar")


def _key(stretch: BusyStretch) -> Key:
    return stretch.starts_at, stretch.ends_at, stretch.uid


def _known(context: Context, resource_id: UUID, horizon: tuple[datetime, datetime]) -> dict[Key, UUID]:
    """The absences of the last import that lie in the horizon, or reach into it."""
    columns = (AbsenceRow.id, AbsenceRow.starts_at, AbsenceRow.ends_at, AbsenceRow.uid)
    query = select(*columns).where(
        AbsenceRow.resource_id == resource_id,
        AbsenceRow.source == AbsenceSource.CALENDAR,
        AbsenceRow.ends_at > horizon[0],
        AbsenceRow.starts_at < horizon[1],
    )
    return {(row.starts_at, row.ends_at, row.uid or ""): row.id for row in context.tx.execute(query)}


def _replace(context: Context, resource: ResourceRow, gone: list[UUID], added: list[Key]) -> None:
    for start in range(0, len(gone), AT_ONCE):
        context.tx.execute(delete(ABSENCES).where(ABSENCES.c.id.in_(gone[start : start + AT_ONCE])))
    if added:
        context.tx.execute(insert(ABSENCES), [_row(resource, key) for key in added])
    if gone or added:
        resource.revision += 1
        context.tx.flush()
    record(
        context,
        "busy_imported",
        "resource",
        resource.id,
        clinic_id=resource.clinic_id,
        added=len(added),
        removed=len(gone),
    )


def _row(resource: ResourceRow, key: Key) -> dict[str, Any]:
    starts_at, ends_at, uid = key
    return {
        "id": new_id(),
        "organisation_id": resource.organisation_id,
        "clinic_id": resource.clinic_id,
        "resource_id": resource.id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "source": AbsenceSource.CALENDAR,
        "uid": uid or None,
    }


def _affected(context: Context, resource_id: UUID, wanted: Iterable[Key]) -> tuple[Affected, ...]:
    """The appointments that claim the resource in any of these stretches: one query for all, however many they are."""
    busy = joined((starts_at, ends_at) for starts_at, ends_at, _ in wanted)
    if not busy:
        return ()
    begin, end = max(busy[0][0], context.now), busy[-1][1]
    columns = (ClaimRow.appointment_id, ClaimRow.starts_at, ClaimRow.ends_at)
    query = select(*columns).where(
        ClaimRow.subject_id == resource_id,
        ClaimRow.appointment_id.is_not(None),
        ClaimRow.starts_at > begin - LONGEST_CLAIM,
        ClaimRow.starts_at < end,
        ClaimRow.ends_at > begin,
    )
    clashing = {row.appointment_id for row in context.tx.execute(query) if _meets(busy, row.starts_at, row.ends_at)}
    found = affected_by_absence(context, resource_id, begin, end) if clashing else ()
    return tuple(one for one in found if one.appointment_id in clashing)


def _meets(busy: list[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a claim shares any time with sorted stretches that do not touch each other."""
    place = bisect_right(busy, starts_at, key=lambda one: one[1])
    return place < len(busy) and busy[place][0] < ends_at
