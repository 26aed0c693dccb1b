from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from scheduler.domain.day_grid import day_grid
from scheduler.domain.wishes import Preference, WishedStarts, Wishes, wished_starts
from tests.domain.planning_cases import FIRST_DAY, PEOPLE, ZONE, free_starts_of, instant, on

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
GRID = day_grid(ZONE, FIRST_DAY, 14)
ANA, BEATRIZ, _ = PEOPLE
TURNS: dict[UUID | None, int] = {who: turn for turn, who in enumerate(PEOPLE)}


def prefer(weekday: int, first: str, last: str) -> Preference:
    return Preference(weekday, time.fromisoformat(first), time.fromisoformat(last))


def slot(at: str) -> int:
    return 1 << (time.fromisoformat(at).hour * 60 + time.fromisoformat(at).minute) // 5


@pytest.mark.parametrize(
    ("wall", "fits"),
    [
        (datetime(2026, 3, 20, 15, 59), False),
        (datetime(2026, 3, 20, 16, 0), True),
        (datetime(2026, 3, 20, 17, 59), True),
        (datetime(2026, 3, 20, 18, 0), False),
        (datetime(2026, 3, 21, 16, 0), False),
    ],
)
def test_a_preference_fits_from_its_first_minute_to_before_its_last(wall: datetime, fits: bool) -> None:
    assert prefer(FRIDAY, "16:00", "18:00").fits(wall) is fits


def test_midnight_as_the_end_is_the_end_of_the_day() -> None:
    evening = prefer(FRIDAY, "16:00", "00:00")
    assert evening.fits(datetime(2026, 3, 20, 23, 59))
    assert evening.wall_slots == (1 << 288) - (1 << 192)


def test_hours_between_cells_fit_from_the_next_cell_on() -> None:
    assert prefer(FRIDAY, "16:01", "16:11").wall_slots == slot("16:05") | slot("16:10")


@pytest.mark.parametrize(
    ("weekday", "first", "last"),
    [(7, "09:00", "10:00"), (-1, "09:00", "10:00"), (0, "10:00", "10:00"), (0, "11:00", "10:00")],
)
def test_a_preference_without_any_time_is_refused(weekday: int, first: str, last: str) -> None:
    with pytest.raises(ValueError, match="a preference needs a weekday"):
        prefer(weekday, first, last)


def test_whoever_prefers_nothing_is_content_with_everything() -> None:
    assert Wishes().fits(datetime(2026, 3, 20, 3, 0))


def test_one_preference_of_several_is_enough() -> None:
    wishes = Wishes(prefer=(prefer(FRIDAY, "16:00", "18:00"), prefer(SATURDAY, "09:00", "12:00")))
    walls = [datetime(2026, 3, 20, 17, 0), datetime(2026, 3, 21, 9, 0), datetime(2026, 3, 21, 17, 0)]
    assert [wishes.fits(wall) for wall in walls] == [True, True, False]


def wished(wishes: Wishes, *offers: tuple[date, time, UUID]) -> WishedStarts:
    return wished_starts(GRID, {1: free_starts_of(GRID, offers)}, wishes, TURNS)[1]


def test_days_and_hours_are_told_apart_by_the_preference() -> None:
    found = wished(
        Wishes(prefer=(prefer(FRIDAY, "16:00", "18:00"),)),
        (on(0), time(16), ANA),
        (on(0), time(9), ANA),
        (on(1), time(16), BEATRIZ),
        (on(7), time(17), BEATRIZ),
    )
    assert (found.fitting_days, found.other_days) == (0b10000001, 0b00000011)
    assert list(found.people(0, True)) == [(0, slot("16:00"))]
    assert list(found.people(0, False)) == [(0, slot("09:00"))]
    assert list(found.people(7, True)) == [(1, slot("17:00"))]
    assert list(found.people(7, False)) == []


def test_without_preferences_every_day_fits() -> None:
    found = wished(Wishes(), (on(0), time(9), ANA), (on(3), time(9), BEATRIZ))
    assert (found.fitting_days, found.other_days) == (0b1001, 0)


def test_two_preferences_on_one_weekday_add_up() -> None:
    wishes = Wishes(prefer=(prefer(FRIDAY, "09:00", "10:00"), prefer(FRIDAY, "16:00", "17:00")))
    found = wished(wishes, (on(0), time(9), ANA), (on(0), time(12), ANA), (on(0), time(16), ANA))
    assert list(found.people(0, True)) == [(0, slot("09:00") | slot("16:00"))]


def test_a_preference_keeps_to_the_wall_on_the_day_the_clock_changes() -> None:
    found = wished(Wishes(prefer=(prefer(SUNDAY, "09:00", "09:15"),)), (on(9), time(9), ANA), (on(9), time(10), ANA))
    assert list(found.people(9, True)) == [(0, slot("09:00"))]
    assert list(found.people(9, False)) == [(0, slot("10:00"))]


def test_a_wish_for_a_practitioner_leaves_the_starts_of_that_one() -> None:
    found = wished(Wishes(practitioner_id=BEATRIZ), (on(0), time(9), ANA), (on(1), time(9), BEATRIZ))
    assert found.fitting_days == 0b10
    assert list(found.people(1, True)) == [(1, slot("09:00"))]


def test_a_pinned_session_keeps_its_start_only_and_others_keep_theirs() -> None:
    starts = free_starts_of(
        GRID, [(on(0), time(9), ANA), (on(0), time(9), BEATRIZ), (on(0), time(10), ANA), (on(1), time(9), ANA)]
    )
    found = wished_starts(GRID, {1: starts, 2: starts}, Wishes(pinned={2: instant(on(0), time(9))}), TURNS)
    assert list(found[2].people(0, True)) == [(0, slot("09:00")), (1, slot("09:00"))]
    assert (found[2].fitting_days, found[1].fitting_days) == (0b01, 0b11)


def test_a_session_pinned_between_cells_or_outside_the_horizon_has_no_start() -> None:
    starts = free_starts_of(GRID, [(on(0), time(9), ANA)])
    pins = {1: instant(on(0), time(9, 2)), 2: datetime(2027, 1, 1, tzinfo=UTC)}
    found = wished_starts(GRID, {1: starts, 2: starts}, Wishes(pinned=pins), TURNS)
    assert (found[1].fitting_days, found[2].fitting_days) == (0, 0)


def test_sessions_with_the_same_starts_share_what_is_left_of_them() -> None:
    starts, others = free_starts_of(GRID, [(on(0), time(9), ANA)]), free_starts_of(GRID, [(on(1), time(9), ANA)])
    found = wished_starts(GRID, {1: starts, 2: starts, 3: others}, Wishes(), TURNS)
    assert found[1] is found[2]
    assert found[3].fitting_days == 0b10
