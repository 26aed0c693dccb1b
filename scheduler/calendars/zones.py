"""VTIMEZONE: what a calendar file says about the clocks of the zones that it uses.

The observances are written by this module and not by the library's ``add_missing_timezones``, whose lists of dates
(RDATE) two well-known readers take for an hour too late or too early, and whose order changes from process to process.
Where the clocks follow a simple rule the rule is written (RRULE); elsewhere each change in the span is an observance of
its own, which every reader understands.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur, vText

from scheduler.calendars.clock_changes import START, ClockChange, clock_changes, standing_offset
from scheduler.calendars.yearly_rules import PROVEN_UNTIL, YearlyRule, yearly_rules


@dataclass(frozen=True, slots=True)
class Observance:
    """One stretch of a zone's time: from a naive local onset on, repeated by a rule where there is one."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    rule: tuple[tuple[str, str | int], ...] = ()


def observances(zone: str, first: datetime, last: datetime) -> tuple[Observance, ...]:
    """What a reader must know about ``zone`` to place every instant between two UTC instants, in order of onset."""
    rules = yearly_rules(zone)
    if rules and first >= max(rule.first.at for rule in rules):
        found = [_repeated(rule) for rule in rules]
    else:
        found = _listed(zone, first, last)
    return tuple(sorted(found, key=lambda observance: observance.onset))


def zone_component(zone: str, first: datetime, last: datetime) -> Timezone:
    """The VTIMEZONE of an IANA zone, right for every instant between two UTC instants."""
    component = Timezone()
    component.add("TZID", vText(zone))
    known = observances(zone, first, last)
    winter = min(observance.after for observance in known)
    for observance in known:
        component.add_component(_observance_component(observance, is_daylight=observance.after > winter))
    return component


def _repeated(rule: YearlyRule) -> Observance:
    day = f"{rule.nth}{rule.weekday}"
    parts = (("FREQ", "YEARLY"), ("BYMONTH", rule.month), ("BYDAY", day))
    change = rule.first
    return Observance(change.wall, change.before, change.after, change.name, parts)


def _listed(zone: str, first: datetime, last: datetime) -> list[Observance]:
    """The time that is in force at ``first``, and each change up to ``last``.

    What is in force is written as if it always had been: a list that begins late is taken for UTC by one reader, which
    looks at how the zone stood long ago.
    """
    offset, name = standing_offset(zone, first)
    always = Observance(START.replace(tzinfo=None), offset, offset, name)
    changes = clock_changes(zone, max(PROVEN_UNTIL, last.year))
    return [always, *(_once(change) for change in changes if first < change.at <= last)]


def _once(change: ClockChange) -> Observance:
    return Observance(change.wall, change.before, change.after, change.name)


def _observance_component(observance: Observance, *, is_daylight: bool) -> TimezoneDaylight | TimezoneStandard:
    """DAYLIGHT is whatever is ahead of the zone's slowest clock, also where the law calls summer time the standard."""
    component = TimezoneDaylight() if is_daylight else TimezoneStandard()
    component.DTSTART = observance.onset
    component.TZOFFSETFROM = observance.before
    component.TZOFFSETTO = observance.after
    component.add("TZNAME", vText(observance.name))
    if observance.rule:
        component.add("RRULE", vRecur(dict(observance.rule)))
    return component
