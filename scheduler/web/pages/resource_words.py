"""Resources in words: what kinds there are, and how their hours and absences read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.places.absences import Absence
from scheduler.operations.places.resources import Resource, Shift
from scheduler.storage.rows import AbsenceSource
from scheduler.web.pages.hours_text import hours_words, week_words, weekday_words
from scheduler.web.pages.words import clock, day_with_year, long_day, say, words


def kind_words() -> dict[ResourceKind, str]:
    """One of each kind."""
    return {
        ResourceKind.PRACTITIONER: say("Practitioner"),
        ResourceKind.ROOM: say("Room"),
        ResourceKind.DEVICE: say("Device"),
    }


def kinds_words() -> dict[ResourceKind, str]:
    """Several of each kind."""
    return {
        ResourceKind.PRACTITIONER: say("Practitioners"),
        ResourceKind.ROOM: say("Rooms"),
        ResourceKind.DEVICE: say("Devices"),
    }


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of a week at one clinic, in force between two dates: ``days`` by field, ``lines`` to be read."""

    clinic_id: UUID
    first: date | None
    last: date | None
    days: dict[str, str]
    lines: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """A name for its form that no other week of the resource has."""
        return f"{self.clinic_id}-{self.first or ''}-{self.last or ''}"

    @property
    def when(self) -> str:
        """From when until when it is in force; empty for always."""
        if self.first and self.last:
            return say("from %(first)s until %(last)s", first=day_with_year(self.first), last=day_with_year(self.last))
        if self.first:
            return say("from %(first)s", first=day_with_year(self.first))
        return say("until %(last)s", last=day_with_year(self.last)) if self.last else ""


def weeks_of(resource: Resource) -> tuple[Week, ...]:
    """The weeks of a resource, those of its own clinic first."""
    shifts = sorted(resource.week, key=lambda one: (one.clinic_id != resource.clinic_id, _span(one)))
    return tuple(_week(tuple(found)) for _, found in groupby(shifts, _span))


def _span(shift: Shift) -> tuple[str, date, date]:
    hours = shift.hours
    return str(shift.clinic_id), hours.valid_from or date.min, hours.valid_until or date.max


def _week(shifts: tuple[Shift, ...]) -> Week:
    hours = shifts[0].hours
    days = week_words(one.hours for one in shifts)
    return Week(shifts[0].clinic_id, hours.valid_from, hours.valid_until, days, in_short(days))


def in_short(days: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """A week to be read: neighbouring days of equal hours together, days without hours left out."""
    names, lines = weekday_words(), []
    for hours, found in groupby(enumerate(days.values()), lambda one: one[1]):
        numbers = [number for number, _ in found]
        if hours:
            ends = dict.fromkeys((names[numbers[0]], names[numbers[-1]]))
            lines.append(("–".join(ends), hours))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence to be read. What a calendar brought is ended in that calendar."""

    id: UUID
    when: str
    label: str
    is_ours: bool
    is_now: bool


def absence_line(one: Absence, zone: str, today: date) -> AbsenceLine:
    """From when until when, on the clinic's clock."""
    first, last = clinic_date(one.starts_at, zone), clinic_date(one.ends_at, zone)
    begin, end = clock(one.starts_at, zone), clock(one.ends_at, zone)
    same = f"{long_day(first)}, {begin}–{end}"
    when = same if first == last else f"{long_day(first)}, {begin} – {long_day(last)}, {end}"
    return AbsenceLine(one.id, when, one.label, one.source is AbsenceSource.STAFF, first <= today <= last)


def minutes_words(shifts: Iterable[tuple[int, int]]) -> str:
    """The hours of one date, or that it is a day off."""
    return hours_words(shifts) or say("off")


def country_words(country: str, region: str | None) -> str:
    """A country by its name in the visitor's language, with the code of its region."""
    name = words().locale.territories.get(country, country)
    return f"{name} ({region})" if region else str(name)
