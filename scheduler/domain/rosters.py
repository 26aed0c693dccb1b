"""Rosters: when a resource works at a clinic.

Working time is opening hours and working hours, where both agree, without closures and absences. Hours are minutes of
the clinic's wall clock since midnight, 0 to 1440, so a day that lasts 23 or 25 hours keeps its opening times.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from scheduler.domain.blocked import ONE_DAY
from scheduler.domain.clinic_days import day_bounds, instant_of
from scheduler.domain.intervals import common, joined, without

MIDNIGHT = 1440
"""The minute at which a day ends; hours until midnight end here."""

Minutes = tuple[int, int]
Instants = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One stretch of every week, Monday 0, on clinic dates from ``valid_from`` to ``valid_until`` (both inclusive).

    ``here`` is false for hours that the resource works at another clinic.
    """

    weekday: int
    minutes: Minutes
    valid_from: date | None = None
    valid_until: date | None = None
    here: bool = True

    def valid_on(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class ClinicHours:
    """When a clinic is open: its usual week, and the clinic dates on which it is closed all the same."""

    zone: str
    opening: tuple[WeeklyHours, ...]
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """When one resource works at the clinic in question.

    ``week`` are its own hours at every clinic; ``at_home`` says that this clinic is its own, whose opening hours it
    follows while it has no hours of its own. ``days`` are the single dates that differ, with the minutes worked here,
    none for a day off. ``published_until`` is the last clinic date of the published roster. ``absences`` are UTC
    instants.
    """

    week: tuple[WeeklyHours, ...] = ()
    days: Mapping[date, tuple[Minutes, ...]] = field(default_factory=dict)
    published_until: date | None = None
    absences: tuple[Instants, ...] = ()
    at_home: bool = True


def working_time(clinic: ClinicHours, roster: Roster, first: date, last: date) -> list[Instants]:
    """The stretches of UTC time in which the resource works at the clinic on the dates ``first`` to ``last``.

    Sorted, disjoint, and joined where one ends as the next begins.
    """
    present = joined(stretch for on in dates(first, last) for stretch in _day(clinic, roster, on))
    return without(present, joined(roster.absences))


def open_time(clinic: ClinicHours, first: date, last: date) -> list[Instants]:
    """The stretches of UTC time in which the clinic is open on the dates ``first`` to ``last``."""
    return working_time(clinic, Roster(), first, last)


def opening_minutes(clinic: ClinicHours, on: date) -> tuple[Minutes, ...]:
    """The minutes of the wall clock between which the clinic is open on a date."""
    return () if on in clinic.closed else _on_weekday(clinic.opening, on.weekday())


def working_minutes(clinic: ClinicHours, roster: Roster, on: date) -> tuple[Minutes, ...]:
    """The minutes of the wall clock between which the resource works at the clinic on a date, absences apart."""
    opening = opening_minutes(clinic, on)
    if on in roster.days:
        return tuple(common(opening, joined(roster.days[on])))
    if not roster.week:
        return opening if roster.at_home else ()
    return tuple(common(opening, _on_weekday(usual_week(roster, on), on.weekday())))


def usual_week(roster: Roster, on: date) -> tuple[WeeklyHours, ...]:
    """The resource's own week that is in force on a date, at this clinic.

    Beyond the published roster nobody has laid down hours yet, so the week of the roster's last date goes on.
    """
    valid = tuple(hours for hours in roster.week if hours.valid_on(on))
    if not valid and roster.published_until is not None and on > roster.published_until:
        valid = tuple(hours for hours in roster.week if hours.valid_on(roster.published_until))
    return tuple(hours for hours in valid if hours.here)


def instants_of(minutes: Minutes, on: date, zone: str) -> Instants:
    """The UTC instants of two minutes of a clinic date's wall clock; 1440 is the midnight that ends the day.

    Where clocks jump the second may come before the first: then the wall clock skipped what was meant.
    """
    opens, closes = day_bounds(on, zone)
    if closes - opens == ONE_DAY:
        return opens + timedelta(minutes=minutes[0]), opens + timedelta(minutes=minutes[1])
    start, end = (_instant(minute, on, zone) for minute in minutes)
    return start, end


def _instant(minute: int, on: date, zone: str) -> datetime:
    if minute == MIDNIGHT:
        return day_bounds(on, zone)[1]
    return instant_of(on, time(minute // 60, minute % 60), zone)


def _day(clinic: ClinicHours, roster: Roster, on: date) -> Iterator[Instants]:
    for minutes in working_minutes(clinic, roster, on):
        yield instants_of(minutes, on, clinic.zone)


def _on_weekday(week: Iterable[WeeklyHours], weekday: int) -> tuple[Minutes, ...]:
    return tuple(joined(hours.minutes for hours in week if hours.weekday == weekday))


def dates(first: date, last: date) -> Iterator[date]:
    """Every date from ``first`` to ``last``, both inclusive."""
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)
