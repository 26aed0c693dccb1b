"""Appointments in words: a title for a card, and a line to read to the caller. What is common is said once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel.dates import format_date, get_day_names
from babel.lists import format_list

from scheduler.domain.contact import Language
from scheduler.web.pages.words import long_day, say, short_day, words

PLAIN = {Language.ENGLISH: "d MMMM", Language.GERMAN: "d. MMMM"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One appointment: its clinic date, its time on the clinic's wall, and with whom."""

    on: date
    time: str
    who: str | None


def listed(parts: Sequence[str]) -> str:
    """“a, b and c”."""
    return format_list(parts, locale=words().locale)


def aloud(appointments: Sequence[Spoken]) -> str:
    """“Tuesday 8 December, 12 January and 16 February, each at 17:00 with Beatriz.”"""
    times = [say("at %(time)s", time=one.time) for one in appointments]
    people = [say("with %(who)s", who=one.who) if one.who else "" for one in appointments]
    own = [each for each in (times, people) if len(set(each)) > 1]
    common = " ".join(each[0] for each in (times, people) if len(set(each)) == 1 and each[0])
    each_one = listed([" ".join(filter(None, parts)) for parts in zip(_dates(appointments), *own, strict=True)])
    if len(appointments) == 1 or not common:
        return f"{each_one} {common}".strip() + "."
    return say("%(days)s, each %(how)s.", days=each_one, how=common)


def _dates(appointments: Sequence[Spoken]) -> list[str]:
    """A weekday that all share is said with the first only."""
    same = len({one.on.weekday() for one in appointments}) == 1
    return [_plain(one.on) if same and place else long_day(one.on) for place, one in enumerate(appointments)]


def _plain(on: date) -> str:
    return format_date(on, PLAIN[words().language], locale=words().locale)


def short_dates(appointments: Sequence[Spoken]) -> tuple[str, ...]:
    """“Tue 8 Dec”, or “8 Dec” where all share a weekday, which the title then says."""
    dates = [one.on for one in appointments]
    if len({on.weekday() for on in dates}) > 1:
        return tuple(short_day(on) for on in dates)
    pattern = PLAIN[words().language].replace("MMMM", "MMM")
    return tuple(format_date(on, pattern, locale=words().locale) for on in dates)


def title(appointments: Sequence[Spoken]) -> str:
    """“Tuesdays, 17:00, Beatriz”."""
    times, people = {one.time for one in appointments}, {one.who for one in appointments}
    time = times.pop() if len(times) == 1 else say("times vary")
    who = people.pop() if len(people) == 1 else say("several people")
    return ", ".join(filter(None, (_weekdays(appointments), time, who)))


def _weekdays(appointments: Sequence[Spoken]) -> str:
    """One date in full; else the weekday that all share, or those that there are."""
    days = sorted({one.on.weekday() for one in appointments})
    if len(appointments) == 1:
        return short_day(appointments[0].on)
    if len(days) == 1:
        return say("%(weekday)ss", weekday=weekday(days[0]))
    return listed([weekday(one, "abbreviated") for one in days])


def weekday(number: int, width: Literal["abbreviated", "wide"] = "wide") -> str:
    """The name of a weekday; Monday is 0."""
    return str(get_day_names(width, "stand-alone", words().locale)[number])


def gaps(days: Sequence[int | None]) -> str:
    """“Every 5 weeks”, or the days between one session and the next."""
    known = [one for one in days if one is not None]
    if not known:
        return ""
    if len(set(known)) == 1 and known[0] % 7 == 0 and len(known) > 1:
        return say("Every %(weeks)s weeks.", weeks=known[0] // 7)
    return say("%(days)s days apart.", days=listed([str(one) for one in known]))


def born(on: date) -> str:
    """“14 May 1988”."""
    return format_date(on, f"{PLAIN[words().language]} y", locale=words().locale)
