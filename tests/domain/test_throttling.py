"""Guesses: a few are free, then the wait doubles up to a limit, and time forgets."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.throttling import PACES, Guarded, Guesses, Pace, after_one_more, remaining, wait_after

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PACE = Pace(free=3, longest=timedelta(seconds=60), fades=timedelta(minutes=10))


@pytest.mark.parametrize(("count", "seconds"), [(1, 0), (3, 0), (4, 1), (5, 2), (6, 4), (9, 32), (10, 60), (999, 60)])
def test_a_few_guesses_are_free_and_then_the_wait_doubles_up_to_a_limit(count: int, seconds: int) -> None:
    assert wait_after(count, PACE) == timedelta(seconds=seconds)


def test_a_first_guess_is_counted_from_now() -> None:
    assert after_one_more(None, PACE, NOW) == Guesses(1, NOW, NOW)


def test_the_next_guess_waits_from_the_last_one() -> None:
    assert after_one_more(Guesses(4, NOW, NOW), PACE, NOW) == Guesses(5, NOW, NOW + timedelta(seconds=2))


@pytest.mark.parametrize(("minutes", "left"), [(0, 4), (9, 4), (10, 3), (39, 1), (40, 0), (4000, 0)])
def test_one_guess_is_forgotten_after_each_stretch_of_quiet(minutes: int, left: int) -> None:
    assert remaining(Guesses(4, NOW, NOW), PACE, NOW + timedelta(minutes=minutes)) == left


def test_nothing_waits_longer_than_a_day_so_that_no_stranger_locks_anybody_out_for_good() -> None:
    waits = {guarded: wait_after(10**6, pace) for guarded, pace in PACES.items()}
    assert waits == {guarded: PACES[guarded].longest for guarded in Guarded}
    assert max(waits.values()) == timedelta(days=1)
    assert waits[Guarded.STRANGER] == timedelta(minutes=15)
