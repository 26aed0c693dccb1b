"""Guesses are counted for all processes together, and before a secret is looked at."""

import multiprocessing
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.domain.throttling import PACES, Guarded, TooSoon
from scheduler.operations.staff.guessing import Guess, count_guesses, forget_guesses, guess_at, take_back
from scheduler.storage.database import Database
from scheduler.storage.rows import GuessRow
from tests.support.rows import NOW
from tests.support.together import together

SECOND = timedelta(seconds=1)
FREE = PACES[Guarded.STRANGER].free


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def ada(name: str = "ada") -> Guess:
    return guess_at(Guarded.STRANGER, name, "key")


def guess(database: Database, *guesses: Guess, after: timedelta = timedelta(0)) -> int | None:
    """The seconds to wait, or ``None`` for an attempt that was counted."""
    try:
        database.write(lambda tx: count_guesses(tx, guesses or [ada()], NOW + after))
    except TooSoon as refused:
        seconds: int = refused.facts["retry_after_seconds"]
        return seconds
    return None


def counts(database: Database) -> dict[str, int]:
    with database.read() as tx:
        return {row.key: row.count for row in tx.scalars(select(GuessRow))}


def test_a_few_guesses_are_free_and_those_that_come_too_soon_are_not_counted(database: Database) -> None:
    assert [guess(database) for _ in range(FREE + 3)] == [None] * (FREE + 1) + [1, 1]
    assert [guess(database, after=SECOND), guess(database, after=2 * SECOND)] == [None, 1]
    assert counts(database) == {ada().key: FREE + 2}


def test_what_waits_for_one_reason_is_counted_for_none(database: Database) -> None:
    for _ in range(FREE + 1):
        guess(database)
    other = ada("other")
    assert guess(database, ada(), other) == 1
    assert counts(database) == {ada().key: FREE + 1}


def test_a_right_guess_does_not_count(database: Database) -> None:
    for _ in range(FREE + 3):
        guess(database)
        database.write(lambda tx: take_back(tx, [ada()], NOW))
    assert counts(database) == {ada().key: 0}


def test_a_right_guess_lets_nobody_else_s_wait_off(database: Database) -> None:
    for _ in range(FREE + 1):
        guess(database)
    database.write(lambda tx: take_back(tx, [ada()], NOW - SECOND))
    assert guess(database) == 1


def test_of_many_guesses_at_once_only_the_free_ones_pass(database: Database) -> None:
    outcomes = together([lambda: guess(database)] * 16)
    assert outcomes.count(None) == FREE + 1


def from_a_process(url: str, seen: "multiprocessing.Queue[list[int | None]]") -> None:
    database = Database(url)
    seen.put([guess(database) for _ in range(FREE)])
    database.dispose()


def test_two_processes_count_together(database: Database, database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    seen = spawn.Queue()
    rivals = [spawn.Process(target=from_a_process, args=(database_url, seen)) for _ in range(2)]
    for rival in rivals:
        rival.start()
    outcomes = [*seen.get(timeout=60), *seen.get(timeout=60)]
    for rival in rivals:
        rival.join()
    assert (outcomes.count(None), counts(database)) == (FREE + 1, {ada().key: FREE + 1})


def test_what_was_typed_as_a_name_is_not_kept(database: Database) -> None:
    guess(database, ada("my password by mistake"))
    (key,) = counts(database)
    assert ("password" in key, len(key)) == (False, 64)


def test_long_quiet_is_forgotten(database: Database) -> None:
    guess(database)
    guess(database, ada("other"), after=timedelta(days=1))
    assert database.write(lambda tx: forget_guesses(tx, NOW + timedelta(days=60))) == 1
    assert counts(database) == {ada("other").key: 1}
