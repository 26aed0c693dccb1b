"""The worker finds what is due before and after visits, every ten minutes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from scheduler.storage.database import Database
from scheduler.storage.rows import MessageKind, OutboxRow
from scheduler.worker.reminders import EVERY, Reminders
from scheduler.worker.rounds import Rounds
from tests.operations.test_sending import told_course
from tests.support.api import Clock
from tests.support.clinic import open_clinic
from tests.support.desk import desk_of
from tests.support.post import PostRoom

DUE = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.fixture
def room(database_url: str) -> Iterator[PostRoom]:
    database = Database(database_url)
    yield PostRoom(desk_of(open_clinic(database)))
    database.dispose()


def waiting(room: PostRoom) -> int:
    query = select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == MessageKind.REMINDER)
    return room.desk.read(lambda tx: tx.scalar(query) or 0)


def test_it_looks_at_once_and_then_every_ten_minutes(room: PostRoom) -> None:
    told_course(room)
    reminders = Reminders(room.desk.clinic.database)
    looks = [DUE - timedelta(minutes=1), DUE, DUE - timedelta(minutes=1) + EVERY]
    assert [reminders.once(now) for now in looks] == [0, 0, 1]


def test_it_stops_before_the_next_clinic_when_it_is_told_to(room: PostRoom) -> None:
    told_course(room)
    assert Reminders(room.desk.clinic.database).once(DUE, stopped=lambda: True) == 0
    assert waiting(room) == 0


def test_two_workers_find_a_reminder_once(room: PostRoom) -> None:
    told_course(room)
    database = room.desk.clinic.database
    for _ in range(2):
        Rounds(database, Clock(DUE)).once()
    assert waiting(room) == 1
