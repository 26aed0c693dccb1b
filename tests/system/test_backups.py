"""Backups while clients write: each can be restored, is whole, and misses nothing acknowledged before it began."""

import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from scheduler.storage.database import Database
from tests.support.clerks import Bookings, Clerk, clerks_of, working
from tests.support.crowded_clinic import CrowdedClinic
from tests.support.databases import Databases
from tests.support.ledger import claims_amiss, double_bookings, stored_bookings
from tests.support.live_service import ROOT, LiveService
from tests.support.postgres import machine_programs, packaged_programs
from tests.support.size import sized

pytestmark = pytest.mark.system
CLIENTS = sized(small=6, full=16)
BACKUPS = sized(small=1, full=10)
LOAD = 1.0
"""Seconds of work before each backup."""
FLASK = Path(sys.executable).parent / "flask"

Marks = dict[UUID, int]
"""By series, how many deeds had been acknowledged at some moment."""


def command(database_url: str, *words: str) -> str:
    """What a command of the service says. Raises ``AssertionError`` when it fails."""
    programs = machine_programs() or packaged_programs()
    path = f"{os.environ['PATH']}:{programs}"
    environ = os.environ | {"DATABASE_URL": database_url, "LOG_LEVEL": "ERROR", "PATH": path}
    done = subprocess.run(
        [FLASK, "--app", "wsgi", *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def restored(databases: Databases, clinic: CrowdedClinic, copy: Path) -> Iterator[CrowdedClinic]:
    """The clinic as a backup has it, in a new database."""
    url = databases.new(clinic.database.engine.dialect.name, migrated=False)
    command(url, "restore", str(copy))
    command(url, "check")
    database = Database(url)
    yield replace(clinic, clinic=replace(clinic.clinic, database=database))
    database.dispose()
    databases.drop(url)


def marks(clerks: list[Clerk]) -> Marks:
    return {course.series_id: len(course.history) for clerk in clerks for course in clerk.courses}


def missing(copy: CrowdedClinic, clerks: list[Clerk], before: Marks) -> list[UUID]:
    """The series that the copy has in no state that was acknowledged last before the backup, or since."""
    stored: dict[UUID, Bookings] = defaultdict(dict)
    for series, number, appointment, starts_at in stored_bookings(copy):
        stored[series][number] = (str(appointment), starts_at)
    return [
        course.series_id
        for clerk in clerks
        for course in clerk.courses
        if stored[course.series_id] not in course.history[before[course.series_id] - 1 :]
    ]


def test_every_backup_is_whole_and_misses_nothing_acknowledged_before_it_began(
    service: LiveService, clinic: CrowdedClinic, databases: Databases, tmp_path: Path
) -> None:
    clerks, journal = clerks_of(clinic, service.port, CLIENTS)
    begun: dict[Path, tuple[Marks, Marks]] = {}
    with working(clerks):
        for number in range(BACKUPS):
            time.sleep(LOAD)
            copy, before = tmp_path / f"{number}.backup", marks(clerks)
            command(service.database_url, "backup", str(copy))
            begun[copy] = before, marks(clerks)
    journal.tell(f"{BACKUPS} backups among {CLIENTS} clients")
    assert journal.failures == [], service.said
    for copy, (before, after) in begun.items():
        assert before != after, "nobody wrote during the backup, so this run proves little"
        with restored(databases, clinic, copy) as found:
            assert missing(found, clerks, before) == []
            assert double_bookings(found) == 0
            assert claims_amiss(found) == Counter()
