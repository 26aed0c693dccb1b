"""Turns: how SQLite's writers wait for one another.

SQLite's own waiting sleeps longer the longer one has waited, so that newcomers overtake and somebody in a crowd waits
for a quarter of a minute. Ours sleeps shorter: whoever has waited longest asks most often.
"""

import sqlite3
import time

FIRST_PAUSE, LAST_PAUSE = 0.02, 0.002
"""Seconds between two attempts: of a newcomer, and of somebody who has waited for ``IMPATIENT`` seconds."""

IMPATIENT = 0.2


def begin_writing(connection: sqlite3.Connection, patience: float) -> None:
    """Begin a transaction that may write, as soon as no other does.

    Raises ``sqlite3.OperationalError`` (``SQLITE_BUSY``) when others write for longer than ``patience``, in seconds.
    """
    began = time.monotonic()
    while not _begun(connection, waited := time.monotonic() - began, patience):
        time.sleep(max(LAST_PAUSE, FIRST_PAUSE * (1 - waited / IMPATIENT)))


def _begun(connection: sqlite3.Connection, waited: float, patience: float) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited > patience:
            raise
        return False
    return True
