"""What a feed's bytes say."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
import vobject

from scheduler.calendars.events import EventStatus
from scheduler.calendars.feed import Feed, etag_of, render_event, render_feed
from tests.calendars.samples import HOSTILE_NAMES, a_feed, an_event, an_event_at
from tests.support.ics_bytes import check_feed, check_file, read
from tests.support.readers.all import READERS

ROOT = Path(__file__).parents[2]

EXPECTED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Interval//Interval//EN
CALSCALE:GREGORIAN
NAME:Appointments
X-WR-CALNAME:Appointments
COLOR:teal
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Europe/London
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Appointment
DTSTART;TZID=Europe/London:20260303T093000
DTEND;TZID=Europe/London:20260303T101500
DTSTAMP:20260201T123015Z
UID:00000000-0000-0000-0000-000000000001
SEQUENCE:2
CREATED:20260105T080000Z
LAST-MODIFIED:20260201T123015Z
LOCATION:Harbour Clinic
STATUS:CONFIRMED
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Appointment
TRIGGER:-P1D
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Appointment
TRIGGER:-PT1H
END:VALARM
END:VEVENT
END:VCALENDAR
"""

IN_A_FRESH_PROCESS = """
import sys
from scheduler.calendars.feed import render_feed
from tests.calendars.test_feed import a_feed_of_many_zones
sys.stdout.buffer.write(render_feed(a_feed_of_many_zones()))
"""


def a_feed_of_many_zones() -> Feed:
    zones = ("Europe/London", "Africa/Cairo", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe")
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    events = [an_event_at(n, start + timedelta(days=9 * n), zones[n % 5]) for n in range(40)]
    return a_feed(*events, zone="Pacific/Apia", name="Ärzte; \\ Łódź, 東京")


def test_a_feed_of_one_event_is_exactly_this() -> None:
    assert render_feed(a_feed(an_event())).decode() == EXPECTED.replace("\n", "\r\n")


def test_an_event_by_itself_has_the_same_event_and_no_feed_properties() -> None:
    header = [line for line in EXPECTED.splitlines() if line.startswith(("NAME", "X-", "COLOR", "REFRESH"))]
    alone = "".join(f"{line}\r\n" for line in EXPECTED.splitlines() if line not in header)
    assert render_event(an_event()).decode() == alone
    check_file(render_event(an_event()))


def test_an_empty_feed_is_a_calendar_with_its_zone() -> None:
    for zone in ("Europe/London", "Africa/Cairo", "UTC"):
        data = render_feed(a_feed(zone=zone))
        check_feed(data)
        assert [part.value("TZID") for part in read(data).parts] == [zone]
        assert [find(data) for find in READERS.values()] == [{}] * 4


def test_the_order_of_the_events_makes_no_difference() -> None:
    events = [an_event(number) for number in range(4)]
    assert len({render_feed(a_feed(*order)) for order in permutations(events)}) == 1


def test_processes_with_different_hash_seeds_render_the_same_bytes() -> None:
    command = [sys.executable, "-c", IN_A_FRESH_PROCESS]
    rendered = [
        subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "4242")
    ]
    assert rendered == [render_feed(a_feed_of_many_zones())] * 2


def test_each_zone_in_use_is_described_once_and_no_other() -> None:
    data = render_feed(a_feed_of_many_zones())
    check_feed(data)
    zones = [part.value("TZID") for part in read(data).parts if part.name == "VTIMEZONE"]
    used = ["Africa/Cairo", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London", "Pacific/Apia"]
    assert zones == used


@pytest.mark.parametrize(
    ("status", "word", "transparency", "alarms"),
    [
        (EventStatus.BOOKED, "CONFIRMED", "OPAQUE", 2),
        (EventStatus.AT_RISK, "TENTATIVE", "OPAQUE", 2),
        (EventStatus.CANCELLED, "CANCELLED", "TRANSPARENT", 0),
    ],
)
def test_the_status_says_whether_time_is_taken(status: EventStatus, word: str, transparency: str, alarms: int) -> None:
    data = render_feed(a_feed(an_event(status=status)))
    check_feed(data)
    event = read(data).parts[-1]
    assert (event.value("STATUS"), event.value("TRANSP"), len(event.parts)) == (word, transparency, alarms)


def test_a_time_that_the_clocks_show_twice_is_written_in_utc() -> None:
    second_half_past_one = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    event = read(render_feed(a_feed(an_event_at(0, second_half_past_one, "Europe/London")))).parts[-1]
    assert (event.value("DTSTART"), event.value("DTEND")) == ("20261025T013000Z", "20261025T021500Z")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_leave_the_bytes_whole(name: str) -> None:
    event = an_event(summary=name, description=name, location=name, url=f"https://example.org/{name}")
    data = render_feed(a_feed(event, name=name))
    check_feed(data)
    assert len(read(data).parts) == 2
    assert [list(find(data)) for find in READERS.values()] == [[event.uid]] * 4


def test_a_forged_line_stays_text() -> None:
    event = vobject.readOne(render_feed(a_feed(an_event(summary=HOSTILE_NAMES[1]))).decode()).vevent
    assert event.summary.value == "BEGIN:VEVENT\nUID:forged\nEND:VEVENT"
    assert event.uid.value == an_event().uid


def test_texts_come_back_as_they_were_typed() -> None:
    typed = 'Łucja "Lu" O’Neill; floor 2, room \\3\nring twice 👩🏽\u200d⚕️' * 3
    event = vobject.readOne(render_feed(a_feed(an_event(summary=typed, location=typed))).decode()).vevent
    assert (event.summary.value, event.location.value) == (typed, typed)


def test_a_link_cannot_break_out_of_its_line() -> None:
    event = read(render_feed(a_feed(an_event(url="https://example.org/a b\r\nX-BAD:1")))).parts[-1]
    assert event.value("URL") == "https://example.org/a%20b%0AX-BAD:1"


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        an_event(starts_at=datetime(2026, 3, 3, 9, 30))


def test_the_tag_is_strong_and_follows_the_bytes() -> None:
    one, other = render_feed(a_feed(an_event())), render_feed(a_feed(an_event(sequence=3)))
    assert etag_of(one) == etag_of(bytes(one)) != etag_of(other)
    assert etag_of(one)[0] == etag_of(one)[-1] == '"'
