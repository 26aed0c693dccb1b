"""Rounds: the worker's loop, which outlives a database that is away for a while and stops when it is told to."""

import signal
from collections.abc import Callable
from datetime import datetime
from threading import Event
from types import FrameType

import structlog

from scheduler.operations.housekeeping import Tidied, tidy
from scheduler.storage.database import Database, Unavailable
from scheduler.worker.busy_folder import BusyFolder
from scheduler.worker.nights import look_at_risks

EVERY_SECONDS = 60


class Rounds:
    """One worker. ``clock`` gives the instant in UTC; ``folder`` holds calendars to be imported."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        every: float = EVERY_SECONDS,
        folder: BusyFolder | None = None,
    ) -> None:
        self._database, self._clock, self._every, self._folder = database, clock, every, folder
        self._stopped = Event()

    def once(self) -> Tidied:
        """One round. Raises ``Unavailable``."""
        now = self._clock()
        tidied = self._database.write(lambda tx: tidy(tx, now))
        if self._folder:
            self._folder.once()
        risks = look_at_risks(self._database, now, self._stopped.is_set)
        structlog.get_logger().info("round done", keeps=tidied.keeps, answers=tidied.answers, risks=risks)
        return tidied

    def go_on(self) -> None:
        """Round after round, until a signal to stop; the round at hand is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopped.is_set():
            try:
                self.once()
            except Unavailable as error:
                structlog.get_logger().warning("database unavailable", reason=str(error))
            self._stopped.wait(self._every)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped.set()
