"""Rounds: the worker's loop, which outlives a database that is away for a while and stops when it is told to."""

import os
import signal
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from math import inf
from threading import Event
from types import FrameType

import structlog

from scheduler.operations.demos import is_played
from scheduler.operations.housekeeping import Tidied, tidy
from scheduler.storage.database import Database, Unavailable
from scheduler.worker.busy_folder import BusyFolder
from scheduler.worker.deliveries import Delivered, Deliveries
from scheduler.worker.nights import look_at_risks
from scheduler.worker.reminders import Reminders
from scheduler.worker.replies import Replies

EVERY_SECONDS = 60
SOONEST_LOOK, LATEST_LOOK = 0.5, 2.0
"""Seconds until the worker looks for messages again: sooner after some, later after none."""
LONGEST_AWAY = 30.0
"""Seconds until it looks again at most while the database is away."""


class Rounds:
    """One worker. ``clock`` gives the instant in UTC; ``folder`` holds calendars to be imported, ``replies`` a maildir.

    Housekeeping comes ``every`` so many seconds, messages as soon as they are due.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        every: float = EVERY_SECONDS,
        folder: BusyFolder | None = None,
        replies: Replies | None = None,
        deliveries: Deliveries | None = None,
    ) -> None:
        self._database, self._clock, self._every = database, clock, every
        self._folder, self._replies, self._deliveries = folder, replies, deliveries
        self._reminders = Reminders(database)
        self._stopped = Event()
        self._tidy_at = -inf
        self._pause = SOONEST_LOOK

    def once(self) -> Tidied:
        """One round. Raises ``Unavailable``."""
        now = self._clock()
        tidied = self._database.write(lambda tx: tidy(tx, now))
        if self._replies:
            self._replies.once(self._stopped.is_set)
        if self._folder:
            self._folder.once()
        risks = look_at_risks(self._database, now, self._stopped.is_set)
        reminders = self._reminders.once(now, self._stopped.is_set)
        done = {"keeps": tidied.keeps, "answers": tidied.answers, "risks": risks, "reminders": reminders}
        structlog.get_logger().info("round done", **done)
        return tidied

    def deliver_all(self) -> None:
        """Send everything that is due. Raises ``Unavailable``."""
        while self._deliveries and self._deliveries.batch(self._stopped.is_set).anything:
            pass

    def go_on(self, beside: int | None = None) -> None:
        """Round after round, until a signal to stop; what is at hand is finished first.

        ``beside`` is the process that started this one: the worker ends with it, even if that was killed. A round that
        fails ends nothing: what follows may well succeed.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopped.is_set() and beside in (None, os.getppid()):
            try:
                self._look()
            except Unavailable as error:
                structlog.get_logger().warning("database unavailable", reason=str(error))
                self._rest_longer()
            except Exception as error:  # its words may name people
                structlog.get_logger().error("round failed", kind=type(error).__name__, at=place_of(error))
                self._rest_longer()
            self._stopped.wait(self._pause)
        if self._deliveries:
            self._deliveries.close()

    def _rest_longer(self) -> None:
        self._pause = min(max(self._pause, SOONEST_LOOK) * 2, LONGEST_AWAY)

    def _look(self) -> None:
        """Send a few messages, then keep house when it is time; look again at once as long as there are some.

        While a demo's past is played there is nothing to do: its messages went out long ago.
        """
        with self._database.read() as tx:
            if is_played(tx):
                self._pause = LATEST_LOOK
                return
        found = self._deliveries.batch(self._stopped.is_set) if self._deliveries else Delivered()
        if time.monotonic() >= self._tidy_at and not self._stopped.is_set():
            self.once()
            self._tidy_at = time.monotonic() + self._every
        rested = min(max(self._pause, SOONEST_LOOK) * 1.2, LATEST_LOOK, self._every)
        self._pause = 0.0 if found.anything else rested

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped.set()


def place_of(error: BaseException) -> str:
    """File and line at which an error was raised."""
    *_, last = traceback.extract_tb(error.__traceback__) or [None]
    return f"{last.filename}:{last.lineno}" if last else ""
