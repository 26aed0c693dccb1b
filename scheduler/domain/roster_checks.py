"""Roster checks: what speaks against the hours that somebody lays down. Every fault, not only the first."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from scheduler.domain.phrases import Phrase, together
from scheduler.domain.refusals import Conflict, Invalid
from scheduler.domain.rosters import MIDNIGHT, Minutes, WeeklyHours

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def check_week(week: Sequence[WeeklyHours]) -> None:
    """Raise ``Invalid`` with everything that is wrong with a usual week. Nobody works in two places at once."""
    faults = [*(fault for hours in week for fault in _faults(hours)), *_overlaps(week)]
    _refuse(faults)


def check_day(day: Sequence[Minutes]) -> None:
    """Raise ``Invalid`` with everything that is wrong with the hours of a single date."""
    check_week([WeeklyHours(0, minutes) for minutes in day])


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it: 570 is 09:30, 1440 is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _faults(hours: WeeklyHours) -> Iterator[Conflict]:
    start, end = hours.minutes
    if hours.weekday not in range(7):
        yield Conflict("unknown_weekday", "Weekdays are 0 (Monday) to 6 (Sunday).", {"weekday": hours.weekday})
    if not 0 <= start < end <= MIDNIGHT:
        detail = Phrase(
            "Hours from %(clock)s to %(clock_2)s do not lie within one day, first the beginning.",
            clock=clock(start),
            clock_2=clock(end),
        )
        yield Conflict("hours_unclear", detail, {"from": clock(start), "to": clock(end)}, "Use 24:00 for midnight.")
    if hours.valid_from and hours.valid_until and hours.valid_until < hours.valid_from:
        detail = Phrase("Hours cannot end on %(day)s, before %(day_2)s.", day=hours.valid_until, day_2=hours.valid_from)
        yield Conflict("dates_reversed", detail, {"valid_until": hours.valid_until.isoformat()})


def _overlaps(week: Sequence[WeeklyHours]) -> Iterator[Conflict]:
    for one, other in combinations(week, 2):
        if one.weekday == other.weekday in range(7) and _meet(one, other):
            shown = " and ".join(f"{clock(hours.minutes[0])}–{clock(hours.minutes[1])}" for hours in (one, other))
            detail = Phrase("On %(weekdays)s the hours %(shown)s overlap.", weekdays=WEEKDAYS[one.weekday], shown=shown)
            yield Conflict("hours_overlap", detail, {"weekday": one.weekday}, "Join them or shorten one.")


def _meet(one: WeeklyHours, other: WeeklyHours) -> bool:
    """Whether there is a date on which both hours are in force at the same minute."""
    first = max(hours.valid_from or date.min for hours in (one, other))
    last = min(hours.valid_until or date.max for hours in (one, other))
    start = max(hours.minutes[0] for hours in (one, other))
    return first <= last and start < min(hours.minutes[1] for hours in (one, other))


def _refuse(faults: Sequence[Conflict]) -> None:
    if faults:
        first = faults[0]
        detail = together(fault.detail for fault in faults)
        raise Invalid(detail, code=first.code, conflicts=faults, remedy=first.remedy, **first.facts)
