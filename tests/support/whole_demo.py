"""The whole demo, on the afternoon of a Wednesday in London: played once in a test run, and only read."""

import fcntl
from datetime import UTC, datetime
from pathlib import Path

from scheduler.demo.play import play_demo
from scheduler.storage.backups import back_up
from scheduler.storage.database import Database
from tests.support.databases import Databases

WEDNESDAY = datetime(2026, 3, 4, 14, 20, tzinfo=UTC)


def whole_demo(databases: Databases) -> Path:
    """A SQLite file with the demo. Whoever changes something works on a copy."""
    file, lock = databases.folder / "whole-demo.sqlite3", databases.folder / "whole-demo.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not file.exists():
            _play_into(databases, file)
    return file


def _play_into(databases: Databases, file: Path) -> None:
    url = databases.new("sqlite")
    database = Database(url)
    play_demo(database, "k" * 40, WEDNESDAY, lambda _: None)
    database.dispose()
    back_up(url, file)
    databases.drop(url)
