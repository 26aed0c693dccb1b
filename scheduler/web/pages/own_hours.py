"""When a clinic is open, in words for patients: days with the same hours together, times as the country writes them."""

from collections.abc import Iterator, Sequence
from datetime import time
from itertools import groupby

from babel.dates import format_time, get_day_names
from babel.lists import format_list

from scheduler.domain.rosters import MIDNIGHT, Minutes, WeeklyHours
from scheduler.web.pages.words import say, words

Day = tuple[int, tuple[Minutes, ...]]


def opening_words(opening: Sequence[WeeklyHours]) -> str:
    """“Monday to Friday, 08:30 to 18:00; Saturday, 09:00 to 13:00”; empty without any hours."""
    return "; ".join(_stretch(days) for days in _alike(opening))


def _alike(opening: Sequence[WeeklyHours]) -> Iterator[list[Day]]:
    """Days that follow each other with the same hours, Monday first."""
    days = [
        (day, tuple(sorted(one.minutes for one in hours)))
        for day, hours in groupby(sorted(opening, key=lambda one: one.weekday), lambda one: one.weekday)
    ]
    run: list[Day] = []
    for day in days:
        if run and (day[0] != run[-1][0] + 1 or day[1] != run[-1][1]):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _stretch(days: Sequence[Day]) -> str:
    names = get_day_names("wide", "stand-alone", words().locale)
    first, last = names[days[0][0]], names[days[-1][0]]
    shown = first if len(days) == 1 else say("%(first)s to %(last)s", first=first, last=last)
    hours = (say("%(first)s to %(last)s", first=_time(start), last=_time(end)) for start, end in days[0][1])
    return f"{shown}, {format_list(list(hours), locale=words().locale)}"


def _time(minute: int) -> str:
    """Hours until midnight end at 0:00."""
    at = time(minute % MIDNIGHT // 60, minute % 60)
    return str(format_time(at, "short", locale=words().locale))
