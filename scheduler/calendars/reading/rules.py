"""Repetition rules (RRULE) as a file writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from icalendar import vRecur

from scheduler.calendars.reading.budget import Unreadable, quoted
from scheduler.calendars.reading.moments import Moment, moment_of
from scheduler.calendars.reading.nodes import Line

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
OF_DAYS = ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY")
OF_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYSETPOS", *OF_DAYS, *OF_TIMES})
LONGEST_RULE = 1_000
MOST_RULES = 10

Numbers = frozenset[int]
Parts = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``by`` has a set of numbers for each condition by its name; an empty set is no condition.

    ``weekdays`` count from Monday, 0, with None or the nth in the month or year: ``(0, 2)`` is the second Monday.
    """

    frequency: str
    interval: int
    count: int | None
    until: Moment | None
    week_start: int
    by: Mapping[str, Numbers]
    weekdays: frozenset[tuple[int, int | None]]

    def is_past(self, moment: Moment) -> bool:
        """True after the last moment that the rule allows; a day as the end counts to its last second."""
        if self.until is None:
            return False
        if moment.is_day or self.until.is_day:
            return moment.wall.date() > self.until.wall.date()
        return moment.instant > self.until.instant


def read_rules(lines: Sequence[Line], start: Moment) -> tuple[Rule, ...]:
    """The rules of several lines. Raises ``Unreadable`` for one that cannot be followed, and for too many."""
    if len(lines) > MOST_RULES:
        raise Unreadable(f"It has more than {MOST_RULES} rules of repetition.")
    return tuple(read_rule(line.value, start) for line in lines)


def read_rule(text: str, start: Moment) -> Rule:
    """The rule that repeats what begins at ``start``. Raises ``Unreadable`` for one that cannot be followed.

    What a rule leaves open is taken from the start: its time, and its day of the week, month or year.
    """
    parts = _parts(text)
    frequency = _frequency(parts, text)
    by = {name: frozenset(map(int, parts.get(name, ()))) for name in (*OF_DAYS, *OF_TIMES, "BYSETPOS")}
    weekdays = frozenset(_weekday(value, frequency) for value in parts.get("BYDAY", ()))
    if not weekdays and not any(by[name] for name in OF_DAYS[1:]):
        weekdays = frozenset({(start.wall.weekday(), None)}) if frequency == "WEEKLY" else weekdays
        by |= _day_of_start(frequency, by["BYMONTH"], start.wall)
    return Rule(
        frequency=frequency,
        interval=_at_least_one(parts, "INTERVAL", text) or 1,
        count=_at_least_one(parts, "COUNT", text),
        until=_until(parts, start, text),
        week_start=_weekday(parts["WKST"][0], frequency)[0] if "WKST" in parts else 0,
        by=by | _time_of_start(by, start.wall),
        weekdays=weekdays,
    )


def _parts(text: str) -> Parts:
    if len(text) > LONGEST_RULE:
        raise Unreadable(f"Its repetition, {quoted(text)}, is longer than {LONGEST_RULE:,} characters.")
    try:
        parts: Parts = vRecur.from_ical(text.strip())
    except ValueError as error:
        raise Unreadable(f"Its repetition, {quoted(text)}, cannot be read.") from error
    if unknown := sorted(set(parts) - KNOWN):
        raise Unreadable(f"Its repetition has a part, {quoted(unknown[0])}, that is not understood here.")
    return parts


def _frequency(parts: Parts, text: str) -> str:
    frequency = str(parts["FREQ"][0]).upper() if "FREQ" in parts else ""
    if not frequency:
        raise Unreadable(f"Its repetition, {quoted(text)}, does not say how often.")
    if frequency not in FREQUENCIES:
        raise Unreadable("It repeats within the day, which is not read as busy time.")
    return frequency


def _weekday(value: Any, frequency: str) -> tuple[int, int | None]:
    """The weekday, and its number where the period has room for more than one of them."""
    return WEEKDAYS.index(value.weekday), value.relative if frequency in ("YEARLY", "MONTHLY") else None


def _day_of_start(frequency: str, months: Numbers, start: datetime) -> dict[str, Numbers]:
    if frequency == "YEARLY":
        return {"BYMONTH": months or frozenset({start.month}), "BYMONTHDAY": frozenset({start.day})}
    return {"BYMONTHDAY": frozenset({start.day})} if frequency == "MONTHLY" else {}


def _time_of_start(by: Mapping[str, Numbers], start: datetime) -> dict[str, Numbers]:
    times = dict(zip(OF_TIMES, (start.hour, start.minute, start.second), strict=True))
    return {name: by[name] or frozenset({number}) for name, number in times.items()}


def _at_least_one(parts: Parts, name: str, text: str) -> int | None:
    if name not in parts:
        return None
    number = int(parts[name][0])
    if number < 1:
        raise Unreadable(f"Its repetition, {quoted(text)}, has a number below one.")
    return number


def _until(parts: Parts, start: Moment, text: str) -> Moment | None:
    if "UNTIL" not in parts:
        return None
    value = parts["UNTIL"][0]
    if not isinstance(value, date):
        raise Unreadable(f"Its repetition, {quoted(text)}, ends at no date.")
    return moment_of(value, start.zone)
