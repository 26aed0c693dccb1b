"""Replies as mail programs send them, and what is no reply, each with its reason in words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.calendars.reading.reply import Method, NoReply, PartStat, Proposal, Reply, read_reply
from tests.calendars.test_busy_zones import OFFICE
from tests.support import replies
from tests.support.replies import ADDRESS, PATIENT, UID, calendar, event, inline, mail, part

EXPECTED = Reply(
    method=Method.REPLY,
    uid=UID,
    sequence=0,
    stamp=datetime(2026, 3, 2, 9, tzinfo=UTC),
    attendee=PATIENT,
    answer=PartStat.ACCEPTED,
    comment="",
    proposal=None,
    addressed_to=(ADDRESS, ADDRESS),
)


def reply(data: bytes) -> Reply:
    found = read_reply(data)
    assert isinstance(found, Reply), found
    return found


def reason(data: bytes) -> str:
    found = read_reply(data)
    assert isinstance(found, NoReply), found
    return found.reason


def counter(*lines: str, parts: tuple[str, ...] = ()) -> Proposal | None:
    text = calendar(*parts, event(*lines, answer="TENTATIVE"), method="COUNTER")
    return reply(mail([inline(text, "COUNTER")])).proposal


def test_replies_in_three_shapes_say_the_same() -> None:
    assert reply(replies.google()) == EXPECTED
    assert reply(replies.outlook()) == replace(EXPECTED, addressed_to=(ADDRESS,))
    assert reply(replies.apple()) == replace(EXPECTED, attendee=PATIENT.upper())


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_each_answer_is_read(answer: str) -> None:
    assert reply(replies.outlook(answer=answer)).answer is PartStat(answer)


def test_no_sequence_counts_as_0_and_any_other_counts() -> None:
    assert reply(replies.outlook(sequence=None)).sequence == 0
    assert reply(replies.outlook(sequence=7)).sequence == 7


def test_a_comment_is_read_as_text() -> None:
    text = calendar(event(r"COMMENT;LANGUAGE=de:Lieber nachmittags\, so\nab 14 Uhr \\nicht", "COMMENT: "))
    assert reply(mail([inline(text)])).comment == "Lieber nachmittags, so\nab 14 Uhr \\nicht"


def test_an_attached_file_counts_where_no_part_is_a_calendar() -> None:
    file = part(
        "application/octet-stream", calendar(event()).encode(), 'Content-Disposition: attachment; filename="A.ICS"'
    )
    assert reply(mail([replies.WORDS, file], kind="mixed")) == EXPECTED


def test_attachments_beside_the_calendar_are_not_looked_at() -> None:
    photo = part("image/jpeg", bytes(200_000), "Content-Disposition: attachment")
    other = part("text/calendar", b"BEGIN:VCALENDAR", 'Content-Disposition: attachment; filename="other.ics"')
    assert reply(mail([inline(calendar(event())), photo, other], kind="mixed")) == EXPECTED


def test_addresses_are_found_wherever_mail_systems_put_them() -> None:
    head = [
        "Delivered-To: visits@clinic.example",
        "X-Original-To: a+b@clinic.example",
        "Cc: c@d.example, <e@f.example>",
    ]
    found = reply(mail([inline(calendar(event(organizer=None)))], *head)).addressed_to
    assert set(found) == {ADDRESS, "visits@clinic.example", "a+b@clinic.example", "c@d.example", "e@f.example"}


def test_a_counter_proposal_has_a_time_in_whatever_zone() -> None:
    at_two = datetime(2026, 3, 5, 13, tzinfo=UTC)
    wall = datetime(2026, 3, 5, 14)
    assert counter("DTSTART:20260305T130000Z") == Proposal(datetime(2026, 3, 5, 13), at_two, False)
    assert counter("DTSTART;TZID=Europe/Berlin:20260305T140000") == Proposal(wall, at_two, False)
    assert counter("DTSTART;TZID=W. Europe Standard Time:20260305T140000") == Proposal(wall, at_two, False)
    assert counter("DTSTART;TZID=Office:20260305T140000", parts=(OFFICE,)) == Proposal(wall, at_two, False)


def test_a_counter_proposal_may_leave_the_clock_or_the_hour_to_the_clinic() -> None:
    assert counter("DTSTART:20260305T140000") == Proposal(datetime(2026, 3, 5, 14), None, False)
    assert counter("DTSTART;VALUE=DATE:20260305") == Proposal(datetime(2026, 3, 5), None, True)
    assert counter() is None


def test_a_reply_has_no_proposal_though_it_repeats_the_start() -> None:
    assert reply(replies.google(calendar(event("DTSTART:20260305T130000Z")))).proposal is None


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16"])
def test_other_character_sets_are_read(charset: str) -> None:
    text = calendar(event("COMMENT:Grüße"))
    assert reply(mail([inline(text, charset=charset)])).comment == "Grüße"


def test_a_wrong_character_set_is_read_as_utf_8_where_that_is_what_it_is() -> None:
    body = calendar(event("COMMENT:Grüße")).encode()
    assert reply(mail([part('text/calendar; charset="us-ascii"', body)])).comment == "Grüße"


NO_ICS = "The message has no calendar part."
ONE_EVENT = "Its calendar must have one event, and nothing beside it."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", NO_ICS),
        (b"\x00\xff" * 100, NO_ICS),
        (mail([replies.WORDS]), NO_ICS),
        (mail([part("message/rfc822", replies.apple(), encoding="7bit"), replies.WORDS], kind="report"), NO_ICS),
        (mail([inline(calendar(event(), event()))]), ONE_EVENT),
        (mail([inline(calendar())]), ONE_EVENT),
        (mail([inline(calendar(event(), "BEGIN:VTODO\r\nUID:1\r\nEND:VTODO"))]), ONE_EVENT),
        (mail([inline(calendar(event()) * 2)]), "The message must have one calendar, and nothing beside it."),
        (
            mail([inline(calendar(event())), inline(calendar(event(answer="DECLINED")))]),
            "The message has several calendar parts that differ.",
        ),
        (mail([inline(calendar(event()), "REQUEST")]), "Its method is “REPLY”, and “REQUEST” is announced."),
        (
            mail([inline(calendar(event(), method="REQUEST"), "REQUEST")]),
            "It is no reply: its method is “REQUEST”.",
        ),
        (mail([inline(calendar(event(), "METHOD:COUNTER"))]), "It must have one METHOD, and has 2."),
        (mail([inline(calendar(event("ATTENDEE:mailto:a@b.c")))]), "It must have one ATTENDEE, and has 2."),
        (mail([inline(calendar(event("DTSTAMP:20260302T080000Z")))]), "It must have one DTSTAMP, and has 2."),
        (mail([inline(calendar(event(stamp="soon")))]), "“soon” is neither a date nor a time."),
        (mail([inline(calendar(event(uid="")))]), "It does not say which appointment it is about."),
        (
            mail([inline(calendar(event("RECURRENCE-ID:20260302T080000Z")))]),
            "It is about one of several repetitions, and an appointment has none.",
        ),
        (mail([inline(calendar(event("SEQUENCE:many", sequence=None)))]), "Its sequence, “many”, is not a number."),
        (
            mail([inline(calendar(event(answer="DELEGATED")))]),
            "Its answer, “DELEGATED”, is neither yes nor no nor perhaps.",
        ),
        (mail([inline(calendar(event(answer="NEEDS-ACTION")))]), "It gives no answer."),
        (
            mail([part("text/calendar; charset=punycode", b"x")]),
            "Its calendar is in the character set “punycode”, which is not read here.",
        ),
        (
            mail([part("text/calendar; charset=us-ascii", b"\xff")]),
            "Its calendar is not in the character set that it names, “us-ascii”.",
        ),
        (mail([part("text/calendar", calendar(event()).encode()[:-30])]), "The file ends in the middle of it."),
        (
            mail([part('text/calendar; method="RE\x00QUEST"', calendar(event()).encode())]),
            "Its method is “REPLY”, and “REQUEST” is announced.",
        ),
        (mail([inline(calendar(event(), method="ADD\u202e"), "")]), "It is no reply: its method is “ADD”."),
        (replies.google() + b" " * 1_048_576, "The message is larger than 1,024 KiB."),
        (replies.google() + b"\n" * 100_001, "The message has more than 50,000 lines."),
    ],
)
def test_what_is_no_reply_is_refused_with_its_reason(data: bytes, why: str) -> None:
    assert reason(data) == why
