"""The check that every answer and every mail of these tests goes through finds what is spoilt."""

import gzip
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from typing import Any

import pytest
from werkzeug.test import Client

from scheduler.calendars.feed import render_event, render_feed
from scheduler.calendars.invitation import render_invitation
from scheduler.domain.inviting import Method
from tests.calendars.samples import SIMPLE, a_feed
from tests.support.every_calendar import check_mail

FEED, FILE = render_feed(a_feed(SIMPLE)), render_event(SIMPLE)
INVITATION = render_invitation(
    SIMPLE, method=Method.REQUEST, organizer="a@clinic.example", attendee="b@example.org", stamp=SIMPLE.changed_at
)


def answering(body: bytes, *headers: tuple[str, str]) -> Client:
    """A client of an application that has one answer."""

    def app(_environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/calendar; charset=utf-8"), *headers])
        return [body]

    return Client(app)


INLINE, ZIPPED = ("Content-Disposition", "inline; filename=a.ics"), ("Content-Encoding", "gzip")


@pytest.mark.parametrize(
    ("good", "headers"), [(FEED, [INLINE]), (gzip.compress(FEED), [INLINE, ZIPPED]), (FILE, []), (b"", [INLINE])]
)
def test_a_good_calendar_passes_and_is_not_changed(good: bytes, headers: list[tuple[str, str]]) -> None:
    assert answering(good, *headers).get("/").data == good


@pytest.mark.parametrize(
    ("bad", "headers"),
    [
        (FEED.replace(b"\r\n", b"\n"), [INLINE]),
        (gzip.compress(FEED[:-2]), [INLINE, ZIPPED]),
        (FILE, [INLINE]),
        (FILE.replace(b"SUMMARY:", b"SUMMARY:a;"), []),
    ],
)
def test_a_spoilt_one_fails_the_test_that_asked_for_it(bad: bytes, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(AssertionError):
        answering(bad, *headers).get("/")


def mail_with(body: bytes, *attached: bytes) -> EmailMessage:
    mail = EmailMessage()
    mail.set_content("words")
    mail.add_alternative(body, "text", "calendar", params={"method": "REQUEST"})
    for file in attached:
        mail.add_attachment(file, "application", "ics", filename="invite.ics")
    return mail


def test_a_mail_with_a_good_invitation_passes() -> None:
    check_mail(mail_with(INVITATION, INVITATION))


@pytest.mark.parametrize(
    "mail", [mail_with(INVITATION[:-2]), mail_with(FILE), mail_with(INVITATION, FILE)], ids=["cut", "a file", "other"]
)
def test_a_mail_with_a_spoilt_one_does_not(mail: EmailMessage) -> None:
    with pytest.raises(AssertionError):
        check_mail(mail)
