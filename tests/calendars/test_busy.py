"""Which stretches of time other people's calendars take."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.calendars.busy import BusyNote, BusyStretch, read_busy
from tests.calendars.files import LONDON, YEAR, busy, calendar, event, reading, reasons, starts, stretches

NINE = "DTSTART;TZID=Europe/London:20260303T090000"
TEN = "DTEND;TZID=Europe/London:20260303T100000"


def test_an_event_takes_its_time_and_its_summary_is_not_kept() -> None:
    report = reading(event(NINE, TEN))
    nine = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert report.busy == (BusyStretch(nine, nine + timedelta(hours=1), "a@example.org"),)
    assert "Private" not in repr(report)


@pytest.mark.parametrize(
    ("lines", "stretch"),
    [
        (["DTSTART:20260703T090000Z", "DTEND:20260703T100000Z"], "07-03 09:00 – 07-03 10:00"),
        (
            ["DTSTART;TZID=Asia/Tokyo:20260703T090000", "DTEND;TZID=Asia/Tokyo:20260703T093000"],
            "07-03 00:00 – 07-03 00:30",
        ),
        (["DTSTART:20260703T090000", "DTEND:20260703T100000"], "07-03 08:00 – 07-03 09:00"),
        (["DTSTART:20260703T090000Z", "DTEND;TZID=Europe/Paris:20260703T140000"], "07-03 09:00 – 07-03 12:00"),
        (["DTSTART:20260703T090000Z", "DURATION:PT1H30M"], "07-03 09:00 – 07-03 10:30"),
        (["DTSTART;VALUE=DATE:20260703", "DTEND;VALUE=DATE:20260705"], "07-02 23:00 – 07-04 23:00"),
        (["DTSTART;VALUE=DATE:20260703"], "07-02 23:00 – 07-03 23:00"),
        (["DTSTART;VALUE=DATE:20260703", "DTEND;VALUE=DATE:20260703"], "07-02 23:00 – 07-03 23:00"),
        (["DTSTART;VALUE=DATE;TZID=Asia/Tokyo:20260703"], "07-02 23:00 – 07-03 23:00"),
        (["DTSTART;VALUE=DATE:20260703", "DURATION:P3D"], "07-02 23:00 – 07-05 23:00"),
        (["DTSTART;VALUE=DATE:20260329"], "03-29 00:00 – 03-29 23:00"),
        (["DTSTART;TZID=Europe/London:20260329T000000", "DURATION:P1D"], "03-29 00:00 – 03-29 23:00"),
        (["DTSTART;TZID=Europe/London:20260329T000000", "DURATION:PT24H"], "03-29 00:00 – 03-30 00:00"),
        (["DTSTART;TZID=Europe/London:20260329T013000", "DURATION:PT1H"], "03-29 01:30 – 03-29 02:30"),
        (["DTSTART;TZID=Europe/London:20261025T013000", "DURATION:PT1H"], "10-25 00:30 – 10-25 01:30"),
        (["dtstart:20260703T090000Z", "Dtend:20260703T100000Z"], "07-03 09:00 – 07-03 10:00"),
        (["DTSTART:2026070", " 3T090000Z", "DURATION:PT1H", "STATUS:TENTATIVE"], "07-03 09:00 – 07-03 10:00"),
    ],
)
def test_times_are_read_in_every_form(lines: list[str], stretch: str) -> None:
    assert busy(event(*lines)) == [stretch]


def test_days_and_floating_times_are_those_of_the_clinic() -> None:
    parts = (event("DTSTART;VALUE=DATE:20260703", uid="1"), event("DTSTART:20260710T090000", "DURATION:PT1H", uid="2"))
    assert busy(*parts, zone="America/New_York") == ["07-03 04:00 – 07-04 04:00", "07-10 13:00 – 07-10 14:00"]


def test_what_touches_the_horizon_is_kept_whole_and_the_rest_is_counted() -> None:
    report = reading(
        event("DTSTART:20251231T220000Z", "DTEND:20260101T020000Z", uid="1"),
        event("DTSTART:20251231T220000Z", "DTEND:20260101T000000Z", uid="2"),
        event("DTSTART:20270101T000000Z", "DTEND:20270101T010000Z", uid="3"),
        event("DTSTART:20200101T000000Z", "DTEND:20300101T000000Z", uid="4"),
    )
    assert [stretch.uid for stretch in report.busy] == ["4", "1"]
    assert (report.outside, report.skipped, report.refused) == (2, (), ())


def test_free_cancelled_and_empty_time_is_skipped_with_the_reason() -> None:
    report = reading(
        event(NINE, TEN, "TRANSP:TRANSPARENT", uid="1"),
        event(NINE, TEN, "STATUS:CANCELLED", uid="2"),
        event(NINE, uid="3"),
        "BEGIN:VTODO\nUID:4\nDTSTART:20260303T090000Z\nDUE:20260303T100000Z\nEND:VTODO",
        "BEGIN:VJOURNAL\nUID:5\nEND:VJOURNAL",
        "BEGIN:VAVAILABILITY\nUID:6\nEND:VAVAILABILITY",
    )
    assert (report.busy, report.refused, report.outside) == ((), (), 0)
    assert reasons(report.skipped) == [
        "1 It is marked as free time.",
        "2 It is cancelled.",
        "3 It takes no time.",
        "4 It is a to-do.",
        "5 It is a note.",
        "6 It is a time table.",
    ]
    assert [note.uid for note in report.skipped] == ["1", "2", "3", "4", "5", "6"]


def test_a_calendar_without_events_is_read_and_says_so() -> None:
    assert reading().skipped == (BusyNote(0, "", "The file has no events."),)


def test_published_busy_times_are_taken_and_free_ones_are_not() -> None:
    part = (
        "BEGIN:VFREEBUSY\nUID:f\n"
        "FREEBUSY:20260303T090000Z/20260303T100000Z,20260303T110000Z/PT30M\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260304T090000Z/PT1H\n"
        "FREEBUSY;FBTYPE=FREE:20260305T090000Z/PT1H\n"
        "END:VFREEBUSY"
    )
    assert starts(part) == ["03-03 09:00", "03-03 11:00", "03-04 09:00"]


def test_several_calendars_in_one_file_and_bare_events_are_read() -> None:
    two = calendar(event(NINE, TEN, uid="1")) + calendar(event(NINE, TEN, uid="2"))
    bare = event(NINE, TEN, uid="3").encode()
    found = read_busy(two + bare, zone=LONDON, horizon=YEAR)
    assert [stretch.uid for stretch in found.busy] == ["1", "2", "3"]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_other_line_ends_and_a_byte_order_mark_are_read(end: str, mark: bytes) -> None:
    data = calendar(event(NINE, TEN)).decode().replace("\r\n", end)
    assert stretches(read_busy(mark + data.encode(), zone=LONDON, horizon=YEAR)) == ["03-03 09:00 – 03-03 10:00"]


def test_alarms_and_foreign_parts_inside_an_event_do_not_matter() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:-PT5M\nDURATION:P9D\nDTSTART:nonsense\nEND:VALARM"
    assert starts(event(NINE, TEN, alarm, 'X-STRANGE;A="b":c', "ATTENDEE broken")) == ["03-03 09:00"]


def test_two_events_that_share_an_identifier_are_both_busy() -> None:
    assert starts(event(NINE, TEN), event("DTSTART:20260304T090000Z", "DURATION:PT1H")) == [
        "03-03 09:00",
        "03-04 09:00",
    ]


def test_of_two_versions_of_an_event_the_newer_counts() -> None:
    older = event("DTSTART:20260304T090000Z", "DURATION:PT1H", "SEQUENCE:1")
    report = reading(event(NINE, TEN, "SEQUENCE:2"), older)
    assert stretches(report) == ["03-03 09:00 – 03-03 10:00"]
    assert reasons(report.skipped) == ["2 The file has a newer version of it."]


def test_the_same_bytes_give_the_same_report() -> None:
    data = calendar(*(event(NINE, TEN, "RRULE:FREQ=DAILY;COUNT=9", uid=str(n)) for n in range(9)))
    assert read_busy(data, zone=LONDON, horizon=YEAR) == read_busy(data, zone=LONDON, horizon=YEAR)
