"""Deliveries: from the outbox to a mail server, by one worker and by several at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from scheduler.domain.contact import Contact
from scheduler.operations.messages.sending import Attempt, Outcome
from scheduler.storage.database import Database, Unavailable
from scheduler.storage.rows import OutboxRow, OutboxState
from scheduler.worker.deliveries import BATCH, Delivered, Deliveries
from scheduler.worker.senders.smtp import MailServer, Smtp
from tests.support.api import Clock
from tests.support.clinic import Clinic, open_clinic
from tests.support.full_outbox import fill_outbox
from tests.support.mail_server import mail_server
from tests.support.post import POST
from tests.support.queries import counted
from tests.support.rows import NOW
from tests.support.size import sized

MESSAGES = sized(small=60, full=500)
WORKERS = 3


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    database = Database(database_url)
    yield open_clinic(database)
    database.dispose()


class Kept:
    """A sender that keeps what it is given, and answers as it is told."""

    def __init__(self, *answers: Attempt) -> None:
        self.out: list[Any] = []
        self._answers = list(answers)

    def send(self, content: Any) -> Attempt:
        self.out.append(content)
        return self._answers.pop(0) if self._answers else Attempt(Outcome.SENT)

    def close(self) -> None:
        """Nothing is held."""


def deliveries(clinic: Clinic, sender: Any, clock: Clock | None = None) -> Deliveries:
    return Deliveries(clinic.database, clock or Clock(NOW), POST, {Contact.EMAIL: sender})


def states(clinic: Clinic) -> Counter[OutboxState]:
    with clinic.database.read() as tx:
        return Counter(row.state for row in tx.query(OutboxRow))


def test_a_batch_sends_a_few_and_the_next_goes_on(clinic: Clinic) -> None:
    fill_outbox(clinic, BATCH + 2)
    kept = Kept()
    worker = deliveries(clinic, kept)
    assert [worker.batch() for _ in range(3)] == [Delivered(sent=BATCH), Delivered(sent=2), Delivered()]
    assert len({content["to"] for content in kept.out}) == BATCH + 2


def test_nothing_due_costs_one_query_and_no_writing(clinic: Clinic) -> None:
    worker = deliveries(clinic, Kept(), Clock(NOW - timedelta(seconds=1)))
    fill_outbox(clinic, 1)
    with counted(clinic.database.engine) as queries:
        assert worker.batch() == Delivered()
    assert [query.split()[0] for query in queries] == ["SELECT"]


def test_told_to_stop_it_finishes_the_message_at_hand_and_gives_the_others_back(clinic: Clinic) -> None:
    fill_outbox(clinic, 4)
    kept = Kept()
    assert deliveries(clinic, kept).batch(lambda: len(kept.out) == 1) == Delivered(sent=1, left=3)
    assert deliveries(clinic, kept).batch() == Delivered(sent=3)


def test_a_server_that_is_away_is_asked_once_in_a_batch(clinic: Clinic) -> None:
    fill_outbox(clinic, 4)
    kept = Kept(Attempt(Outcome.AWAY, "gone"))
    worker = deliveries(clinic, kept)
    assert (worker.batch(), worker.batch(), len(kept.out)) == (Delivered(failed=4), Delivered(), 1)
    assert deliveries(clinic, kept, Clock(NOW + timedelta(minutes=1))).batch() == Delivered(sent=4)


def test_nothing_is_begun_when_its_lease_is_about_to_end(clinic: Clinic) -> None:
    fill_outbox(clinic, 3)
    clock = Clock(NOW)

    class Slow(Kept):
        def send(self, content: Any) -> Attempt:
            clock.pass_time(timedelta(minutes=4, seconds=30))
            return super().send(content)

    assert deliveries(clinic, Slow(), clock).batch() == Delivered(sent=1, left=2)


def test_three_workers_at_once_send_each_message_once_to_a_real_server(clinic: Clinic) -> None:
    fill_outbox(clinic, MESSAGES)
    with mail_server() as server:
        threads = [Thread(target=_work, args=(clinic, server.url)) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(server.recipients) == Counter(f"patient{n}@example.org" for n in range(MESSAGES))
        assert len({mail["Message-ID"] for mail in server.mails}) == MESSAGES
    assert states(clinic) == {OutboxState.SENT: MESSAGES}


def _work(clinic: Clinic, url: str) -> None:
    worker = deliveries(clinic, Smtp(MailServer.at(url)))
    idle = 0
    while idle < 3:
        idle = 0 if worker.batch().anything else idle + 1
    worker.close()


def test_a_database_that_goes_away_after_the_sending_leaves_the_message_to_be_sent_again(clinic: Clinic) -> None:
    fill_outbox(clinic, 1)
    kept, clock = Kept(), Clock(NOW)
    worker = deliveries(clinic, kept, clock)
    write, calls = clinic.database.write, []

    def away_at_the_second(work: Any) -> Any:
        calls.append(work)
        if len(calls) == 2:
            raise Unavailable("away")
        return write(work)

    worker._database = type("Away", (), {"read": clinic.database.read, "write": staticmethod(away_at_the_second)})()
    with pytest.raises(Unavailable):
        worker.batch()
    clock.pass_time(timedelta(minutes=5))
    assert worker.batch() == Delivered(sent=1)
    assert kept.out[0] == kept.out[1]
