"""Hours as people type them: “08:00–12:00, 13:00–17:00”, a line for each weekday."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from babel.dates import get_day_names

from scheduler.domain.refusals import Invalid
from scheduler.domain.roster_checks import clock
from scheduler.domain.rosters import MIDNIGHT, Minutes, WeeklyHours
from scheduler.web.pages.words import say, words

STRETCH = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|bis)\s*(\d{1,2})(?:[:.](\d{2}))?\s*", re.IGNORECASE)
LONGEST = 120
DAYS = tuple(f"d{number}" for number in range(7))
"""The fields of a week, Monday first."""


def weekday_words() -> tuple[str, ...]:
    """The days of the week, Monday first."""
    names = get_day_names("wide", locale=words().locale)
    return tuple(names[number] for number in range(7))


def hours_words(hours: Iterable[Minutes]) -> str:
    """The hours of a day, as they are typed."""
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in sorted(hours))


def week_words(week: Iterable[WeeklyHours]) -> dict[str, str]:
    """The hours of each weekday, by field."""
    every = tuple(week)
    return {
        name: hours_words(one.minutes for one in every if one.weekday == number) for number, name in enumerate(DAYS)
    }


def read_hours(text: str) -> tuple[Minutes, ...]:
    """The hours of one day, none for an empty line. Raises ``ValueError`` with what is wrong, in words."""
    if not text.strip():
        return ()
    found = [STRETCH.fullmatch(part) for part in re.split(r"[,;]", text[:LONGEST])]
    if None in found:
        raise ValueError(say("Write hours such as 08:00–12:00, 13:00–17:00."))
    stretches = sorted(_minutes(one.groups()) for one in found if one)
    if not all(0 <= start < end <= MIDNIGHT for start, end in stretches):
        raise ValueError(say("Each stretch must end after it begins, by 24:00 at the latest."))
    if any(second[0] < first[1] for first, second in pairwise(stretches)):
        raise ValueError(say("The stretches of a day must not overlap."))
    return tuple(stretches)


def _minutes(parts: Sequence[str | None]) -> Minutes:
    hour, minute, until, and_minute = (int(part or 0) for part in parts)
    if minute > 59 or and_minute > 59:
        raise ValueError(say("Write hours such as 08:00–12:00, 13:00–17:00."))
    return hour * 60 + minute, until * 60 + and_minute


def read_week(sent: Mapping[str, str]) -> tuple[tuple[int, Minutes], ...]:
    """The weekday and minutes of each stretch. Raises ``Invalid`` with a fault for each line that is unclear."""
    faults, found = [], []
    names = weekday_words()
    for number, name in enumerate(DAYS):
        try:
            found += [(number, minutes) for minutes in read_hours(sent.get(name, ""))]
        except ValueError as fault:
            faults.append({"field": name, "detail": f"{names[number]}: {fault}"})
    if faults:
        raise Invalid(say("Some of the hours cannot be used."), code="invalid_form", errors=faults)
    return tuple(found)
