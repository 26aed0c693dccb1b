"""Opening hours in a patient's words: days with the same hours together."""

from collections.abc import Sequence

import pytest

from scheduler.domain.rosters import WeeklyHours
from scheduler.web.pages.own_hours import opening_words
from tests.support.api import Api


def hours(days: Sequence[int], *minutes: tuple[int, int]) -> list[WeeklyHours]:
    return [WeeklyHours(day, one) for day in days for one in minutes]


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ([], ""),
        (hours(range(5), (510, 1080)), "Monday to Friday, 08:30 to 18:00"),
        (
            hours(range(5), (510, 1080)) + hours([5], (540, 780)),
            "Monday to Friday, 08:30 to 18:00; Saturday, 09:00 to 13:00",
        ),
        (
            hours([0, 2], (540, 720), (840, 1080)),
            "Monday, 09:00 to 12:00 and 14:00 to 18:00; Wednesday, 09:00 to 12:00 and 14:00 to 18:00",
        ),
        (hours([6], (1200, 1440)), "Sunday, 20:00 to 00:00"),
    ],
)
def test_days_with_the_same_hours_stand_together(api: Api, opening: list[WeeklyHours], said: str) -> None:
    with api.app.test_request_context():
        assert opening_words(opening) == said
