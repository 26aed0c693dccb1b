"""Periods: the clinic dates that a report looks at, and the weeks that they fall into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid

LONGEST_DAYS = 731
"""Two years: what is longer can no longer be read as weeks."""


@dataclass(frozen=True, slots=True)
class Period:
    """The clinic dates from ``first`` to ``last``, both inclusive."""

    first: date
    last: date

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Monday of each week that has a day in the period."""
        start = monday_of(self.first)
        return tuple(start + timedelta(days) for days in range(0, (self.last - start).days + 1, 7))


def monday_of(on: date) -> date:
    """The Monday of a date's week."""
    return on - timedelta(on.weekday())


def last_weeks(weeks: int, today: date) -> Period:
    """So many weeks up to today, the running one included."""
    return Period(monday_of(today) - timedelta(7 * (weeks - 1)), today)


def this_year(today: date) -> Period:
    """From the first of January to today."""
    return Period(date(today.year, 1, 1), today)


def own_dates(given: Mapping[str, date], today: date) -> Period:
    """The dates from ``first`` to ``last`` that somebody chose. Raises ``Invalid`` with what is wrong with each."""
    faults = dict(_faults(given.get("first"), given.get("last"), today))
    if faults:
        errors = [{"field": name, "detail": detail} for name, detail in faults.items()]
        raise Invalid("These dates cannot be reported on.", code="invalid_period", errors=errors)
    return Period(given["first"], given["last"])


def _faults(first: date | None, last: date | None, today: date) -> list[tuple[str, str]]:
    missing: list[tuple[str, str]] = [
        (name, Phrase("Choose a date.")) for name, on in (("first", first), ("last", last)) if on is None
    ]
    if first is None or last is None:
        return missing
    if last > today:
        return [("last", Phrase("A report ends today at the latest."))]
    if first > last:
        return [("last", Phrase("The last day must not come before the first."))]
    if (last - first).days >= LONGEST_DAYS:
        return [("first", Phrase("A report covers two years at most."))]
    return []
