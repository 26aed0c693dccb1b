"""Every calendar that a test is answered, or finds in a mail, is checked byte by byte, whatever the test is about."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from werkzeug.test import Client, TestResponse

from tests.support.ics_bytes import check_feed, check_file
from tests.support.invitation_bytes import check_invitation


@contextmanager
def checked_answers() -> Iterator[None]:
    """For a while no calendar leaves an application in this process unchecked. Answers are passed on as they are."""
    plainly = Client.open

    def open_checked(client: Client, *args: Any, **more: Any) -> TestResponse:
        answer = plainly(client, *args, **more)
        check_answer(answer)
        return answer

    with patch.object(Client, "open", open_checked):
        yield


def check_answer(answer: TestResponse) -> None:
    """Fail if this is a calendar and has a fault. What is shown in place is a feed, and what is to be saved a file."""
    if answer.mimetype != "text/calendar" or not answer.data:
        return
    data = gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data
    is_feed = answer.headers.get("Content-Disposition", "").startswith("inline")
    (check_feed if is_feed else check_file)(data)


def check_mail(mail: EmailMessage) -> None:
    """Fail if a calendar in this mail has a fault, or is attached once more as something else."""
    parts = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    bodies = {id(part): bytes(part.get_payload(decode=True)) for part in parts}
    invitations = [part for part in parts if part.get_content_type() == "text/calendar"]
    for part in invitations:
        check_invitation(bodies[id(part)], str(part.get_param("method")))
    assert set(bodies.values()) == {bodies[id(part)] for part in invitations}
