"""The waitlist's order, and which starts somebody wants to be asked about."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.waitlist import Waiting, in_turn
from scheduler.domain.wishes import Preference

BERLIN = "Europe/Berlin"
WHO, OTHER = UUID(int=7), UUID(int=8)
SINCE = datetime(2026, 3, 1, 9, tzinfo=UTC)
AFTERNOONS = (Preference(1, time(16), time.min),)


def waiting(number: int = 1, **given: Any) -> Waiting:
    values = {"first": date(2026, 3, 2), "last": date(2026, 3, 20), "since": SINCE, **given}
    return Waiting(UUID(int=number), **values)


def test_the_window_that_closes_first_stands_on_top_and_of_two_who_waits_longer() -> None:
    never = waiting(1, last=None)
    late = waiting(2, last=date(2026, 4, 1))
    newer = waiting(3, since=SINCE.replace(hour=11))
    older = waiting(4, since=SINCE.replace(hour=10))
    assert [one.id.int for one in in_turn([never, late, newer, older])] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("starts_at", "given", "taken"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), {}, True),
        (datetime(2026, 3, 20, 9, tzinfo=UTC), {}, True),
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), {}, False),
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), {}, True),
        (datetime(2026, 3, 21, 9, tzinfo=UTC), {}, False),
        (datetime(2026, 3, 21, 9, tzinfo=UTC), {"last": None}, True),
        (datetime(2026, 3, 3, 15, 0, tzinfo=UTC), {"prefer": AFTERNOONS}, True),
        (datetime(2026, 3, 3, 14, 55, tzinfo=UTC), {"prefer": AFTERNOONS}, False),
        (datetime(2026, 3, 4, 15, 0, tzinfo=UTC), {"prefer": AFTERNOONS}, False),
        (datetime(2026, 3, 5, 9, tzinfo=UTC), {"practitioner_id": WHO}, True),
        (datetime(2026, 3, 5, 9, tzinfo=UTC), {"practitioner_id": OTHER}, False),
        (datetime(2026, 3, 5, 9, tzinfo=UTC), {"earlier_than": datetime(2026, 3, 5, 9, 5, tzinfo=UTC)}, True),
        (datetime(2026, 3, 5, 9, tzinfo=UTC), {"earlier_than": datetime(2026, 3, 5, 9, tzinfo=UTC)}, False),
    ],
)
def test_a_start_is_wanted_inside_the_window_at_the_hours_and_with_the_person_that_suit(
    starts_at: datetime, given: dict[str, Any], taken: bool
) -> None:
    assert waiting(**given).would_take(starts_at, BERLIN, WHO) is taken


def test_a_window_is_open_on_its_last_day_and_not_after() -> None:
    one = waiting()
    assert (one.is_open(date(2026, 3, 20)), one.is_open(date(2026, 3, 21))) == (True, False)
