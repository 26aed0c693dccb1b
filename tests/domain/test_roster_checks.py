from datetime import date

import pytest

from scheduler.domain.refusals import Invalid
from scheduler.domain.roster_checks import check_day, check_week, clock
from scheduler.domain.rosters import WeeklyHours

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def codes(*week: WeeklyHours) -> list[str]:
    with pytest.raises(Invalid) as caught:
        check_week(week)
    return [conflict.code for conflict in caught.value.conflicts]


def test_hours_one_after_another_are_fine() -> None:
    check_week([WeeklyHours(0, (0, 720)), WeeklyHours(0, (720, 1440)), WeeklyHours(1, (0, 720))])


@pytest.mark.parametrize("minutes", [(600, 600), (700, 600), (-1, 600), (600, 1441)])
def test_hours_that_do_not_lie_within_a_day_are_refused(minutes: tuple[int, int]) -> None:
    assert codes(WeeklyHours(0, minutes)) == ["hours_unclear"]


@pytest.mark.parametrize("weekday", [-1, 7])
def test_an_unknown_weekday_is_refused(weekday: int) -> None:
    assert codes(WeeklyHours(weekday, (600, 660))) == ["unknown_weekday"]


def test_hours_that_overlap_are_refused_in_words() -> None:
    with pytest.raises(Invalid) as caught:
        check_week([WeeklyHours(2, (540, 720)), WeeklyHours(2, (719, 780))])
    assert caught.value.detail == "On Wednesday the hours 09:00–12:00 and 11:59–13:00 overlap."
    assert caught.value.code == "hours_overlap"


def test_hours_overlap_only_on_dates_on_which_both_are_valid() -> None:
    until_may = WeeklyHours(0, (540, 720), valid_until=MAY)
    check_week([until_may, WeeklyHours(0, (540, 720), valid_from=JUNE)])
    assert codes(until_may, WeeklyHours(0, (540, 720), valid_from=MAY)) == ["hours_overlap"]


def test_dates_that_are_reversed_are_refused() -> None:
    assert codes(WeeklyHours(0, (540, 720), valid_from=JUNE, valid_until=MAY)) == ["dates_reversed"]


def test_hours_for_a_single_date_are_fine() -> None:
    check_week([WeeklyHours(0, (540, 720), valid_from=MAY, valid_until=MAY)])


def test_every_fault_is_named() -> None:
    found = codes(WeeklyHours(0, (700, 600)), WeeklyHours(1, (540, 600)), WeeklyHours(1, (540, 600)))
    assert found == ["hours_unclear", "hours_overlap"]


def test_a_single_day_is_checked_alike() -> None:
    check_day([(540, 600), (600, 660)])
    with pytest.raises(Invalid):
        check_day([(540, 600), (599, 660)])


def test_a_minute_is_told_as_a_clock_shows_it() -> None:
    assert [clock(minute) for minute in (0, 570, 1440)] == ["00:00", "09:30", "24:00"]
