"""Mails as a mail program takes them apart again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.contact import Language
from scheduler.domain.inviting import Method
from scheduler.domain.spelling import EMAIL
from scheduler.messages.letters import Letter, news_letter
from scheduler.messages.mail import LONGEST_NAME, CalendarPart, Envelope, Mailbox, mail_message
from scheduler.messages.printable import shortened
from tests.calendars.samples import HOSTILE_NAMES
from tests.messages.letters import all_letters
from tests.messages.samples import ENVELOPE, LETTER, SESSION, a_part, booked

HEADERS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "X-Auto-Response-Suppress"]
PARTS = [a_part(), a_part(Method.CANCEL, b"BEGIN:VCALENDAR\r\nX:2\r\nEND:VCALENDAR\r\n"), a_part()]
NAMES = st.one_of(
    st.sampled_from([*HOSTILE_NAMES, "🙂" * 10_000, 'Anna\r\nBcc: all@example.org\r\n\r\n"', "{name} {{ 7 * 7 }} %s"]),
    st.text(st.sampled_from("aäß,;:<>@\"'()\\[]. \t\r\n=?_-éמ👩🏽\u200d\u202e\x00"), max_size=200),
    st.text(max_size=200),
)
ADDRESSES = st.from_regex(EMAIL.pattern, fullmatch=True).filter(lambda text: len(text) <= EMAIL.longest)


def sent(envelope: Envelope = ENVELOPE, letter: Letter = LETTER, parts: list[CalendarPart] | None = None) -> bytes:
    return mail_message(envelope, letter, parts or []).as_bytes()


def received(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def outline(part: EmailMessage, depth: int = 0) -> Iterator[str]:
    """The parts of a mail, each a line."""
    name = f" {part.get_filename()}" if part.get_filename() else ""
    method = f" {part.get_param('method')}" if part.get_param("method") else ""
    yield f"{'  ' * depth}{part.get_content_type()}{method}{name}"
    for child in part.iter_parts() if part.is_multipart() else ():
        yield from outline(child, depth + 1)


def texts(mail: EmailMessage) -> list[str]:
    """The forms of a letter. Lines end in CRLF on the way."""
    return [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]


def test_a_letter_without_events_is_plain_text_and_html() -> None:
    mail = received(sent())
    assert list(outline(mail)) == ["multipart/alternative", "  text/plain", "  text/html"]
    assert texts(mail) == ["Grüße\n", "<p>Grüße</p>\n"]


def test_one_event_is_the_third_form_of_the_letter_and_an_attached_file() -> None:
    mail = received(sent(parts=PARTS[:1]))
    assert list(outline(mail)) == [
        "multipart/mixed",
        "  multipart/alternative",
        "    text/plain",
        "    text/html",
        "    text/calendar REQUEST",
        "  application/ics invite.ics",
    ]
    calendars = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_payload(decode=True) for part in calendars] == [PARTS[0].body] * 2
    assert dict(calendars[0].get_params()[1:]) == {"method": "REQUEST", "charset": "utf-8", "component": "VEVENT"}
    assert calendars[0].get_content_disposition() is None


def test_several_events_are_attached_each_with_its_own_method() -> None:
    mail = received(sent(parts=PARTS))
    assert list(outline(mail)) == [
        "multipart/mixed",
        "  multipart/alternative",
        "    text/plain",
        "    text/html",
        "  text/calendar REQUEST invite-1.ics",
        "  text/calendar CANCEL invite-2.ics",
        "  text/calendar REQUEST invite-3.ics",
    ]
    attached = list(mail.iter_attachments())
    assert [part.get_payload(decode=True) for part in attached] == [part.body for part in PARTS]
    assert {part.get_content_disposition() for part in attached} == {"attachment"}


def test_the_headers_say_who_writes_to_whom_and_that_nobody_need_answer() -> None:
    mail = received(sent())
    assert {name: str(value) for name, value in mail.items() if name != "Content-Type"} == {
        "From": "Harbour Clinic <post@harbour.example>",
        "To": "Anna Berg <anna@berg.example>",
        "Reply-To": "post+proof@harbour.example",
        "Subject": "Termin im März",
        "Date": "Sun, 01 Feb 2026 12:00:00 +0000",
        "Message-ID": "<5f0a.1@harbour.example>",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_an_invitation_does_not_call_itself_automatic_or_programs_would_pass_it_over() -> None:
    assert [received(sent(parts=PARTS[:count]))["Auto-Submitted"] for count in (0, 1, 3)] == [
        "auto-generated",
        None,
        None,
    ]


def test_without_an_address_for_replies_there_is_no_such_header() -> None:
    assert received(sent(replace(ENVELOPE, reply_to=None)))["Reply-To"] is None


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_same_values_are_the_same_bytes_and_another_message_id_parts_them_elsewhere(count: int) -> None:
    again = sent(replace(ENVELOPE, message_id="<5f0a.2@harbour.example>"), parts=PARTS[:count])
    assert sent(parts=PARTS[:count]) == sent(parts=PARTS[:count])
    boundaries = [
        {part.get_boundary() for part in received(raw).walk() if part.is_multipart()}
        for raw in (sent(parts=PARTS[:count]), again)
    ]
    assert len(boundaries[0]) == len(boundaries[1]) == (2 if count else 1)
    assert boundaries[0] & boundaries[1] == set()


@pytest.mark.parametrize("language", Language)
def test_every_letter_arrives_as_it_was_written(language: Language) -> None:
    for letter in all_letters(language).values():
        raw = sent(letter=letter)
        assert texts(received(raw)) == [letter.plain, letter.html]
        assert received(raw)["Subject"] == letter.subject
        assert is_fit_for_any_server(raw)


@given(NAMES, ADDRESSES, NAMES, ADDRESSES)
def test_no_name_reaches_beyond_its_own_place(name: str, to: str, clinic: str, sender: str) -> None:
    envelope = replace(ENVELOPE, sender=Mailbox(sender, clinic), recipient=Mailbox(to, name), reply_to=sender)
    letter = news_letter([booked(replace(SESSION, clinic=clinic))], name=name, language=Language.GERMAN)
    raw = sent(envelope, letter, PARTS[:1])
    mail = received(raw)
    assert [key for key in mail if not key.startswith(("MIME", "Content"))] == HEADERS
    assert [[one.addr_spec for one in mail[key].addresses] for key in HEADERS[:3]] == [[sender], [to], [sender]]
    assert shown_name(raw, "To") == shortened(name, LONGEST_NAME)
    assert shown_name(raw, "From") == shortened(clinic, LONGEST_NAME)
    assert len(list(outline(mail))) == 6
    assert is_fit_for_any_server(raw)


def shown_name(raw: bytes, header: str) -> str:
    """The name in an address header, as the older reader finds it: the newer one parts long names of one word."""
    ((name, _),) = getaddresses([message_from_bytes(raw)[header].replace("\r\n", "")])
    return str(make_header(decode_header(name)))


def is_fit_for_any_server(raw: bytes) -> bool:
    """Plain ASCII in lines of at most 998 octets that all end in CRLF."""
    lines = raw.split(b"\r\n")
    return raw.isascii() and all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)


def test_an_address_without_a_name_is_written_bare() -> None:
    envelope = replace(ENVELOPE, recipient=Mailbox("anna@berg.example"), date=datetime(2026, 7, 1, tzinfo=UTC))
    assert b"\r\nTo: anna@berg.example\r\n" in sent(envelope)
