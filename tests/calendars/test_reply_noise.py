"""Whatever the bytes, a reply or a sentence comes soon: messages torn, shuffled, nested and mixed with noise."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendars.reading.mail import MOST_BYTES
from scheduler.calendars.reading.reply import NoReply, Reply, read_reply
from tests.calendars.test_busy_zones import OFFICE
from tests.support import replies
from tests.support.replies import calendar, event, mail, part

COUNTER = calendar(OFFICE, event("DTSTART;TZID=Office:20260305T140000", "COMMENT:a\\,b"), method="COUNTER")
SAMPLES = [replies.outlook(), replies.google(), replies.apple(COUNTER, method="COUNTER")]
LINES = [line for sample in SAMPLES for line in sample.split(b"\r\n")]
SECONDS = 5
"""Some five times what the slowest of these takes on a slow machine."""


def read(data: bytes) -> Reply | NoReply:
    found = read_reply(data)
    if isinstance(found, NoReply):
        assert found.reason.endswith(".")
        assert len(found.reason) < 300
        assert not set(found.reason.encode()) & set(range(32))
    return found


@given(st.binary(max_size=400))
def test_noise_is_refused(data: bytes) -> None:
    assert isinstance(read(data), NoReply)


@given(st.sampled_from(SAMPLES), st.integers(0, 1500))
def test_a_message_cut_off_anywhere_is_read_or_refused(sample: bytes, length: int) -> None:
    read(sample[:length])


@settings(max_examples=300)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 1500), st.binary(max_size=6)), max_size=12))
def test_a_message_with_spoilt_bytes_is_read_or_refused(sample: bytes, spoils: list[tuple[int, bytes]]) -> None:
    data = bytearray(sample)
    for at, noise in spoils:
        data[at : at + len(noise)] = noise
    read(bytes(data))


@settings(max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=20)), max_size=60))
def test_lines_in_any_order_are_read_or_refused(lines: list[bytes]) -> None:
    read(b"\r\n".join(lines))


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=40))
def test_a_calendar_with_strange_lines_is_read_or_refused(lines: list[str], uid: str) -> None:
    read(mail([part("text/calendar", calendar(event(*lines, uid=uid)).encode("utf-8", "replace"))]))


def nested(deep: int) -> bytes:
    heads = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (one, one) for one in range(deep))
    return b"".join(heads) + b"\n"


PARTS = b'Content-Type: multipart/mixed; boundary="b"\n\n'
DAILY = OFFICE.replace("YEARLY;BYDAY=-1SU;BYMONTH=10", "DAILY")
LONG_ZONE = calendar(*[DAILY] * 90, event("DTSTART;TZID=Office:99990305T140000"), method="COUNTER")


@pytest.mark.parametrize(
    "data",
    [
        nested(50) + b"x\n" * 90_000,
        nested(40) + b"--b\n" * 90_000,
        b"Content-Type: message/rfc822\n\n" * 30_000,
        PARTS + b"--b\n\n" * 45_000,
        PARTS + (b'--b\nContent-Type: text/calendar; x="' + b";" * 1_900 + b"\n\nx\n") * 500,
        b'Content-Type: text/calendar; x="' + b";" * 1_000_000,
        (b"To: " + b"a" * 19_000 + b"\n") * 50,
        b"X: a\n" + b" a\n" * 90_000,
        part("text/calendar", b"BEGIN:VCALENDAR\nATTENDEE" + b";X=a" * 170_000 + b":x"),
        part("text/calendar", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 29_000),
        part("text/calendar", b"\n" * 750_000),
        mail([part("text/calendar", LONG_ZONE.encode())]),
    ],
    ids=range(12),
)
def test_what_is_made_to_keep_a_reader_busy_is_done_with_soon(data: bytes) -> None:
    assert len(data) <= MOST_BYTES
    begun = process_time()
    read(data)
    assert process_time() - begun < SECONDS
