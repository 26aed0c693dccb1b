"""Dates of birth in the spellings that people use."""

from datetime import date

import pytest

from scheduler.domain.birth_dates import DATE_WITH_MONTH_NAME, dates_meant

MARCH = date(1984, 3, 12)
DECEMBER = date(1984, 12, 3)


@pytest.mark.parametrize("typed", ["1984-03-12", "1984/3/12", "1984.03.12", "1984 3 12", "19840312"])
def test_a_year_in_front_means_one_date(typed: str) -> None:
    assert dates_meant(typed) == {MARCH}


@pytest.mark.parametrize("typed", ["12.03.1984", "12/3/1984", "12-03-1984", "12 3 1984", "12031984"])
def test_a_year_at_the_end_may_follow_day_and_month_in_either_order(typed: str) -> None:
    assert dates_meant(typed) == {MARCH, DECEMBER}


@pytest.mark.parametrize(
    "typed",
    ["12 March 1984", "12 mar 1984", "12th March, 1984", "12-Mar-1984", "12mar1984", "March 12, 1984", "MAR 12th 1984"],
)
def test_a_month_may_be_named(typed: str) -> None:
    assert dates_meant(typed) == {MARCH}


def test_every_month_has_its_name() -> None:
    names = ("Jan", "February", "Mar", "April", "May", "June", "July", "Aug", "Sept", "October", "Nov", "Dec")
    meant = [dates_meant(f"1 {name} 1990") for name in names]
    assert meant == [{date(1990, month, 1)} for month in range(1, 13)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("31.12.1999", {date(1999, 12, 31)}),
        ("10.11.1984", {date(1984, 11, 10), date(1984, 10, 11)}),
        ("10111984", {date(1984, 11, 10), date(1984, 10, 11)}),
        ("19841110", {date(1984, 11, 10)}),
        ("29.02.2000", {date(2000, 2, 29)}),
        ("29.02.1999", set()),
        ("31.02.1984", set()),
        ("01.01.1900", {date(1900, 1, 1)}),
        ("01.01.1899", set()),
        ("13.13.1984", set()),
    ],
)
def test_only_dates_that_exist_since_1900_are_meant(typed: str, meant: set[date]) -> None:
    assert dates_meant(typed) == meant


@pytest.mark.parametrize("typed", ["", "1984", "12.03.84", "1984-03", "7946 0958", "1984-03-12x", "1 Foo 1984"])
def test_anything_else_is_no_date(typed: str) -> None:
    assert dates_meant(typed) == frozenset()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kowalska 12 March 1984", "12 March 1984"),
        ("March 12, 1984 kowalska", "March 12, 1984"),
        ("Octavia 1984", None),
        ("Anna May", None),
        ("112 Mar 1984", None),
    ],
)
def test_a_date_with_a_named_month_is_found_in_a_text(text: str, found: str | None) -> None:
    match = DATE_WITH_MONTH_NAME.search(text)
    assert (match and match[0]) == found
