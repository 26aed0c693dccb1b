from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clinic_days import clinic_date, day_bounds
from scheduler.domain.rosters import (
    MIDNIGHT,
    ClinicHours,
    Minutes,
    Roster,
    WeeklyHours,
    instants_of,
    open_time,
    working_time,
)

BERLIN = "Europe/Berlin"
LORD_HOWE = "Australia/Lord_Howe"
MONDAY = date(2026, 1, 5)
NINE_TO_SIX = (9 * 60, 18 * 60)


def every_day(*minutes: Minutes) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(weekday, each) for weekday in range(7) for each in minutes)


def clinic(*minutes: Minutes, zone: str = BERLIN, closed: frozenset[date] = frozenset()) -> ClinicHours:
    return ClinicHours(zone, every_day(*minutes or (NINE_TO_SIX,)), closed)


def walls(hours: ClinicHours, roster: Roster, first: date, last: date | None = None) -> list[str]:
    """The working time as the clinic's clock shows it: "05 09:00-18:00"."""
    zone = ZoneInfo(hours.zone)
    told = [
        (start.astimezone(zone), end.astimezone(zone))
        for start, end in working_time(hours, roster, first, last or first)
    ]
    return [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in told]


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_resource_without_hours_of_its_own_follows_the_opening_hours() -> None:
    assert walls(clinic((540, 720), (780, 1080)), Roster(), MONDAY) == ["05 09:00-12:00", "05 13:00-18:00"]


def test_a_resource_without_hours_works_at_its_own_clinic_only() -> None:
    assert walls(clinic(), Roster(at_home=False), MONDAY) == []


def test_hours_outside_the_opening_hours_do_not_count() -> None:
    early = Roster(every_day((7 * 60, 13 * 60)))
    assert walls(clinic(), early, MONDAY) == ["05 09:00-13:00"]


def test_hours_at_another_clinic_do_not_count_here() -> None:
    away = Roster((WeeklyHours(0, NINE_TO_SIX, here=False), WeeklyHours(1, (540, 600))))
    assert walls(clinic(), away, MONDAY, MONDAY + timedelta(days=6)) == ["06 09:00-10:00"]


def test_hours_count_from_the_first_to_the_last_date_on_which_they_are_valid() -> None:
    tuesday = MONDAY + timedelta(days=1)
    hours = WeeklyHours(1, NINE_TO_SIX, valid_from=tuesday, valid_until=tuesday + timedelta(days=7))
    found = working_time(clinic(), Roster((hours,)), MONDAY - timedelta(days=7), MONDAY + timedelta(days=28))
    assert [clinic_date(start, BERLIN).day for start, _ in found] == [6, 13]


def test_a_single_date_replaces_the_usual_week() -> None:
    days = {MONDAY: ((600, 660), (900, 960)), MONDAY + timedelta(days=1): ()}
    shown = walls(clinic(), Roster(every_day((540, 720)), days), MONDAY, MONDAY + timedelta(days=2))
    assert shown == ["05 10:00-11:00", "05 15:00-16:00", "07 09:00-12:00"]


def test_a_single_date_replaces_the_opening_hours_that_a_room_follows() -> None:
    assert walls(clinic(), Roster(days={MONDAY: ((600, 660),)}), MONDAY) == ["05 10:00-11:00"]


def test_beyond_the_published_roster_the_usual_week_goes_on() -> None:
    until = MONDAY + timedelta(days=2)
    week = tuple(WeeklyHours(day, (540, 600), valid_until=until) for day in range(7))
    later = MONDAY + timedelta(days=70)
    assert walls(clinic(), Roster(week, published_until=until), later) == ["16 09:00-10:00"]
    assert walls(clinic(), Roster(week), later) == []


def test_hours_laid_down_beyond_the_published_roster_count() -> None:
    until = MONDAY + timedelta(days=6)
    old = WeeklyHours(0, (540, 600), valid_until=until)
    new = WeeklyHours(0, (600, 660), valid_from=until + timedelta(days=1))
    assert walls(clinic(), Roster((old, new), published_until=until), MONDAY + timedelta(days=7)) == ["12 10:00-11:00"]


@pytest.mark.parametrize("closed", [MONDAY, MONDAY + timedelta(days=2)])
def test_a_closed_first_or_last_date_has_no_working_time(closed: date) -> None:
    shown = walls(clinic(closed=frozenset({closed})), Roster(), MONDAY, MONDAY + timedelta(days=2))
    assert [line[:2] for line in shown] == [f"{day:02}" for day in (5, 6, 7) if day != closed.day]


def test_a_closed_date_stays_closed_whatever_the_roster_says() -> None:
    special = Roster(days={MONDAY: (NINE_TO_SIX,)})
    assert walls(clinic(closed=frozenset({MONDAY})), special, MONDAY) == []


def test_an_absence_is_cut_out_of_every_date_it_touches() -> None:
    away = Roster(absences=((utc(2026, 1, 5, 14), utc(2026, 1, 7, 9)),))
    assert walls(clinic(), away, MONDAY, MONDAY + timedelta(days=2)) == ["05 09:00-15:00", "07 10:00-18:00"]


def test_hours_until_midnight_end_as_the_next_day_begins() -> None:
    night = clinic((22 * 60, MIDNIGHT), (0, 60))
    assert walls(night, Roster(), MONDAY, MONDAY + timedelta(days=1)) == [
        "05 00:00-01:00",
        "05 22:00-01:00",
        "06 22:00-00:00",
    ]


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 23.0),
        (BERLIN, date(2026, 10, 25), 25.0),
        (LORD_HOWE, date(2026, 4, 5), 24.5),
        (LORD_HOWE, date(2026, 10, 4), 23.5),
        ("America/Havana", date(2026, 3, 8), 23.0),
    ],
)
def test_a_whole_day_lasts_as_long_as_its_clock_says(zone: str, on: date, hours: float) -> None:
    (found,) = open_time(clinic((0, MIDNIGHT), zone=zone), on, on)
    assert found == day_bounds(on, zone)
    assert (found[1] - found[0]).total_seconds() / 3600 == hours


@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_opening_times_keep_to_the_wall_clock_when_it_changes(on: date) -> None:
    assert walls(clinic(), Roster(), on) == [f"{on:%d} 09:00-18:00"]


def test_hours_that_the_clock_skips_are_no_working_time() -> None:
    assert walls(clinic((2 * 60 + 45, 3 * 60)), Roster(), date(2026, 3, 29)) == []


def test_hours_around_a_skipped_hour_are_shorter_by_it() -> None:
    assert instants_of((60, 240), date(2026, 3, 29), BERLIN) == (utc(2026, 3, 29, 0), utc(2026, 3, 29, 2))


def test_a_time_that_the_clock_shows_twice_means_the_first() -> None:
    assert instants_of((150, 180), date(2026, 10, 25), BERLIN) == (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 2))


minutes = st.tuples(st.integers(0, MIDNIGHT), st.integers(0, MIDNIGHT)).filter(lambda pair: pair[0] < pair[1])
weeks = st.lists(st.builds(WeeklyHours, st.integers(0, 6), minutes), max_size=6).map(tuple)
starts = st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2026, 4, 3), date(2026, 10, 2)])
hours_off = st.tuples(st.integers(0, 120), st.integers(1, 60))


zones = st.sampled_from([BERLIN, LORD_HOWE, "UTC"])


@given(weeks, weeks, starts, zones, st.lists(hours_off, max_size=3), st.booleans())
def test_every_worked_minute_is_open_and_worked_and_no_other_is(
    opening: tuple[WeeklyHours, ...],
    week: tuple[WeeklyHours, ...],
    first: date,
    zone: str,
    away: list[tuple[int, int]],
    shut: bool,
) -> None:
    last = first + timedelta(days=3)
    begin, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    absences = [(begin + timedelta(hours=after), begin + timedelta(hours=after + n)) for after, n in away]
    hours = ClinicHours(zone, opening, frozenset({last} if shut else ()))
    found = working_time(hours, Roster(week, absences=tuple(absences)), first, last)
    for at in moments(begin, end, zone):
        wall = at.astimezone(ZoneInfo(zone))
        expected = within(opening, wall) and (not week or within(week, wall)) and wall.date() not in hours.closed
        assert covers(found, at) == (expected and not covers(absences, at)), at


def within(week: tuple[WeeklyHours, ...], wall: datetime) -> bool:
    minute = wall.hour * 60 + wall.minute
    return any(h.weekday == wall.weekday() and h.minutes[0] <= minute < h.minutes[1] for h in week)


def covers(stretches: list[tuple[datetime, datetime]], at: datetime) -> bool:
    return any(start <= at < end for start, end in stretches)


def moments(begin: datetime, end: datetime, zone: str) -> list[datetime]:
    """Every seventh minute that is not near a clock change."""
    every = (begin + timedelta(minutes=n) for n in range(0, int((end - begin).total_seconds()) // 60, 7))
    return [at for at in every if not near_a_change(at, zone)]


def near_a_change(at: datetime, zone: str) -> bool:
    """Within two hours of a clock change, where a wall time may be skipped or come twice."""
    around = (at + timedelta(hours=hours) for hours in (-2, 2))
    return len({moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in around}) > 1
