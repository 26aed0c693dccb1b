"""Repetition rules pick the same times as an independent library, on random rules of every kind."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendars.reading.budget import Budget, Unreadable
from scheduler.calendars.reading.moments import Moment, utc
from scheduler.calendars.reading.recurrence import rule_times
from scheduler.calendars.reading.rules import read_rule

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAYS_OF_MONTH = [*range(1, 32), *range(-31, 0)]
START = datetime(2026, 1, 1, 9)


def picked(rule: str, start: datetime, begin: datetime, end: datetime, steps: int = 10**9) -> list[datetime]:
    moment = Moment(start, utc, is_day=False)
    return list(rule_times(read_rule(rule, moment), moment, begin, end, Budget(steps)))


def some(values: list[int] | list[str], most: int = 4) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


NUMBERED = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, -1, -2]), st.sampled_from(WEEKDAYS))
CONDITIONS = {
    "YEARLY": {
        "BYMONTH": some([*range(1, 13)]),
        "BYMONTHDAY": some(DAYS_OF_MONTH),
        "BYDAY": st.one_of(some(WEEKDAYS), st.lists(NUMBERED, min_size=1, max_size=3).map(",".join)),
        "BYYEARDAY": some([1, 59, 60, 61, 100, 365, 366, -1, -2, -306, -307, -366], 8),
    },
    "MONTHLY": {
        "BYMONTH": some([*range(1, 13)]),
        "BYMONTHDAY": some(DAYS_OF_MONTH),
        "BYDAY": st.one_of(some(WEEKDAYS), st.lists(NUMBERED, min_size=1, max_size=3).map(",".join)),
    },
    "WEEKLY": {"BYMONTH": some([*range(1, 13)], 9), "BYDAY": some(WEEKDAYS)},
    "DAILY": {"BYMONTH": some([*range(1, 13)], 9), "BYDAY": some(WEEKDAYS), "BYMONTHDAY": some(DAYS_OF_MONTH, 9)},
}
TIMES = {"BYHOUR": some([*range(24)], 3), "BYMINUTE": some([0, 15, 30, 45], 2)}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule that ends, so that the library ends too."""
    frequency = draw(st.sampled_from(sorted(CONDITIONS)))
    possible = CONDITIONS[frequency] | TIMES
    names = draw(st.lists(st.sampled_from(sorted(possible)), max_size=3, unique=True))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 6))}"]
    parts += [f"{name}={draw(possible[name])}" for name in names]
    if names and frequency != "WEEKLY":  # in a first week that is cut short the library counts from the cut
        parts += draw(st.sampled_from([[], ["BYSETPOS=1"], ["BYSETPOS=-1"], ["BYSETPOS=2,-2"]]))
    return ";".join([*parts, f"WKST={draw(st.sampled_from(WEEKDAYS))}", draw(ENDS)])


ENDS = st.one_of(
    st.integers(1, 40).map("COUNT={}".format),
    st.integers(0, 1500).map(lambda days: f"UNTIL={START + timedelta(days=days):%Y%m%dT%H%M%S}"),
)
STARTS = st.integers(0, 1500).map(lambda days: START + timedelta(days=days))


@settings(max_examples=150)
@given(rules(), STARTS, st.integers(-200, 1500), st.integers(1, 1500))
def test_any_rule_picks_what_the_library_picks(rule: str, start: datetime, offset: int, days: int) -> None:
    begin = start + timedelta(days=offset)
    end = begin + timedelta(days=days)
    with_an_end = (
        rrulestr(rule, dtstart=start).replace(count=None) if "UNTIL" in rule else rrulestr(rule, dtstart=start)
    )
    assert picked(rule, start, begin, end) == with_an_end.between(begin, end, inc=True)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU", ["2026-01-04"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", ["2026-12-28"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO,SU", ["2026-05-11", "2026-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=SU,MO;WKST=SU", ["2026-05-17", "2026-05-18"]),
        ("FREQ=YEARLY;BYDAY=20MO", ["2026-05-18"]),
        ("FREQ=YEARLY;BYDAY=-1MO,MO;BYMONTH=12", ["2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"]),
        ("FREQ=WEEKLY;INTERVAL=20;BYDAY=2MO", ["2026-05-18", "2026-10-05"]),
        ("FREQ=YEARLY;BYMONTH=13", []),
    ],
)
def test_rules_that_few_programs_write(rule: str, found: list[str]) -> None:
    assert [f"{time:%Y-%m-%d}" for time in picked(rule, START, START, datetime(2026, 12, 31, 23))] == found


def test_looking_far_ahead_costs_no_more_than_looking_at_once() -> None:
    far = datetime(2826, 1, 1)
    assert len(picked("FREQ=DAILY", START, far, far + timedelta(days=10), steps=30)) == 10


def test_the_work_is_bounded() -> None:
    with pytest.raises(Unreadable):
        picked("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", START, START, START + timedelta(days=400), steps=300)
