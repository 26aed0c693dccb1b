"""A demo that is being loaded: begun once, told from a whole one, and how far it has come."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from scheduler.demo.opening import begin_demo
from scheduler.domain.access import Actor, Role
from scheduler.domain.refusals import RuleBroken
from scheduler.operations.context import Context, record
from scheduler.operations.demos import (
    BEGUN,
    FINISHED,
    SoFar,
    is_half_made,
    is_played,
    loaded_so_far,
    mark_demo,
)
from scheduler.operations.staff.accounts import give_login
from scheduler.storage.database import Database
from tests.support.clinic import open_clinic
from tests.support.rows import NOW
from tests.support.together import together


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def state(database: Database) -> tuple[bool, bool]:
    """Whether a demo is half made, and whether its past is being played."""
    with database.read() as tx:
        return is_half_made(tx), is_played(tx)


def begun(database: Database) -> Actor:
    return database.write(lambda tx: begin_demo(tx, NOW))


def test_of_many_at_once_one_begins_it(database: Database) -> None:
    def outcome() -> str | None:
        try:
            begun(database)
        except RuleBroken as refused:
            return refused.code
        return None

    assert sorted(together([outcome] * 6), key=str) == [None, *["set_up_already"] * 5]
    assert state(database) == (True, True)


def test_its_past_is_played_until_somebody_can_log_in_and_it_is_whole_at_the_end(database: Database) -> None:
    assert state(database) == (False, False)
    manager = begun(database)
    assert state(database) == (True, True)
    database.write(lambda tx: give_login(Context(tx, manager, NOW), user_id=manager.user_id, login="m@demo.example"))
    assert state(database) == (True, False)
    database.write(lambda tx: mark_demo(Context(tx, manager, NOW), FINISHED))
    assert state(database) == (False, False)


def test_a_demo_without_accounts_that_is_whole_is_not_played_any_more(database: Database) -> None:
    manager = begun(database)
    database.write(lambda tx: mark_demo(Context(tx, manager, NOW), FINISHED))
    assert state(database) == (False, False)


def test_a_real_organisation_is_no_demo_whatever_is_marked_later(database: Database) -> None:
    clinic = open_clinic(database)
    assert state(database) == (False, False)
    clinic.do(lambda context: mark_demo(context, BEGUN), Role.MANAGER)
    assert state(database)[1] is False


def test_how_far_it_has_come_is_told_by_its_latest_deed(database: Database) -> None:
    manager = begun(database)

    def so_far() -> SoFar:
        with database.read() as tx:
            return loaded_so_far(tx, NOW)

    def deed(days_ago: int) -> None:
        at = NOW - timedelta(days=days_ago)
        database.write(lambda tx: record(Context(tx, manager, at), "seen", "organisation", manager.organisation_id))

    first = so_far()
    deed(370)
    half = so_far()
    deed(0)
    assert (first.percent, half.percent, so_far().percent) == (0, 50, 100)
    assert first.deeds < half.deeds < so_far().deeds
