"""The byte-level check itself: each fault that it knows is found."""

import pytest

from scheduler.calendars.feed import render_feed
from tests.calendars.samples import a_feed, an_event
from tests.support.ics_bytes import check_feed, faults, feed_faults

GOOD = render_feed(a_feed(an_event(), an_event(1)))
EMPTY_ZONE = b"BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nEND:VTIMEZONE\r\n"


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "a byte order mark"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\n", "line 2: the character '\\n'"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\n\r\n", "line 3: empty"),
        (b"Harbour", b"Harbour" + b"x" * 70, "line 37: 93 octets"),
        (b"Harbour", b"Har\x00bour", "line 37: the character '\\x00'"),
        (b"Harbour", "Har\u2028bour".encode(), "line 37: the character '\\u2028'"),
        (b"Harbour", b"Har\xc3\r\n \xa9bour", "line 37: a character is split or is not UTF-8"),
        (b"Harbour", b"Har\\\r\n ,bour", "line 37: a fold inside an escape"),
        (b"Harbour", b"Har\\\\\\\r\n ,bour", "line 37: a fold inside an escape"),
        (b"Harbour Clinic", b"Harbour; Clinic", "LOCATION is not escaped"),
        (b"Harbour", b"Har\\bour", "LOCATION is not escaped"),
        (b"LOCATION:", b"LOCATION ", "no property: 'LOCATION Harbour Clinic'"),
        (b"END:VCALENDAR\r\n", b"", "not exactly one VCALENDAR, begun and ended"),
        (b"END:VALARM", b"END:VEVENT", "END:VEVENT ends nothing"),
        (b"VERSION:2.0\r\n", b"", "VCALENDAR has 0 VERSION"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n", "VCALENDAR has METHOD"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nUID:1\r\n", "VCALENDAR has UID"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nSOURCE:https://example.org\r\n", "VCALENDAR has SOURCE"),
        (b"STATUS:", b"ATTENDEE:mailto:a@example.org\r\nSTATUS:", "VEVENT has ATTENDEE"),
        (b"STATUS:", b"ORGANIZER:mailto:a@example.org\r\nSTATUS:", "VEVENT has ORGANIZER"),
        (b"SEQUENCE:2\r\n", b"", "VEVENT has 0 SEQUENCE"),
        (b"CREATED:20260105T080000Z", b"CREATED:20260105T080000", "CREATED is not in UTC"),
        (b"DTSTAMP:2026", b"DTSTAMP:2027", "DTSTAMP is not the last revision"),
        (b"TRANSP:OPAQUE", b"TRANSP:TRANSPARENT", "STATUS CONFIRMED is TRANSPARENT"),
        (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "a cancelled event has alarms"),
        (b"ACTION:DISPLAY\r\n", b"", "VALARM has 0 ACTION"),
        (b"000000000002", b"000000000001", "UID 00000000-0000-0000-0000-000000000001 stands 2 times"),
        (b"DTSTART;TZID=Europe/London:", b"DTSTART;TZID=Europe/Paris:", "Europe/Paris is not described"),
        (b"DTSTART;TZID=Europe/London:", b"DTSTART:", "DTSTART names no instant"),
        (b"BEGIN:VTIMEZONE", EMPTY_ZONE + b"BEGIN:VTIMEZONE", "Europe/London is described 2 times"),
        (b"BEGIN:VTIMEZONE", EMPTY_ZONE + b"BEGIN:VTIMEZONE", "Europe/London has no clock"),
        (b"TZNAME:GMT", b"RDATE:20261025T020000", "STANDARD has RDATE"),
    ],
)
def test_a_spoilt_calendar_is_found_out(good: bytes, bad: bytes, fault: str) -> None:
    assert good in GOOD
    assert fault in faults(GOOD.replace(good, bad))


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        (b"COLOR:teal\r\n", b"", "VCALENDAR has 0 COLOR"),
        (b"NAME:Appointments\r\n", b"", "VCALENDAR has 0 NAME"),
        (b";VALUE=DURATION", b"", "REFRESH-INTERVAL is not marked as a duration"),
    ],
)
def test_a_spoilt_feed_is_found_out(good: bytes, bad: bytes, fault: str) -> None:
    assert fault in feed_faults(GOOD.replace(good, bad))


def test_a_feed_without_a_zone_is_found_out() -> None:
    start, end = GOOD.index(b"BEGIN:VTIMEZONE"), GOOD.index(b"BEGIN:VEVENT")
    assert list(feed_faults(GOOD[:start] + GOOD[end:])) == ["there is no VTIMEZONE"]


def test_a_calendar_without_its_last_line_end_is_found_out() -> None:
    assert list(faults(GOOD.removesuffix(b"\r\n"))) == ["the last line has no end"]


def test_the_check_of_a_feed_fails_when_there_is_a_fault() -> None:
    check_feed(GOOD)
    with pytest.raises(AssertionError):
        check_feed(GOOD.replace(b"TRANSP:OPAQUE", b"TRANSP:TRANSPARENT"))
