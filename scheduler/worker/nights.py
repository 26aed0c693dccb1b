"""Nights: the worker looks at what time alone has put at risk, for every clinic that has reached another date.

Most is only read, a batch at a time. What has to be marked is marked series by series, in transactions of their own, so
that nobody waits for the rest. Cut short, a night begins anew and finds less to do.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from scheduler.operations.booking.nights import Night, end_night, mark_risks, moved_by_time, nights, wrongly_flagged
from scheduler.operations.context import Context
from scheduler.operations.staff.operators import worker_of
from scheduler.storage.database import Database

AT_ONCE = 200


def look_at_risks(database: Database, now: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
    """See to all clinics that are due at this UTC instant; how many flags were set or cleared. Raises ``Unavailable``.

    It ends early, before the next batch, once it is ``stopped``.
    """
    with database.read() as tx:
        due = nights(tx, now)
    return sum(_night(database, one, now, stopped) for one in due)


def _night(database: Database, night: Night, now: datetime, stopped: Callable[[], bool]) -> int:
    with database.read() as tx:
        series = moved_by_time(tx, night)
    marked = 0
    for start in range(0, len(series), AT_ONCE):
        if stopped():
            return marked
        with database.read() as tx:
            wrong = wrongly_flagged(tx, night, series[start : start + AT_ONCE], now)
        marked += sum(_mark(database, night, series_id, now) for series_id in wrong)
    database.write(lambda tx: end_night(tx, night))
    return marked


def _mark(database: Database, night: Night, series_id: UUID, now: datetime) -> int:
    return database.write(lambda tx: mark_risks(Context(tx, worker_of(tx, night.organisation_id), now), series_id))
