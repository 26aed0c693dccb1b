"""Reminders: the worker looks through the visits of every clinic, each in a transaction of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from scheduler.operations.messages.reminding import remind
from scheduler.storage.database import Database
from scheduler.storage.rows import ClinicRow

EVERY = timedelta(minutes=10)
"""A humane hour has no seconds."""


class Reminders:
    """Finds what is due every ten minutes, and at once after a start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next_at: datetime | None = None

    def once(self, now: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
        """See to all clinics if it is time again at this UTC instant; how many messages were found.

        It ends early once it is ``stopped``. Raises ``Unavailable``.
        """
        if self._next_at is not None and now < self._next_at:
            return 0
        with self._database.read() as tx:
            clinics = tx.scalars(select(ClinicRow.id).order_by(ClinicRow.id)).all()
        found = 0
        for clinic_id in clinics:
            if stopped():
                return found
            found += self._database.write(partial(remind, clinic_id=clinic_id, now=now))
        self._next_at = now + EVERY
        return found
