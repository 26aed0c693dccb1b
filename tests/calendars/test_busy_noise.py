"""Whatever the bytes, reading gives a report: calendars torn, shuffled and mixed with noise."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendars.busy import BusyReport, read_busy
from tests.calendars.files import LONDON, YEAR, calendar, event
from tests.calendars.test_busy_zones import LISTED, OFFICE

SAMPLE = calendar(
    OFFICE,
    LISTED,
    event("DTSTART;TZID=Office:20260303T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=9", "SEQUENCE:1"),
    event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260310T080000Z", "DTSTART;TZID=Listed:20260311T090000", "DURATION:P1D"),
    event("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260305", "EXDATE;VALUE=DATE:20260303", uid="2"),
    event("DTSTART:20260303T090000Z", "RDATE;VALUE=PERIOD:20260304T090000Z/PT1H", "STATUS:CANCELLED", uid="3"),
    "BEGIN:VFREEBUSY\nUID:4\nFREEBUSY;FBTYPE=BUSY:20260303T090000Z/20260303T100000Z\nEND:VFREEBUSY",
)
LINES = SAMPLE.split(b"\r\n")
NAMES = sorted({line.split(b":")[0].split(b";")[0] for line in LINES if b":" in line})
VALUES = st.one_of(
    st.sampled_from(sorted({line.partition(b":")[2] for line in LINES})),
    st.sampled_from(
        [b"", b"00010101T000000Z", b"99991231T235959Z", b"99991231", b"P9999999W", b"-P1D", b"+2359", b"-000001"]
    ),
    st.sampled_from(
        [b"FREQ=YEARLY;UNTIL=99991231", b"FREQ=DAILY;BYSETPOS=0", b"FREQ=WEEKLY;WKST=XX", b"FREQ=MONTHLY;BYDAY=60MO"]
    ),
    st.binary(max_size=12),
)
PARAMS = st.sampled_from(
    [b"", b";TZID=Office", b";TZID=Listed", b";TZID=", b';TZID="', b";VALUE=DATE", b";TZID=../../etc/passwd", b";="]
)


def read(data: bytes) -> BusyReport:
    report = read_busy(data, zone=LONDON, horizon=YEAR)
    assert all(note.reason.endswith(".") for note in (*report.refused, *report.skipped))
    assert all(YEAR[0] < stretch.ends_at and stretch.starts_at < YEAR[1] for stretch in report.busy)
    assert list(report.busy) == sorted(report.busy)
    return report


@given(st.binary(max_size=300))
def test_noise_is_reported_on(data: bytes) -> None:
    assert read(data).busy == ()


@given(st.integers(0, len(SAMPLE)))
def test_a_calendar_cut_off_anywhere_is_reported_on(length: int) -> None:
    read(SAMPLE[:length])


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=6)), max_size=12))
def test_a_calendar_with_spoilt_bytes_is_reported_on(spoils: list[tuple[int, bytes]]) -> None:
    data = bytearray(SAMPLE)
    for at, noise in spoils:
        data[at : at + len(noise)] = noise
    read(bytes(data))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(LINES)), st.sampled_from(NAMES), PARAMS, VALUES), min_size=1, max_size=8))
def test_a_calendar_with_strange_lines_is_reported_on(strange: list[tuple[int, bytes, bytes, bytes]]) -> None:
    lines = list(LINES)
    for at, name, params, value in strange:
        lines[at : at + 1] = [name + params + b":" + value]
    read(b"\r\n".join(lines))


@given(st.permutations(LINES))
def test_a_shuffled_calendar_is_reported_on(lines: list[bytes]) -> None:
    read(b"\r\n".join(lines))
