"""Whose clock a calendar file means."""

import pytest

from tests.calendars.files import busy, event, reading, reasons, starts

OFFICE = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""

LISTED = """BEGIN:VTIMEZONE
TZID:Listed
BEGIN:STANDARD
DTSTART:20200101T000000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
RDATE:20260601T020000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20260308T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE"""

ENDED = """BEGIN:VTIMEZONE
TZID:Ended
BEGIN:DAYLIGHT
DTSTART:20100328T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20120325T010000Z
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20101031T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=20111030T010000Z
END:STANDARD
END:VTIMEZONE"""


def at(time: str, zone: str) -> str:
    return event(f'DTSTART;TZID="{zone}":{time}', "DURATION:PT1H")


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Berlin", "07-03 07:00"),
        ("W. Europe Standard Time", "07-03 07:00"),
        ("Eastern Standard Time", "07-03 13:00"),
        ("US/Eastern", "07-03 13:00"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "07-03 07:00"),
        ("/example.org/20050126_1/America/Argentina/Buenos_Aires", "07-03 12:00"),
        ("tzone://Microsoft/Utc", "07-03 09:00"),
        ("GMT", "07-03 09:00"),
    ],
)
def test_names_of_many_programs_are_known(zone: str, start: str) -> None:
    assert starts(at("20260703T090000", zone)) == [start]


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("20260103T090000", "01-03 08:00"),
        ("20260703T090000", "07-03 07:00"),
        ("20260329T015959", "03-29 00:59"),
        ("20260329T023000", "03-29 01:30"),
        ("20260329T030000", "03-29 01:00"),
        ("20261025T023000", "10-25 00:30"),
        ("20261025T030000", "10-25 02:00"),
    ],
)
def test_a_zone_that_the_file_describes_by_rules_is_followed(time: str, start: str) -> None:
    assert starts(OFFICE, at(time, "Office")) == [start]
    assert starts(at(time, "Europe/Berlin")) == [start]


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("20260301T090000", "03-01 14:00"),
        ("20260401T090000", "04-01 13:00"),
        ("20260701T090000", "07-01 14:00"),
    ],
)
def test_a_zone_that_the_file_describes_by_dates_is_followed(time: str, start: str) -> None:
    assert starts(LISTED, at(time, "Listed")) == [start]


def test_the_last_change_of_a_zone_that_gave_up_changing_holds() -> None:
    assert starts(ENDED, at("20260103T090000", "Ended")) == ["01-03 07:00"]


def test_the_zone_may_stand_after_the_event() -> None:
    assert starts(at("20260703T090000", "Office"), OFFICE) == ["07-03 07:00"]


def test_a_region_is_the_worlds_whatever_the_file_says_of_it() -> None:
    mistaken = OFFICE.replace("TZID:Office", "TZID:Asia/Tokyo")
    assert starts(mistaken, at("20260703T090000", "Asia/Tokyo")) == ["07-03 00:00"]


def test_a_short_name_is_what_the_file_says_of_it() -> None:
    eastern = LISTED.replace("TZID:Listed", "TZID:EST")
    assert starts(eastern, at("20260401T090000", "EST")) == ["04-01 13:00"]
    assert starts(at("20260401T090000", "EST")) == ["04-01 14:00"]


def test_one_files_zone_is_forgotten_in_the_next() -> None:
    assert starts(OFFICE, at("20260703T090000", "Office")) == ["07-03 07:00"]
    elsewhere = OFFICE.replace("+0200", "-0700").replace("+0100", "-0800")
    assert starts(elsewhere, at("20260703T090000", "Office")) == ["07-03 16:00"]


def test_repetition_in_a_described_zone_keeps_its_wall_time() -> None:
    weekly = event("DTSTART;TZID=Office:20260320T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert busy(OFFICE, weekly) == [
        "03-20 08:00 – 03-20 09:00",
        "03-27 08:00 – 03-27 09:00",
        "04-03 07:00 – 04-03 08:00",
    ]


def test_an_unknown_zone_is_refused_by_name() -> None:
    report = reading(at("20260703T090000", "Western/Central Europe"), event("DTSTART:20260704", uid="b"))
    assert reasons(report.refused) == ["1 It is in the time zone “Western/Central Europe”, which is not known here."]
    assert [stretch.uid for stretch in report.busy] == ["b"]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("TZOFFSETTO:+0100", "X-NOTHING:1"),
        ("TZOFFSETTO:+0100", "TZOFFSETTO:soon"),
        ("TZOFFSETTO:+0100", "TZOFFSETTO:+9900"),
        ("DTSTART:16010101T030000", "X-NOTHING:1"),
        ("DTSTART:16010101T030000", "DTSTART;TZID=Office:16010101T030000"),
        ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY"),
        ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9;BYMINUTE=1,2,3,4,5,6,7,8,9"),
        ("BEGIN:STANDARD", "BEGIN:X-STANDARD"),
        ("END:STANDARD", "X-NOTHING:1"),
    ],
)
def test_a_zone_that_is_described_badly_is_refused_by_name(good: str, bad: str) -> None:
    report = reading(OFFICE.replace(good, bad), at("20260703T090000", "Office"))
    assert report.busy == ()
    assert [note for note in reasons(report.refused) if "“Office”" not in note] == []
    assert len(report.refused) == 1
