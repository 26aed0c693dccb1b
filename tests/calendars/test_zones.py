"""Which rules and which single changes a calendar says about a zone."""

from datetime import UTC, datetime

import pytest

from scheduler.calendars.clock_changes import clock_changes
from scheduler.calendars.yearly_rules import yearly_rules
from scheduler.calendars.zones import observances, zone_component

SPAN = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))


def said_of(zone: str, first: datetime = SPAN[0], last: datetime = SPAN[1]) -> list[str]:
    """One line for each observance: kind, onset, offset afterwards, and what repeats it."""
    return [
        f"{part.name[0]} {part.DTSTART:%Y-%m-%d %H:%M} {part['TZOFFSETTO'].to_ical()} {rule_of(part)}".strip()
        for part in zone_component(zone, first, last).subcomponents
    ]


def rule_of(part: object) -> str:
    return part["RRULE"].to_ical().decode() if "RRULE" in part else ""


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (
            "America/New_York",
            [
                "D 2007-03-11 02:00 -0400 FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
                "S 2007-11-04 02:00 -0500 FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
            ],
        ),
        (
            "Australia/Lord_Howe",
            [
                "S 2008-04-06 02:00 +1030 FREQ=YEARLY;BYDAY=1SU;BYMONTH=4",
                "D 2008-10-05 02:00 +1100 FREQ=YEARLY;BYDAY=1SU;BYMONTH=10",
            ],
        ),
        (
            "Pacific/Chatham",
            [
                "D 2007-09-30 02:45 +1345 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=9",
                "S 2008-04-06 03:45 +1245 FREQ=YEARLY;BYDAY=1SU;BYMONTH=4",
            ],
        ),
    ],
)
def test_clocks_that_follow_a_rule_are_written_as_a_rule(zone: str, said: list[str]) -> None:
    assert said_of(zone) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Africa/Cairo", ["S 1970-01-01 00:00 +0200", "D 2026-04-24 00:00 +0300", "S 2026-10-30 00:00 +0200"]),
        ("Asia/Jerusalem", ["S 1970-01-01 00:00 +0200", "D 2026-03-27 02:00 +0300", "S 2026-10-25 02:00 +0200"]),
        ("America/Santiago", ["D 1970-01-01 00:00 -0300", "S 2026-04-05 00:00 -0400", "D 2026-09-06 00:00 -0300"]),
        ("Pacific/Apia", ["S 1970-01-01 00:00 +1300"]),
        ("Asia/Kolkata", ["S 1970-01-01 00:00 +0530"]),
    ],
)
def test_clocks_without_a_simple_rule_are_written_change_by_change(zone: str, said: list[str]) -> None:
    assert said_of(zone) == said


def test_years_before_the_rule_began_are_written_change_by_change() -> None:
    year = datetime(2006, 1, 1, tzinfo=UTC), datetime(2006, 12, 31, tzinfo=UTC)
    assert said_of("America/New_York", *year) == [
        "S 1970-01-01 00:00 -0500",
        "D 2006-04-02 02:00 -0400",
        "S 2006-10-29 02:00 -0500",
    ]


def test_a_day_that_was_left_out_is_one_change_of_a_day() -> None:
    (change,) = (change for change in clock_changes("Pacific/Apia", 2011) if change.at.month == 12)
    assert change.at == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert (change.after - change.before).total_seconds() == 24 * 3600


def test_a_zone_that_gave_up_changing_has_no_rule() -> None:
    assert yearly_rules("America/Sao_Paulo") == ()
    assert yearly_rules("Africa/Casablanca") == ()


def test_a_zone_of_later_name_carries_the_name_of_the_time_in_question() -> None:
    assert observances("Europe/Istanbul", *SPAN)[0].name == "+03"
