"""The times that a repetition rule picks, one period after another, with the work bounded."""

from calendar import isleap, monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import product

from scheduler.calendars.reading.budget import Budget
from scheduler.calendars.reading.moments import Moment
from scheduler.calendars.reading.rules import OF_DAYS, OF_TIMES, Rule

Test = Callable[[date], bool]
Place = tuple[int, int]  # the nth of so many


def rule_times(rule: Rule, start: Moment, begin: datetime, end: datetime, budget: Budget) -> Iterator[datetime]:
    """What the clock shows at each repetition from ``begin`` to ``end`` (naive), in order.

    The start itself is among them only when the rule picks it. Raises ``Unreadable`` when the budget is spent.
    """
    seen = 0
    for wall in _picked(rule, start.wall, start.wall if rule.count else begin, end, budget):
        if wall > end or rule.is_past(start.at(wall)):
            return
        if wall >= start.wall:
            seen += 1
            if wall >= begin:
                yield wall
        if seen == rule.count:
            return


def _picked(rule: Rule, start: datetime, begin: datetime, end: datetime, budget: Budget) -> Iterator[datetime]:
    times = _times(rule, budget)
    tests = list(_tests(rule))
    for days in _periods(rule, start.date(), max(start, begin).date(), end.date()):
        found = _within(days, tests, times, budget)
        yield from _at_positions(list(found), rule) if rule.by["BYSETPOS"] else found


def _within(days: Iterable[date], tests: list[Test], times: list[time], budget: Budget) -> Iterator[datetime]:
    for day in days:
        budget.spend()
        if all(test(day) for test in tests):
            for at in times:
                budget.spend()
                yield datetime.combine(day, at)


def _at_positions(found: list[datetime], rule: Rule) -> list[datetime]:
    """The nth of the period's times, counted from its start or, below zero, from its end."""
    size = len(found)
    places = {number - 1 if number > 0 else size + number for number in rule.by["BYSETPOS"] if number}
    return [found[place] for place in sorted(places) if 0 <= place < size]


def _times(rule: Rule, budget: Budget) -> list[time]:
    hours, minutes, seconds = (sorted(rule.by[name]) for name in OF_TIMES)
    budget.spend(len(hours) * len(minutes) * len(seconds))
    return [time(*parts) for parts in product(hours, minutes, seconds)]


def _periods(rule: Rule, start: date, begin: date, end: date) -> Iterator[Iterator[date]]:
    """The days of each period that the rule looks at, beginning with the last one at or before ``begin``."""
    if rule.frequency == "YEARLY":
        for year in _strides(start.year, begin.year, end.year, rule.interval):
            yield (day for month in sorted(rule.by["BYMONTH"]) or range(1, 13) for day in _month(year, month))
    elif rule.frequency == "MONTHLY":
        for month in _strides(_months(start), _months(begin), _months(end), rule.interval):
            yield _month(month // 12, month % 12 + 1)
    else:
        width = 7 if rule.frequency == "WEEKLY" else 1
        first = start.toordinal() - (start.weekday() - rule.week_start) % 7 * (width == 7)
        for day in _strides(first, begin.toordinal(), end.toordinal(), width * rule.interval):
            yield map(date.fromordinal, range(day, day + width))


def _strides(first: int, begin: int, end: int, step: int) -> range:
    """Every ``step`` from ``first``, from the last one at or before ``begin`` to ``end``."""
    return range(first + max(0, begin - first) // step * step, end + 1, step)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(year: int, month: int) -> Iterator[date]:
    if 1 <= month <= 12:
        for number in range(1, monthrange(year, month)[1] + 1):
            yield date(year, month, number)


def _tests(rule: Rule) -> Iterator[Test]:
    """What a day must be: one test for each condition that the rule sets."""
    months, weeks, year_days, month_days = (rule.by[name] for name in OF_DAYS)
    if months:
        yield lambda day: day.month in months
    if month_days:
        yield lambda day: _is_wanted(_day_of_month(day), month_days)
    if rule.weekdays:
        yield lambda day: _is_weekday(day, rule)
    if year_days:
        yield lambda day: _is_wanted(_day_of_year(day), year_days)
    if weeks:
        yield lambda day: _is_wanted(_week_of_year(day, rule.week_start), weeks)


def _is_wanted(place: Place, wanted: Iterable[int]) -> bool:
    """True when the nth of so many is wanted, counted from the first or, below zero, from the last."""
    number, size = place
    return number in wanted or number - size - 1 in wanted


def _is_weekday(day: date, rule: Rule) -> bool:
    """True for a weekday of the rule: any such day, or the nth of the month (of the year, where no month is named)."""
    weekday = day.weekday()
    if (weekday, None) in rule.weekdays:
        return True
    in_month = rule.frequency == "MONTHLY" or rule.by["BYMONTH"]
    number, size = _day_of_month(day) if in_month else _day_of_year(day)
    from_first, from_last = (number + 6) // 7, -((size - number) // 7 + 1)
    return (weekday, from_first) in rule.weekdays or (weekday, from_last) in rule.weekdays


def _day_of_month(day: date) -> Place:
    return day.day, monthrange(day.year, day.month)[1]


def _day_of_year(day: date) -> Place:
    return day.timetuple().tm_yday, 366 if isleap(day.year) else 365


def _week_of_year(day: date, week_start: int) -> Place:
    """The number of the day's week, and how many weeks its year has. The first week is the first with four days."""
    middle = day + timedelta(days=3 - (day.weekday() - week_start) % 7)
    day_of_year, days = _day_of_year(middle)
    weeks_after = (days - day_of_year) // 7
    number = (day_of_year + 6) // 7
    return number, number + weeks_after
