"""The rules of spacing and holds said a second time, as plainly as possible: days are whole numbers, nothing is clever.

It knows nothing of the code that it judges. Day 0 is Monday, 5 January 2026.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

MONDAY_0 = date(2026, 1, 5)
Rule = tuple[int, int, int, int]  # absolute minimum, minimum, target, maximum


@dataclass
class PlainHold:
    """``ends_by_date``: its last day alone ends it. ``forever``: nothing does."""

    first: int
    last: int | None
    review: int | None = None
    ends_by_date: bool = True
    forever: bool = False
    active: bool = True
    concerns: bool = True
    closed: bool = False


@dataclass
class PlainSession:
    done: int | None = None
    date: int | None = None
    omitted: bool = False
    continued: tuple[int, int] | None = None
    override: tuple[int, int] | None = None  # its date and its reference
    at_risk: bool = False


@dataclass
class PlainCourse:
    today: int
    start: int
    sessions: list[PlainSession]
    rule: Rule
    step_rules: Mapping[int, Rule] = field(default_factory=dict)
    ours: int = 0
    others: list[tuple[int, int]] = field(default_factory=list)  # a day and that procedure's figure
    closures: list[tuple[int, int]] = field(default_factory=list)
    closed_weekdays: set[int] = field(default_factory=set)
    holds: list[PlainHold] = field(default_factory=list)
    running: bool = True

    def rule_before(self, number: int) -> Rule:
        return self.step_rules.get(number, self.rule)


@dataclass
class PlainWindow:
    """``reference`` is the date before it, or the start; ``floor`` what even an override may not go below."""

    first: int
    last: int
    reference: int
    floor: int | None
    forecast: int | None
    decided: bool


def held(hold: PlainHold, day: int, today: int) -> bool:
    if hold.closed or not hold.concerns or day < hold.first:
        return False
    if hold.forever:
        return True
    if hold.ends_by_date and hold.last is not None:
        return day <= hold.last
    known = [end for end in (hold.last, hold.review, today, hold.first) if end is not None]
    return day <= max(known)


def too_near(course: PlainCourse, day: int) -> bool:
    for there, theirs in course.others:
        if not theirs and not course.ours:
            continue
        figure = course.ours if day > there else theirs
        if day == there or abs(day - there) < figure:
            return True
    return False


def closed(course: PlainCourse, day: int) -> bool:
    return day % 7 in course.closed_weekdays or any(first <= day <= last for first, last in course.closures)


def free(course: PlainCourse, day: int) -> bool:
    on_hold = any(held(hold, day, course.today) for hold in course.holds)
    return not on_hold and not closed(course, day) and not too_near(course, day)


def windows(course: PlainCourse) -> list[PlainWindow | None]:
    found: list[PlainWindow | None] = []
    last_date: int | None = None  # of the last session with a date
    longest_from: int | None = None  # what the maximum counts from
    known = True
    for number, session in enumerate(course.sessions, 1):
        window = _window(course, number, session, last_date, longest_from) if known else None
        found.append(window)
        dated = session.done
        if dated is None and session.omitted:
            longest_from = window.last if window else None
            continue
        if dated is None and window is not None:
            dated = window.forecast if session.date is None else session.date
        known = dated is not None
        last_date = longest_from = dated
    return found


def _window(
    course: PlainCourse, number: int, session: PlainSession, last_date: int | None, longest_from: int | None
) -> PlainWindow:
    absolute, least, target, most = course.rule_before(number)
    reference = course.start if last_date is None else last_date
    floor = None if last_date is None else last_date + absolute
    if session.continued:
        first, last = session.continued
        first = first if floor is None else max(first, floor)
        aim = first
    elif last_date is None:
        first = aim = course.start
        last = six_months_after(course.start) if longest_from is None else longest_from + most
    else:
        assert longest_from is not None
        first, aim, last = last_date + least, last_date + target, longest_from + most
    return PlainWindow(first, last, reference, floor, _forecast(course, first, last, aim), bool(session.continued))


def _forecast(course: PlainCourse, first: int, last: int, aim: int) -> int | None:
    days = [day for day in range(first, last + 1) if day >= course.today and free(course, day)]
    later = [day for day in days if day >= max(aim, course.today)]
    return later[0] if later else days[-1] if days else None


def six_months_after(start: int) -> int:
    begin = MONDAY_0 + timedelta(start)
    year, month = begin.year, begin.month + 6
    if month > 12:
        year, month = year + 1, month - 12
    return (date(year, month, min(begin.day, monthrange(year, month)[1])) - MONDAY_0).days


def fits(window: PlainWindow, day: int, override: tuple[int, int] | None) -> bool:
    """Inside, or at the very date of an override whose gap has grown no worse; a decided window knows no gap."""
    if window.first <= day <= window.last:
        return True
    if override is None or override[0] != day:
        return False
    if window.decided:
        return window.floor is None or day >= window.floor
    gap_then, gap_now = day - override[1], day - window.reference
    return gap_now >= gap_then if day < window.first else gap_now <= gap_then


def may_take(course: PlainCourse, number: int, reason: bool = False) -> bool:
    """Whether the session may have the date that it already carries in ``course``."""
    session = course.sessions[number - 1]
    window = windows(course)[number - 1]
    day = session.date
    assert day is not None
    if not course.running or session.done is not None or session.omitted or day < course.today or window is None:
        return False
    if not free(course, day):
        return False
    if not fits(window, day, session.override) and not (reason and (window.floor is None or day >= window.floor)):
        return False
    return _next_is_well(course, number)


def _next_is_well(course: PlainCourse, number: int) -> bool:
    for later in range(number, len(course.sessions)):
        session = course.sessions[later]
        day = session.date if session.done is None else session.done
        if day is not None:
            window = windows(course)[later]
            return window is None or fits(window, day, session.override)
    return True


def at_risk(course: PlainCourse) -> dict[int, bool]:
    """For each session that is due and has a date from today on."""
    found = {}
    for number, (session, window) in enumerate(zip(course.sessions, windows(course), strict=True), 1):
        day = session.date
        if session.done is None and not session.omitted and day is not None and day >= course.today:
            found[number] = window is None or not fits(window, day, session.override) or too_near(course, day)
    return found
