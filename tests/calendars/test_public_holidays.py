from datetime import date

import pytest

from scheduler.calendars.public_holidays import check_region, public_holidays
from scheduler.domain.refusals import Invalid


def dates(country: str, region: str | None, *years: int) -> list[date]:
    return [on for on, _ in public_holidays(country, region, years)]


def test_a_country_has_its_public_holidays_in_order() -> None:
    found = public_holidays("DE", None, [2026])
    assert found[0] == (date(2026, 1, 1), "New Year's Day")
    assert [on for on, _ in found] == sorted(on for on, _ in found)
    assert date(2026, 12, 26) in [on for on, _ in found]


def test_a_region_adds_its_own() -> None:
    assert set(dates("DE", "BE", 2026)) - set(dates("DE", None, 2026)) == {date(2026, 3, 8)}


def test_several_years_come_together() -> None:
    assert dates("DE", None, 2027, 2026, 2026) == dates("DE", None, 2026) + dates("DE", None, 2027)


def test_a_day_in_lieu_is_a_holiday_of_its_own() -> None:
    assert {date(2026, 12, 26), date(2026, 12, 28)} <= set(dates("GB", "ENG", 2026))


def test_an_unknown_region_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Invalid) as caught:
        check_region("DE", "XX")
    assert (caught.value.code, "BE" in caught.value.remedy) == ("unknown_region", True)


def test_a_country_that_is_not_covered_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        public_holidays("ZZ", None, [2026])
    assert caught.value.code == "country_not_covered"


def test_a_region_of_a_country_that_is_not_covered_is_taken_as_it_is() -> None:
    check_region("ZZ", "North")
