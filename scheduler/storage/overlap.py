"""Overlaps: two claims of one subject at one time, which the schema refuses whatever the code above gets wrong.

An exclusion constraint on PostgreSQL, triggers on SQLite: the migrations spell them, and the probe at start-up proves
that they bite.
"""

from datetime import timedelta

from scheduler.storage.database import Database

LONGEST = "12 hours"
LONGEST_CLAIM = timedelta(hours=12)
"""No claim is longer. An overlap query looks back no further than this, which keeps it fast in a large table."""


def overlaps(database: Database) -> int:
    """How many claims begin before an earlier one of their subject ends: none, or a constraint has been missing."""
    with database.engine.connect() as connection:
        return int(connection.exec_driver_sql(_OVERLAPS).scalar_one())


_OVERLAPS = """
    SELECT count(*) FROM (
        SELECT starts_at, max(ends_at) OVER (
            PARTITION BY subject_id ORDER BY starts_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS busy_until FROM claims
    ) AS ordered WHERE busy_until > starts_at
"""
