"""Busy times: somebody's own calendar, sent as a file, in place of the last one."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from scheduler.calendars.busy import MOST_BYTES, BusyNote, BusyStretch
from scheduler.domain.access import Action
from scheduler.operations.calendars.busy_readings import BusyReading
from scheduler.operations.calendars.importing_busy import BusyImported, busy_resource, import_busy
from scheduler.web.api.affected import AffectedView
from scheduler.web.api.fields import Instant
from scheduler.web.api.holds import DryRun
from scheduler.web.api.paging import items_of
from scheduler.web.api.registry import Answer, Call, IfMatch, Routes, View
from scheduler.web.api.uploads import Upload

routes = Routes("busy")

MOST_TOLD = 100


class CalendarFile(Upload):
    """An iCalendar file."""

    media_type = "text/calendar"
    most_bytes = MOST_BYTES


class BusyTimeView(View):
    """Time that a calendar takes. What it is taken for is never read."""

    starts_at: Instant
    ends_at: Instant


class CalendarPartView(View):
    """Why the ``number``-th part of the file gave no busy time; 0 is the file itself."""

    number: int
    reason: str


class BusyImportView(View):
    """What the file changed, or would change when it is not ``stored``.

    The file was read up to ``until``. ``added``, ``removed``, ``unchanged`` and ``outside`` (of the days that are read)
    are all there are; of times and parts the first hundred are told. ``kept`` counts times of the last import that
    stay because not all of the file could be read: all of them when it is not ``whole``, cut off on its way.
    ``affected`` are the appointments that clash; none was cancelled.
    """

    stored: bool
    whole: bool
    until: Instant
    added: int
    added_times: list[BusyTimeView]
    removed: int
    removed_times: list[BusyTimeView]
    unchanged: int
    kept: int
    outside: int
    refused: int
    refused_parts: list[CalendarPartView]
    skipped: int
    skipped_parts: list[CalendarPartView]
    affected: list[AffectedView]

    @classmethod
    def of_import(cls, reading: BusyReading, done: BusyImported, *, stored: bool) -> Self:
        """The view of an import and of the reading behind it."""
        report = reading.report
        return cls(
            stored=stored,
            whole=reading.whole,
            until=reading.horizon[1],
            added=len(done.added),
            added_times=_times(done.added),
            removed=len(done.removed),
            removed_times=_times(done.removed),
            unchanged=done.unchanged,
            kept=done.kept,
            outside=report.outside,
            refused=len(report.refused),
            refused_parts=_parts(report.refused),
            skipped=len(report.skipped),
            skipped_parts=_parts(report.skipped),
            affected=items_of(AffectedView, done.affected),
        )


def _times(stretches: Sequence[BusyStretch]) -> list[BusyTimeView]:
    return [BusyTimeView(starts_at=one.starts_at, ends_at=one.ends_at) for one in stretches[:MOST_TOLD]]


def _parts(notes: Sequence[BusyNote]) -> list[CalendarPartView]:
    return [CalendarPartView(number=note.number, reason=note.reason) for note in notes[:MOST_TOLD]]


def _read(call: Call, resource_id: UUID, body: CalendarFile, **_rest: Any) -> BusyReading:
    return BusyReading.of(body, busy_resource(call.context, resource_id).zone, call.context.now)


@routes.post(
    "/resources/{resource_id}/busy",
    Action.IMPORT_BUSY,
    "Take a calendar file as somebody's busy time, in place of the last one",
    revision=IfMatch.HONOURED,
    prepare=_read,
)
def take(call: Call, resource_id: UUID, query: DryRun, body: BusyReading) -> Answer[BusyImportView]:
    stored = not query.dry_run
    done = import_busy(call.context, resource_id=resource_id, reading=body, seen=call.seen, stored=stored)
    return Answer(BusyImportView.of_import(body, done, stored=stored), revision=done.revision)
