"""Repeated events: rules, extra dates, exceptions."""

import pytest

from tests.calendars.files import busy, event, reading, reasons, starts, stretches

MONDAYS = ("DTSTART;TZID=Europe/London:20260316T090000", "DTEND;TZID=Europe/London:20260316T100000")
FOUR = (*MONDAYS, "RRULE:FREQ=WEEKLY;COUNT=4")


def test_a_weekly_event_keeps_its_wall_time_through_the_clock_change() -> None:
    assert starts(event(*FOUR)) == ["03-16 09:00", "03-23 09:00", "03-30 08:00", "04-06 08:00"]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (
            "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260601T000000Z",
            ["03-16 09:00", "03-27 09:00", "04-24 08:00", "05-29 08:00"],
        ),
        ("FREQ=WEEKLY;UNTIL=20260330", ["03-16 09:00", "03-23 09:00", "03-30 08:00"]),
        ("FREQ=WEEKLY;UNTIL=20260330T075959Z", ["03-16 09:00", "03-23 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20260330T080000Z", ["03-16 09:00", "03-23 09:00", "03-30 08:00"]),
        ("FREQ=WEEKLY;UNTIL=20260330T090000", ["03-16 09:00", "03-23 09:00", "03-30 08:00"]),
        ("FREQ=DAILY;INTERVAL=200;COUNT=2", ["03-16 09:00", "10-02 08:00"]),
        ("FREQ=YEARLY;BYMONTH=3,5;BYMONTHDAY=31;COUNT=2", ["03-16 09:00", "03-31 08:00", "05-31 08:00"]),
        ("FREQ=DAILY;BYHOUR=9,14;COUNT=3;", ["03-16 09:00", "03-16 14:00", "03-17 09:00"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["03-16 09:00"]),
    ],
)
def test_rules_of_every_kind(rule: str, found: list[str]) -> None:
    assert starts(event(*MONDAYS, f"RRULE:{rule}")) == found


def test_an_old_daily_rule_is_read_for_the_horizon_only() -> None:
    report = reading(event("DTSTART:00010101T120000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))
    assert (len(report.busy), report.refused) == (365, ())


def test_repeated_days_are_the_clinics_days() -> None:
    weekends = event("DTSTART;VALUE=DATE:20260321", "DTEND;VALUE=DATE:20260323", "RRULE:FREQ=WEEKLY;UNTIL=20260329")
    assert busy(weekends) == ["03-21 00:00 – 03-23 00:00", "03-28 00:00 – 03-29 23:00"]


def test_extra_dates_are_added_and_excluded_ones_left_out() -> None:
    lines = (
        "RDATE;TZID=Europe/London:20260401T090000,20260402T090000",
        "RDATE;VALUE=PERIOD:20260501T120000Z/20260501T150000Z,20260502T120000Z/PT5H",
        "EXDATE;TZID=Europe/London:20260323T090000",
        "EXDATE:20260330T080000Z,20260401T080000Z",
    )
    assert busy(event(*FOUR, *lines)) == [
        "03-16 09:00 – 03-16 10:00",
        "04-02 08:00 – 04-02 09:00",
        "04-06 08:00 – 04-06 09:00",
        "05-01 12:00 – 05-01 15:00",
        "05-02 12:00 – 05-02 17:00",
    ]


@pytest.mark.parametrize("excluded", ["EXDATE;VALUE=DATE:20260323", "EXDATE:20260323T090000"])
def test_a_date_or_a_time_without_a_zone_excludes_too(excluded: str) -> None:
    assert starts(event(*FOUR, excluded)) == ["03-16 09:00", "03-30 08:00", "04-06 08:00"]


def test_a_rule_may_exclude() -> None:
    assert starts(event(*FOUR, "EXRULE:FREQ=WEEKLY;INTERVAL=2")) == ["03-23 09:00", "04-06 08:00"]


def test_a_time_excludes_the_day_of_an_event_of_whole_days() -> None:
    lines = ("DTSTART;VALUE=DATE:20260303", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260304T000000Z")
    assert starts(event(*lines)) == ["03-03 00:00", "03-05 00:00"]


def test_a_changed_repetition_replaces_the_one_it_names() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/London:20260323T090000",
        "DTSTART;TZID=Europe/London:20260324T140000",
        "DTEND;TZID=Europe/London:20260324T153000",
    )
    assert busy(event(*FOUR), moved) == [
        "03-16 09:00 – 03-16 10:00",
        "03-24 14:00 – 03-24 15:30",
        "03-30 08:00 – 03-30 09:00",
        "04-06 08:00 – 04-06 09:00",
    ]


@pytest.mark.parametrize(
    "named",
    ["RECURRENCE-ID:20260330T080000Z", "RECURRENCE-ID;VALUE=DATE:20260330", "RECURRENCE-ID:20260330T090000"],
)
@pytest.mark.parametrize(
    ("line", "reason"),
    [("STATUS:CANCELLED", "It is cancelled."), ("TRANSP:TRANSPARENT", "It is marked as free time.")],
)
def test_a_cancelled_or_free_repetition_is_not_busy(named: str, line: str, reason: str) -> None:
    report = reading(event(*FOUR), event(named, *MONDAYS, line))
    assert [stretch[:11] for stretch in stretches(report)] == ["03-16 09:00", "03-23 09:00", "04-06 08:00"]
    assert reasons(report.skipped) == [f"2 {reason}"]


def test_the_newest_of_two_changes_to_a_repetition_counts() -> None:
    changes = [
        event("RECURRENCE-ID:20260323T090000Z", f"DTSTART:202603{day}T120000Z", "DURATION:PT1H", f"SEQUENCE:{sequence}")
        for day, sequence in ((24, 1), (25, 3), (26, 2))
    ]
    report = reading(event(*FOUR), *changes)
    assert [stretch[:11] for stretch in stretches(report)] == [
        "03-16 09:00",
        "03-25 12:00",
        "03-30 08:00",
        "04-06 08:00",
    ]
    assert reasons(report.skipped) == ["2 The file has a newer version of it.", "4 The file has a newer version of it."]


def test_a_change_without_its_event_stands_alone() -> None:
    assert starts(event("RECURRENCE-ID:20260323T090000Z", "DTSTART:20260324T090000Z", "DURATION:PT1H")) == [
        "03-24 09:00"
    ]


def test_a_change_for_all_later_repetitions_moves_them_too() -> None:
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20260330T090000",
        "DTSTART;TZID=Europe/London:20260331T110000",
        "DURATION:PT2H",
    )
    assert busy(event(*FOUR), later) == [
        "03-16 09:00 – 03-16 10:00",
        "03-23 09:00 – 03-23 10:00",
        "03-31 10:00 – 03-31 12:00",
        "04-07 10:00 – 04-07 12:00",
    ]


def test_a_series_cancelled_from_some_day_on_ends_there() -> None:
    later = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260330T080000Z", "DTSTART:20260330T080000Z", "STATUS:CANCELLED")
    assert [stretch[:11] for stretch in stretches(reading(event(*FOUR), later))] == ["03-16 09:00", "03-23 09:00"]


def test_a_repetition_that_moved_into_the_horizon_is_found() -> None:
    series = event("DTSTART:20251201T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")
    moved = event("RECURRENCE-ID:20251208T090000Z", "DTSTART:20260202T090000Z", "DURATION:PT1H")
    assert stretches(reading(series, moved)) == ["02-02 09:00 – 02-02 10:00"]


def test_a_long_absence_that_repeats_is_found_when_it_began_before_the_horizon() -> None:
    winter = event("DTSTART;VALUE=DATE:20231220", "DTEND;VALUE=DATE:20240107", "RRULE:FREQ=YEARLY")
    assert busy(winter) == ["12-20 00:00 – 01-07 00:00", "12-20 00:00 – 01-07 00:00"]
