"""Deliveries: messages that are due are taken, sent and finished, a few at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from scheduler.domain.contact import Contact
from scheduler.operations.messages.composing import Post
from scheduler.operations.messages.sending import Attempt, Leased, Outcome, finish, release, take_due
from scheduler.storage.database import Database
from scheduler.storage.outbox import due_patients
from scheduler.worker.senders import Sender

BATCH = 5
"""So few are written in one transaction that nobody at the desk waits for it long."""
SPARE = timedelta(minutes=1)
"""A message is not begun when its lease ends sooner: a slow server must not see it from two workers at once."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one batch came to. ``settled`` needed no sending; ``left`` were given back."""

    sent: int = 0
    failed: int = 0
    settled: int = 0
    left: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.sent or self.failed or self.settled)


class Deliveries:
    """Sends what is due through the senders of each way. ``clock`` gives the instant in UTC."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], post: Post, senders: Mapping[Contact, Sender]
    ) -> None:
        self._database, self._clock, self._post, self._senders = database, clock, post, senders

    def batch(self, stopped: Callable[[], bool] = lambda: False) -> Delivered:
        """Send a few of the messages that are due. Raises ``Unavailable``.

        When told to stop it finishes the message at hand and gives the others back.
        """
        if not self._is_anything_due():
            return Delivered()
        now = self._clock()
        taken = self._database.write(lambda tx: take_due(tx, self._post, now, BATCH))
        done, closed = [], dict[Contact, Attempt]()
        for number, leased in enumerate(taken.leased):
            if stopped() or self._clock() > leased.until - SPARE:
                self._release(taken.leased[number:])
                break
            done.append(self._deliver(leased, closed))
        sent = done.count(Outcome.SENT)
        found = Delivered(sent, len(done) - sent, taken.settled, len(taken.leased) - len(done))
        structlog.get_logger().info(
            "messages", sent=found.sent, failed=found.failed, settled=found.settled, left=found.left
        )
        return found

    def close(self) -> None:
        """Close what the senders keep open."""
        for sender in self._senders.values():
            sender.close()

    def _is_anything_due(self) -> bool:
        """One look at an index, and no writer's turn, as long as nothing is due."""
        with self._database.read() as tx:
            return bool(due_patients(tx, self._clock(), 1))

    def _deliver(self, leased: Leased, closed: dict[Contact, Attempt]) -> Outcome:
        """Send one message, unless its way has turned out to be closed for all of them."""
        attempt = closed.get(leased.by) or self._senders[leased.by].send(leased.content)
        if attempt.outcome is Outcome.AWAY:
            closed[leased.by] = attempt
        if attempt.outcome is not Outcome.SENT:
            outcome = attempt.outcome.value
            structlog.get_logger().warning("message failed", id=str(leased.id), by=leased.by.value, outcome=outcome)
        self._database.write(lambda tx: finish(tx, leased, attempt, self._clock()))
        return attempt.outcome

    def _release(self, left: tuple[Leased, ...]) -> None:
        self._database.write(lambda tx: release(tx, left))
