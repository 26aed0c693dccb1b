"""Dates of birth as people type them."""

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"(?:{'|'.join(_MONTHS)})[a-z]*"
_FIGURES = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}|\d{8}")

DATE_WITH_MONTH_NAME = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?[ .-]*{_NAMED}[ .,-]*\d{{4}}\b"
    rf"|\b{_NAMED}[ .-]*\d{{1,2}}(?:st|nd|rd|th)?[ .,-]+\d{{4}}\b",
    re.IGNORECASE,
)
"""Finds dates such as 12 March 1984 and Mar 12th, 1984 in a text."""


def dates_meant(typed: str) -> frozenset[date]:
    """All dates that this spelling may mean: 3/4/1984 is a day in April or in March. Empty when it is no date."""
    if not (_FIGURES.fullmatch(typed) or DATE_WITH_MONTH_NAME.fullmatch(typed)):
        return frozenset()
    return frozenset(found for parts in _readings(typed) if (found := _date(*parts)))


def _readings(typed: str) -> Iterator[tuple[int, int, int]]:
    """Year, month and day in every order that the spelling allows."""
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    if month := re.search(_NAMED, typed, re.IGNORECASE):
        yield numbers[1], _MONTHS.index(month[0][:3].lower()) + 1, numbers[0]
    elif len(numbers) == 1:
        yield int(typed[:4]), int(typed[4:6]), int(typed[6:])
        yield int(typed[4:]), int(typed[2:4]), int(typed[:2])
        yield int(typed[4:]), int(typed[:2]), int(typed[2:4])
    elif typed[:4].isdecimal():
        yield numbers[0], numbers[1], numbers[2]
    else:
        yield numbers[2], numbers[1], numbers[0]
        yield numbers[2], numbers[0], numbers[1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= 1900 else None
    except ValueError:
        return None
