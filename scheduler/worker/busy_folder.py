"""The watched folder: each practitioner's own calendar as a file, imported when it changes and once a day.

Whatever synchronises calendars puts the files there; nothing is fetched from anywhere.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog

from scheduler.domain.refusals import Refusal
from scheduler.operations.calendars.busy_readings import BusyReading, digest_of
from scheduler.operations.calendars.watched_calendars import FileTaken, Watched, note_unread, take_file, watched
from scheduler.operations.context import Context
from scheduler.operations.staff.operators import worker_of
from scheduler.storage.database import Database
from scheduler.worker.calendar_files import Unfit, calendar_files, settled_bytes

ROUND_SECONDS = 10
"""After this time the rest waits for the next round, so that nothing else has to wait for long."""


class BusyFolder:
    """A folder that is looked through at each round. ``clock`` gives the instant in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime], folder: Path) -> None:
        self._database, self._clock, self._folder = database, clock, folder

    def once(self) -> list[FileTaken]:
        """Import what has changed, and say what became of each file that was read. Raises ``Unavailable``."""
        log = structlog.get_logger()
        try:
            files = calendar_files(self._folder)
        except OSError as error:
            log.warning("busy folder cannot be read", reason=error.strerror)
            return []
        with self._database.read() as tx:
            known = watched(tx, files)
        for stranger in files.keys() - known.keys():
            log.warning("calendar of nobody", resource=str(stranger))
        return list(self._takes([(known[id_], files[id_]) for id_ in files if id_ in known]))

    def _takes(self, files: list[tuple[Watched, Path]]) -> Iterator[FileTaken]:
        until = time.monotonic() + ROUND_SECONDS
        for resource, path in files:
            if time.monotonic() < until and (taken := self._take(resource, path)):
                _tell(resource.resource_id, taken)
                yield taken

    def _take(self, resource: Watched, path: Path) -> FileTaken | None:
        try:
            return self._take_bytes(resource, settled_bytes(path, time.time()))
        except Unfit as unfit:
            return self._take_unfit(resource, str(unfit))
        except Refusal as refusal:
            structlog.get_logger().warning(
                "calendar not imported", resource=str(resource.resource_id), code=refusal.code
            )
            return None

    def _take_bytes(self, resource: Watched, data: bytes | None) -> FileTaken | None:
        now = self._clock()
        if data is None or not resource.is_due(digest_of(data), now):
            return None
        id_, reading = resource.resource_id, BusyReading.of(data, resource.zone, now)
        return self._write(resource, now, lambda context: take_file(context, resource_id=id_, reading=reading))

    def _take_unfit(self, resource: Watched, reason: str) -> FileTaken | None:
        """The reason stands in for the digest of bytes that cannot be had."""
        now, digest = self._clock(), digest_of(reason.encode())
        if not resource.is_due(digest, now):
            return None
        id_ = resource.resource_id
        return self._write(
            resource, now, lambda context: note_unread(context, resource_id=id_, digest=digest, reason=reason)
        )

    def _write(self, resource: Watched, now: datetime, deed: Callable[[Context], FileTaken | None]) -> FileTaken | None:
        owner = resource.organisation_id
        return self._database.write(lambda tx: deed(Context(tx, worker_of(tx, owner), now)))


def _tell(resource_id: UUID, taken: FileTaken) -> None:
    """Numbers only: what is in a calendar is nobody's business."""
    done = taken.imported
    counts = {"added": len(done.added), "removed": len(done.removed), "clashes": len(done.affected)} if done else {}
    told = {"resource": str(resource_id), "outcome": taken.outcome.value, "refused": taken.refused}
    structlog.get_logger().info("calendar read", **told, **counts)
