"""Taking mail: messages that reach the clinic's mailbox, each in a transaction of its own, from a pipe or a maildir."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from scheduler.domain.access import Actor
from scheduler.messages.maildir import Maildir
from scheduler.operations.context import Context
from scheduler.operations.messages.replying import ReadMessage, Taken, organisation_answered, take_message
from scheduler.storage.database import Database

AT_ONCE = 200
"""So many messages of a maildir are taken before others have their turn."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who takes mail: ``actor_of`` gives the user of an organisation that does, ``clock`` the instant in UTC."""

    database: Database
    clock: Callable[[], datetime]
    link_key: str = field(repr=False)
    actor_of: Callable[[Session, UUID], Actor]

    def take(self, data: bytes) -> Taken:
        """What becomes of one message. Raises ``Unavailable``, and ``NotFound`` when there is no organisation yet."""
        message, now = ReadMessage.of(data), self.clock()

        def work(tx: Session) -> Taken:
            actor = self.actor_of(tx, organisation_answered(tx, message))
            return take_message(Context(tx, actor, now), self.link_key, message=message)

        return self.database.write(work)

    def take_all(self, maildir: Maildir, stopped: Callable[[], bool] = lambda: False) -> Iterator[Taken]:
        """What becomes of each new message. It leaves ``new`` only once that is stored.

        Whoever is killed in between finds it there again, and taking it twice repeats nothing. Raises ``OSError`` when
        the maildir cannot be read, and as ``take`` does.
        """
        for name, data in maildir.messages(maildir.names(AT_ONCE)):
            if stopped():
                return
            taken = self.take(data)
            maildir.put_away(name)
            yield taken
