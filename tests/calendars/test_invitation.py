"""Invitations: what independent readers make of them, and that the check of their bytes finds what is spoilt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars.events import EventStatus, FeedEvent
from scheduler.calendars.feed import render_event
from scheduler.calendars.invitation import render_invitation
from scheduler.domain.inviting import Method
from scheduler.domain.spelling import EMAIL
from tests.calendars.samples import HOSTILE_NAMES, SIMPLE, an_event_at, changes_in
from tests.support.ics_bytes import faults, read
from tests.support.invitation_bytes import check_invitation, invitation_faults
from tests.support.readers import Read
from tests.support.readers.all import READERS, Reader

STAMP = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
ZONES = ("Africa/Cairo", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London", "Pacific/Chatham")


def an_invitation(event: FeedEvent = SIMPLE, method: Method = Method.REQUEST, attendee: str = "a@b.example") -> bytes:
    return render_invitation(event, method=method, organizer="post@c.example", attendee=attendee, stamp=STAMP)


def test_a_request_invites_one_attendee_and_asks_for_an_answer() -> None:
    data = an_invitation()
    check_invitation(data, "REQUEST")
    (event,) = (part for part in read(data).parts if part.name == "VEVENT")
    assert {name: (params, value) for name, params, value in event.properties if name in ("ORGANIZER", "ATTENDEE")} == {
        "ORGANIZER": ("", "mailto:post@c.example"),
        "ATTENDEE": (";PARTSTAT=NEEDS-ACTION;RSVP=TRUE", "mailto:a@b.example"),
    }


def test_a_cancellation_names_the_same_event_and_is_cancelled_whatever_the_status_was() -> None:
    for status in EventStatus:
        data = an_invitation(replace(SIMPLE, sequence=3, status=status), Method.CANCEL)
        check_invitation(data, "CANCEL")
        (event,) = (part for part in read(data).parts if part.name == "VEVENT")
        assert [event.value(name) for name in ("UID", "SEQUENCE", "STATUS", "TRANSP")] == [
            SIMPLE.uid,
            "3",
            "CANCELLED",
            "TRANSPARENT",
        ]
        assert event.parts == []


def test_only_the_stamp_tells_two_writings_apart() -> None:
    later = render_invitation(
        SIMPLE, method=Method.REQUEST, organizer="post@c.example", attendee="a@b.example", stamp=STAMP + timedelta(1)
    )
    assert an_invitation().replace(b"DTSTAMP:20260203T040506Z", b"DTSTAMP:20260204T040506Z") == later
    assert an_invitation() == an_invitation()


def test_beside_method_people_and_stamp_an_invitation_is_the_file_of_the_appointment() -> None:
    own = (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"DTSTAMP")
    lines = [
        [line for line in data.split(b"\r\n") if not line.startswith(own)]
        for data in (an_invitation(), render_event(SIMPLE))
    ]
    assert lines[0] == lines[1]


def test_a_stamp_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="a stamp needs an offset from UTC"):
        render_invitation(
            SIMPLE, method=Method.REQUEST, organizer="o@c.example", attendee="a@b.example", stamp=datetime(2026, 2, 3)
        )


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_finds_the_instants_around_each_clock_change(zone: str, reader: Reader) -> None:
    for number, at in enumerate(changes_in(zone, 2026, 2027) or [STAMP]):
        for minutes in (-90, -30, 0, 30, 90):
            event = an_event_at(number, at + timedelta(minutes=minutes), zone)
            wanted = Read(event.starts_at, event.ends_at, event.sequence, "CONFIRMED", event.summary)
            assert reader(an_invitation(event)) == {event.uid: wanted}


@given(st.sampled_from(HOSTILE_NAMES), st.sampled_from(Method))
def test_texts_of_people_spoil_no_invitation(text: str, method: Method) -> None:
    check_invitation(
        an_invitation(replace(SIMPLE, summary=f"x{text}", location=text, description=text), method), method
    )


@given(st.from_regex(EMAIL.pattern, fullmatch=True).filter(lambda address: len(address) <= EMAIL.longest))
def test_any_address_that_may_be_entered_can_be_invited(address: str) -> None:
    check_invitation(an_invitation(attendee=address), "REQUEST")


def test_signs_that_mean_something_else_in_a_uri_are_written_as_numbers() -> None:
    data = an_invitation(attendee="50%?#@b.example")
    assert b"mailto:50%25%3F%23@b.example" in data.replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        (b"METHOD:REQUEST\r\n", b"", "METHOD is not REQUEST, once"),
        (b"METHOD:REQUEST", b"METHOD:CANCEL", "METHOD is not REQUEST, once"),
        (b"ORGANIZER:", b"ATTENDEE:", "0 ORGANIZER"),
        (b"ORGANIZER:", b"ATTENDEE:", "2 ATTENDEE"),
        (b";RSVP=TRUE", b"", "ATTENDEE has ;PARTSTAT=NEEDS-ACTION"),
        (b"ORGANIZER:mailto:", b"ORGANIZER:", "ORGANIZER is no mail address"),
        (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "STATUS CANCELLED in a REQUEST"),
        (b"DTSTAMP:2026", b"DTSTAMP:2025", "DTSTAMP is before the last revision"),
        (b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\n", "2 events"),
    ],
)
def test_a_spoilt_invitation_is_found_out(good: bytes, bad: bytes, fault: str) -> None:
    data = an_invitation()
    assert good in data
    assert fault in list(invitation_faults(data.replace(good, bad), "REQUEST"))


def test_an_invitation_is_no_feed() -> None:
    assert {"VCALENDAR has METHOD", "VEVENT has ATTENDEE", "VEVENT has ORGANIZER"} <= set(faults(an_invitation()))
