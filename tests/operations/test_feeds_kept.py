"""Feeds as they are kept: no change slips in between reading and keeping, and every process writes the same bytes."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.operations.calendars.feeds import refresh_feed
from scheduler.storage.applying import apply_changes
from scheduler.storage.database import Database
from scheduler.storage.feeds import FEEDS, FeedOwner, OwnerKind, find_owner, mark_feeds
from scheduler.storage.rows import FeedRow
from tests.support.databases import Databases
from tests.support.rows import NOW
from tests.support.stored_course import NINE, StoredCourse

ROOT = Path(__file__).parent.parent.parent
SOON = 0.5
DRAW = """
import hashlib, sys
from datetime import datetime
from uuid import UUID
from scheduler.operations.calendars.feeds import draw_feed
from scheduler.storage.database import Database
from scheduler.storage.feeds import FeedOwner, OwnerKind, PrivacyLevel

url, organisation, now, *owners = sys.argv[1:]
with Database(url).read() as tx:
    for kind, id_ in zip(owners[::2], owners[1::2]):
        for level in PrivacyLevel:
            owner = FeedOwner(UUID(organisation), OwnerKind(kind), UUID(id_), level)
            drawn = draw_feed(tx, owner, datetime.fromisoformat(now))
            print(kind, level, hashlib.sha256(drawn.body).hexdigest(), hashlib.sha256(drawn.zipped).hexdigest())
"""


@pytest.fixture
def course(database_url: str) -> Iterator[StoredCourse]:
    database = Database(database_url)
    yield StoredCourse(database)
    database.dispose()


def clinic(course: StoredCourse) -> FeedOwner:
    return FeedOwner(course.ids["organisation"], OwnerKind.CLINIC, course.ids["clinic"], PrivacyLevel.DISCREET)


def refresh(course: StoredCourse) -> bool:
    return course.database.write(lambda tx: refresh_feed(tx, clinic(course), NOW))


def kept(course: StoredCourse) -> tuple[int, bool]:
    """How many events the clinic's kept feed has, and whether it is stale."""
    with course.database.read() as tx:
        query = select(FEEDS.c.body, FEEDS.c.stale).where(FEEDS.c.owner_id == course.ids["clinic"])
        body, stale = tx.execute(query).one()
    return body.count(b"BEGIN:VEVENT"), stale


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """Something done in another thread, which ends before this does."""
    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join()


@pytest.mark.parametrize("was_stale", [False, True])
def test_a_rendering_waits_for_a_change_under_way_and_sees_it(course: StoredCourse, was_stale: bool) -> None:
    refresh(course)
    if was_stale:
        course.database.write(lambda tx: mark_feeds(tx, [course.ids["clinic"]]))
    written, may_commit = threading.Event(), threading.Event()

    def change() -> None:
        def work(tx: Any) -> None:
            apply_changes(tx, course.target(), [course.booked(1)])
            written.set()
            may_commit.wait()

        course.database.write(work)

    with meanwhile(change):
        written.wait()
        with meanwhile(lambda: refresh(course)) as rendering:
            rendering.join(SOON)
            assert rendering.is_alive()
            may_commit.set()
    assert kept(course) == (1, False)


def test_a_change_waits_for_a_rendering_and_makes_it_stale(course: StoredCourse) -> None:
    course.database.write(lambda tx: mark_feeds(tx, [course.ids["clinic"]]))
    rendered, may_commit = threading.Event(), threading.Event()

    def render() -> None:
        def work(tx: Any) -> None:
            refresh_feed(tx, clinic(course), NOW)
            rendered.set()
            may_commit.wait()

        course.database.write(work)

    with meanwhile(render):
        rendered.wait()
        with meanwhile(lambda: course.apply(course.booked(1))) as change:
            change.join(SOON)
            assert change.is_alive()
            may_commit.set()
    assert kept(course) == (0, True)


def test_a_feed_without_a_row_is_given_one_before_it_is_rendered(course: StoredCourse) -> None:
    course.database.write(lambda tx: tx.execute(FEEDS.delete()))
    assert refresh(course) is False
    assert kept(course) == (0, True)
    assert refresh(course) is True
    assert kept(course) == (0, False)


def test_the_row_waits_for_a_change_that_did_not_find_it(course: StoredCourse) -> None:
    course.database.write(lambda tx: tx.execute(FEEDS.delete()))
    written, may_commit = threading.Event(), threading.Event()

    def change() -> None:
        def work(tx: Any) -> None:
            apply_changes(tx, course.target(), [course.booked(1)])
            written.set()
            may_commit.wait()

        course.database.write(work)

    def placed_and_rendered() -> None:
        refresh(course)
        refresh(course)

    with meanwhile(change):
        written.wait()
        with meanwhile(placed_and_rendered) as rendering:
            rendering.join(SOON)
            assert rendering.is_alive()
            may_commit.set()
    assert kept(course) == (1, False)


@pytest.mark.usefixtures("postgres_server")
def test_changes_do_not_wait_for_one_another_at_a_stale_feed(databases: Databases) -> None:
    database = Database(url := databases.new("postgresql"))
    course = StoredCourse(database)
    mark = [course.ids["clinic"]]
    database.write(lambda tx: mark_feeds(tx, mark))

    def nested(tx: Any) -> None:
        mark_feeds(tx, mark)
        database.write(lambda other: mark_feeds(other, mark))

    database.write(nested)
    database.dispose()
    databases.drop(url)


def test_the_same_bytes_keep_their_tag_and_their_date_and_others_have_others(course: StoredCourse) -> None:
    def tags() -> tuple[str, Any]:
        with course.database.read() as tx:
            query = select(FeedRow.etag, FeedRow.changed_at).where(FeedRow.owner_id == course.ids["clinic"])
            etag, changed_at = tx.execute(query).one()
        return etag, changed_at

    def later(hours: int) -> None:
        course.database.write(lambda tx: refresh_feed(tx, clinic(course), NOW + timedelta(hours=hours)))

    later(0)
    first = tags()
    later(1)
    assert tags() == first
    course.apply(course.booked(1))
    later(2)
    assert tags()[0] != first[0]
    assert tags()[1] == NOW + timedelta(hours=2)


def test_processes_with_other_hash_seeds_write_the_same_bytes(course: StoredCourse, database_url: str) -> None:
    for session in (1, 2, 3, 4):
        course.apply(course.booked(session, course.slot(NINE + session * timedelta(days=30))))
    owners = [("patient", "patient"), ("resource", "practitioner1"), ("resource", "room1"), ("clinic", "clinic")]
    named = [word for kind, name in owners for word in (kind, str(course.ids[name]))]
    asked = [sys.executable, "-c", DRAW, database_url, str(course.ids["organisation"]), NOW.isoformat(), *named]
    told = [
        subprocess.run(asked, env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, text=True)
        for seed in ("0", "1", "4711")
    ]
    assert [one.returncode for one in told] == [0, 0, 0], told[0].stderr
    assert len(told[0].stdout.splitlines()) == len(owners) * len(PrivacyLevel)
    assert told[0].stdout == told[1].stdout == told[2].stdout


def test_a_link_that_is_unknown_has_no_owner(course: StoredCourse) -> None:
    with course.database.read() as tx:
        assert find_owner(tx, "0" * 64) is None
