"""SQLite without room, and with a writer that does not end: reads go on, writes are told to come back, all heals."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.clerks import Clerk, clerks_of
from tests.support.crowded_clinic import CrowdedClinic
from tests.support.databases import Databases
from tests.support.ledger import disagreements
from tests.support.live_line import Line, Reply
from tests.support.live_service import LiveService, live_service

pytestmark = pytest.mark.system
ROOM = 512 * 1024
"""Bytes by which the files may still grow: some dozens of bookings."""
MOST_DEEDS = 2000


@pytest.fixture
def file(databases: Databases) -> Iterator[Path]:
    url = databases.new("sqlite")
    yield Path(url.removeprefix("sqlite:///"))
    databases.drop(url)


@pytest.fixture
def service(file: Path, tmp_path: Path) -> Iterator[LiveService]:
    """Gunicorn on that file."""
    with live_service(f"sqlite:///{file}", tmp_path) as running:
        yield running


def limit_files(service: LiveService, most: int) -> None:
    """Let no file of the service grow beyond so many bytes: the kernel then refuses to write, as on a full disk."""
    for process in service.processes:
        _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, hard))


def write(line: Line) -> Reply:
    """A new patient: something that is always allowed."""
    return line.post("/patients", {"name": "Nadia Okonjo" + " Okonjo" * 12, "email": "nadia@clinic.example"})


def work_until_full(clerk: Clerk) -> None:
    """Deeds until one is told to come back later."""
    for _ in range(MOST_DEEDS):
        reply = write(clerk.line)
        if reply.status == 503:
            return
        assert reply.status == 201, reply.body
    raise AssertionError("the disk never filled")


def test_a_full_disk_stops_writes_and_not_reads_and_heals_by_itself(
    service: LiveService, clinic: CrowdedClinic, file: Path
) -> None:
    clerks, journal = clerks_of(clinic, service.port, 1)
    (clerk,) = clerks
    for _ in range(30):
        clerk.do_something()
    line, before = clerk.line, service.processes
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    largest = max(one.stat().st_size for one in (*service.folder.rglob("*"), *file.parent.glob(f"{file.name}*")))
    limit_files(service, largest + ROOM)
    work_until_full(clerk)
    for _ in range(5):
        refused = write(line)
        assert (refused.status, refused.json["code"], refused.headers["Retry-After"]) == (503, "unavailable", "2")
        for course in clerk.courses:
            assert line.get(f"/series/{course.series_id}").status == 200
        assert service.status("/healthz") == 200
    limit_files(service, resource.RLIM_INFINITY)
    assert write(line).status == 201
    for _ in range(30):
        clerk.do_something()
    line.close()
    journal.tell("a full disk")
    assert service.processes == before
    assert journal.failures == [], service.said
    assert disagreements(clinic, clerks) == {}
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_writer_that_does_not_end_stops_writes_and_not_reads(
    service: LiveService, clinic: CrowdedClinic, file: Path
) -> None:
    clerks, journal = clerks_of(clinic, service.port, 1)
    line, series = clerks[0].line, clerks[0].courses[0].series_id
    with closing(sqlite3.connect(file, isolation_level=None)) as stuck:
        stuck.execute("BEGIN IMMEDIATE")
        assert line.get(f"/series/{series}").status == 200
        refused = write(line)
        assert (refused.status, refused.headers["Retry-After"]) == (503, "2")
        assert (service.status("/healthz"), service.status("/readyz")) == (200, 200)
        stuck.execute("ROLLBACK")
    clerks[0].do_something()
    line.close()
    assert journal.failures == [], service.said
    assert disagreements(clinic, clerks) == {}
