"""A mail server of the tests' own, which takes mails over real connections and answers as a test wants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.support.every_calendar import check_mail
from tests.support.postgres import free_port

ACCEPTED = "250 Message accepted for delivery"


@dataclass
class MailServer:
    """What reached it, in order. ``answer`` decides about each mail once all of it is there."""

    port: int
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    answer: Callable[[bytes], str] = lambda _: ACCEPTED
    answer_to_recipient: Callable[[str], str] = lambda _: "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[EmailMessage]:
        """What was received; a calendar in it that has a fault fails the test."""
        mails = [mail_in(content) for content in self.received]
        for mail in mails:
            check_mail(mail)
        return mails

    async def handle_EHLO(  # noqa: N802 - the library calls it so
        self, _server: Any, session: Any, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answer_to_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - the library calls it so
        content = envelope.original_content or b""
        answer = self.answer(content)
        if answer.startswith("250"):
            self.received.append(content)
            self.recipients += envelope.rcpt_tos
        return answer


def mail_in(content: bytes) -> EmailMessage:
    """The mail, read by the standard library."""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A server that listens; ``options`` are the library's, such as its certificates."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
