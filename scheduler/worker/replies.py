"""Replies in a maildir, taken at each round of the worker."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from scheduler.calendars.reading.mail import MOST_BYTES
from scheduler.domain.refusals import Refusal
from scheduler.messages.maildir import Maildir
from scheduler.operations.messages.taking_mail import Mailbox
from scheduler.operations.staff.operators import worker_of
from scheduler.storage.database import Database


class Replies:
    """A maildir that is looked through again and again. ``clock`` gives the instant in UTC."""

    def __init__(self, database: Database, clock: Callable[[], datetime], link_key: str, folder: Path) -> None:
        self._mailbox = Mailbox(database, clock, link_key, worker_of)
        self._maildir = Maildir(folder, MOST_BYTES)

    def once(self, stopped: Callable[[], bool]) -> int:
        """Take what is new, and say how many messages that were. Raises ``Unavailable``."""
        log, taken = structlog.get_logger(), 0
        try:
            for one in self._mailbox.take_all(self._maildir, stopped):
                taken += 1
                log.info("reply taken", reply=str(one.id), outcome=one.outcome.value)
        except OSError as error:
            log.warning("maildir cannot be read", reason=error.strerror)
        except Refusal as refusal:
            log.warning("replies not taken", code=refusal.code)
        return taken
