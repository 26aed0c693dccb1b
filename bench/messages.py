"""Messages a second: leased, written, sent and noted by one worker, beside the bare library with the same mails."""

import smtplib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.rounds import Bar, at_least, seconds
from scheduler.domain.contact import Contact
from scheduler.operations.messages.sending import Attempt, Outcome
from scheduler.storage.database import Database
from scheduler.storage.schema import migrate
from scheduler.web.logs import set_up_logs
from scheduler.worker.deliveries import Deliveries
from scheduler.worker.senders import Sender
from scheduler.worker.senders.smtp import MailServer, Smtp
from tests.support.clinic import Clinic, open_clinic
from tests.support.full_outbox import fill_outbox
from tests.support.mail_server import mail_server
from tests.support.post import POST
from tests.support.rows import NOW

MESSAGES = 400
ROUNDS = 3
LEAST_A_SECOND = 30
"""A clinic with sixteen practitioners makes some hundreds of messages a day."""


class Discarding:
    """Keeps the last round's contents and sends nothing."""

    def __init__(self) -> None:
        self.contents: list[Mapping[str, Any]] = []

    def send(self, content: Mapping[str, Any]) -> Attempt:
        self.contents.append(content)
        return Attempt(Outcome.SENT)

    def close(self) -> None:
        """Nothing is held."""


def bars() -> Iterator[Bar]:
    """On SQLite with a full sync: a commit for the lease of a few messages, and one for each message's end."""
    set_up_logs("ERROR")
    with ExitStack() as stack:
        clinic = _clinic(stack)
        server = stack.enter_context(mail_server())
        bare, thrown, sent = 0.0, 0.0, 0.0
        for _ in range(ROUNDS):
            discarding = Discarding()
            thrown = max(thrown, _rate(clinic, discarding))
            bare = max(bare, MESSAGES / seconds(lambda kept=discarding: _hand_in(server.port, kept.contents)))
            sent = max(sent, _rate(clinic, Smtp(MailServer.at(server.url))))
        print(f"     the bare library hands in {bare:.0f} a second of the same mails, which are written already")
        yield at_least("messages a second, with invitation, to a sender that discards", thrown, LEAST_A_SECOND, "/s")
        yield at_least("messages a second, with invitation, to a mail server here", sent, LEAST_A_SECOND, "/s")


def _clinic(stack: ExitStack) -> Clinic:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    url = f"sqlite:///{folder / 'messages.sqlite3'}"
    migrate(url)
    database = Database(url)
    stack.callback(database.dispose)
    return open_clinic(database)


def _rate(clinic: Clinic, sender: Sender) -> float:
    fill_outbox(clinic, MESSAGES)
    worker = Deliveries(clinic.database, lambda: NOW, POST, {Contact.EMAIL: sender})
    return MESSAGES / seconds(lambda: _drain(worker))


def _drain(worker: Deliveries) -> None:
    while worker.batch().anything:
        pass
    worker.close()


def _hand_in(port: int, contents: list[Mapping[str, Any]]) -> None:
    """The baseline: one connection, one mail after the other."""
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for content in contents:
            connection.sendmail(content["from"], content["to"], content["mail"].encode("ascii"))
