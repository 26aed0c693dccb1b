"""What cannot be read is refused with a sentence, and hurts nothing else in the file."""

from datetime import UTC, datetime
from time import perf_counter

import pytest

from scheduler.calendars.busy import MOST_BYTES, BusyNote, read_busy
from tests.calendars.files import LONDON, YEAR, calendar, event, reading, reasons

GOOD = event("DTSTART:20260303T090000Z", "DURATION:PT1H", uid="good")
EVERY = ",".join(map(str, range(60)))
HOUR = ("DTSTART:20260303T090000Z", "DURATION:PT1H")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["DURATION:PT1H"], "It has no start."),
        (["DTSTART:tomorrow"], "“tomorrow” is neither a date nor a time."),
        (["DTSTART:20260230T090000Z"], "“20260230T090000Z” is neither a date nor a time."),
        (["DTSTART:20260303T240000Z"], "“20260303T240000Z” is neither a date nor a time."),
        (["DTSTART:PT1H"], "“PT1H” is neither a date nor a time."),
        (["DTSTART"], "The line “DTSTART” cannot be read."),
        (["DTSTART:20260303T100000Z", "DTEND:20260303T090000Z"], "It ends before it starts."),
        (["DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260302"], "It ends before it starts."),
        (
            ["DTSTART;VALUE=DATE:20260303", "DTEND:20260303T090000Z"],
            "Its start is a day and its end is a time, or the other way round.",
        ),
        (["DTSTART:20260303T090000Z", "DURATION:-PT1H"], "Its duration, “-PT1H”, is none."),
        (["DTSTART:20260303T090000Z", "DURATION:20260303"], "Its duration, “20260303”, is none."),
        (["DTSTART:20260303T090000Z", "DURATION:P99999999999W"], "“P99999999999W” is neither a date nor a time."),
        ([*HOUR, "RRULE:FREQ=SOMETIMES"], "Its repetition, “FREQ=SOMETIMES”, cannot be read."),
        ([*HOUR, "RRULE:COUNT=3"], "Its repetition, “COUNT=3”, does not say how often."),
        ([*HOUR, "RRULE:FREQ=DAILY;COUNT=0"], "Its repetition, “FREQ=DAILY;COUNT=0”, has a number below one."),
        ([*HOUR, "RRULE:FREQ=DAILY;INTERVAL=-1"], "Its repetition, “FREQ=DAILY;INTERVAL=-1”, has a number below one."),
        ([*HOUR, "RRULE:FREQ=DAILY;UNTIL=PT1H"], "Its repetition, “FREQ=DAILY;UNTIL=PT1H”, ends at no date."),
        ([*HOUR, "RRULE:FREQ=DAILY;BYHOUR=25"], "One of its dates lies outside the calendar."),
        (
            [*HOUR, "RRULE:FREQ=YEARLY;RSCALE=CHINESE"],
            "Its repetition has a part, “RSCALE”, that is not understood here.",
        ),
        ([*HOUR, "RRULE:FREQ=HOURLY"], "It repeats within the day, which is not read as busy time."),
        ([*HOUR, "RRULE:FREQ=MINUTELY"], "It repeats within the day, which is not read as busy time."),
        ([*HOUR, "RRULE:FREQ=SECONDLY"], "It repeats within the day, which is not read as busy time."),
        ([*HOUR, "RRULE:FREQ=DAILY;BYHOUR=8,9,10,11,12,13,14"], "It takes place more than 2,000 times."),
        ([*HOUR, "SEQUENCE:two"], "Its sequence, “two”, is not a number."),
        ([*HOUR, "EXDATE:never"], "“never” is neither a date nor a time."),
        ([*HOUR, "RDATE:20260303T090000Z/never"], "“never” is neither a date nor a time."),
        (["DTSTART;TZID=Asia/Tokyo:00010101T010000", "DURATION:PT1H"], "One of its dates lies outside the calendar."),
        (["DTSTART:99991231T230000Z", "DURATION:PT2H"], "One of its dates lies outside the calendar."),
        (["DTSTART;VALUE=DATE:99991231"], "One of its dates lies outside the calendar."),
    ],
)
def test_an_event_that_cannot_be_read_is_refused_with_the_reason(lines: list[str], reason: str) -> None:
    report = reading(event(*lines, uid="bad"), GOOD)
    assert report.refused == (BusyNote(1, "bad", reason),)
    assert [stretch.uid for stretch in report.busy] == ["good"]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("BEGIN:VFREEBUSY\nUID:bad\nFREEBUSY:20260303T090000Z\nEND:VFREEBUSY", "One of its busy times has no end."),
        ("BEGIN:VFREEBUSY\nUID:bad\nFREEBUSY:x/y\nEND:VFREEBUSY", "“x” is neither a date nor a time."),
        ("BEGIN:VEVENT\nUID:bad\nBEGIN:VALARM\nEND:VEVENT", "It has no start."),
        (f"BEGIN:X\n{event(*HOUR, uid='bad').removesuffix('END:VEVENT')}END:X", "It has no end before that of “X”."),
    ],
)
def test_a_part_that_cannot_be_read_is_refused_with_the_reason(part: str, reason: str) -> None:
    report = reading(part, GOOD)
    assert report.refused == (BusyNote(1, "bad", reason),)
    assert [stretch.uid for stretch in report.busy] == ["good"]


def test_an_event_that_the_end_of_the_file_cuts_short_is_refused() -> None:
    whole = calendar(GOOD, event(*HOUR, "TRANSP:TRANSPARENT", uid="cut"))
    report = read_busy(whole[: whole.index(b"TRANSP")], zone=LONDON, horizon=YEAR)
    assert reasons(report.refused) == ["2 The file ends in the middle of it."]
    assert [stretch.uid for stretch in report.busy] == ["good"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "This is not a calendar file: nothing in it begins with BEGIN:VCALENDAR."),
        (b"\x89PNG\r\n\x1a\n", "This is not a calendar file: nothing in it begins with BEGIN:VCALENDAR."),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 5 million bytes."),
        (calendar("CALSCALE:CHINESE", GOOD), "The file does not use the Gregorian calendar."),
        (calendar(*[GOOD] * 10_001), "The file has more than 10,000 events."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(data: bytes, reason: str) -> None:
    report = read_busy(data, zone=LONDON, horizon=YEAR)
    assert report.refused == (BusyNote(0, "", reason),)
    assert report.busy == ()


def test_an_identifier_too_long_to_keep_is_refused_and_shown_cut() -> None:
    report = reading(event(*HOUR, uid="x" * 256))
    assert report.refused == (BusyNote(1, "x" * 255, "Its identifier is longer than 255 characters."),)


def test_a_file_with_too_many_busy_times_is_refused_from_there_on() -> None:
    many = [event(*HOUR, "RRULE:FREQ=DAILY;BYHOUR=7,8,9,10,11", uid=f"{n:03}") for n in range(40)]
    report = reading(*many)
    assert len(report.busy) == 48_576
    assert reasons(report.refused)[0] == "33 The file has more than 50,000 busy times in the days that are read."


def test_unreadable_letters_and_control_characters_do_no_harm() -> None:
    data = calendar(GOOD).replace(b"SUMMARY:Private", b"SUMMARY:\xff\xfe\x00").replace(b"UID:good", b"UID:go\x00od")
    assert [stretch.uid for stretch in read_busy(data, zone=LONDON, horizon=YEAR).busy] == ["good"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=MONTHLY;BYSETPOS=300",
        "FREQ=WEEKLY;INTERVAL=99999999999",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=YEARLY;BYSETPOS=-1;"
        + ";".join(f"{name}={','.join(map(str, range(60)))}" for name in ("BYMINUTE", "BYSECOND")),
    ],
)
def test_a_rule_that_would_keep_a_machine_busy_does_not(rule: str) -> None:
    started = perf_counter()
    series = [event("DTSTART:19000101T000000Z", "DURATION:PT1M", f"RRULE:{rule}", uid=str(n)) for n in range(300)]
    report = read_busy(calendar(*series), zone=LONDON, horizon=YEAR)
    assert perf_counter() - started < 20
    assert len(report.busy) + len(report.refused) + report.outside >= 300


def test_a_horizon_of_a_century_is_no_danger() -> None:
    horizon = datetime(1950, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
    report = read_busy(calendar(event(*HOUR, "RRULE:FREQ=DAILY"), GOOD), zone=LONDON, horizon=horizon)
    assert reasons(report.refused) == ["1 It takes place more than 2,000 times."]
    assert [stretch.uid for stretch in report.busy] == ["good"]
