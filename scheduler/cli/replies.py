"""Commands that take answers to invitations: from a mail server's pipe, or from a maildir.

``reply`` ends with 0 once a message is stored with what became of it, also when it counts for nothing: a mail server
that is told otherwise sends it back, and its sender is often forged. Everything else is 75 (EX_TEMPFAIL), with which
a mail server keeps the message and tries again.
"""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import BinaryIO

import click

from scheduler.calendars.reading.mail import MOST_BYTES
from scheduler.cli.terminal import Terminal, command
from scheduler.messages.maildir import Maildir
from scheduler.operations.messages.taking_mail import Mailbox
from scheduler.operations.staff.operators import operator_of

CHUNK = 65_536


class TryAgain(click.ClickException):
    """The message could not be taken, by no fault of its own."""

    exit_code = 75


def behind_a_mail_server(work: Callable[[], None]) -> Callable[[], None]:
    """Whatever keeps a command from its work, the message has to be kept."""

    @wraps(work)
    def run() -> None:
        try:
            work()
        except click.ClickException as error:
            raise TryAgain(error.message) from None

    return run


def _mailbox(terminal: Terminal) -> Mailbox:
    return Mailbox(terminal.database, terminal.clock, terminal.link_key, operator_of)


@click.command()
@behind_a_mail_server
@command
def reply(terminal: Terminal) -> None:
    """Take one message that answers an invitation, from standard input, for a mail server's pipe.

    Ends with 0 once it is stored with what became of it, with 75 when it has to be sent again later.
    """
    taken = _mailbox(terminal).take(_capped(sys.stdin.buffer))
    click.echo(" ".join([f"{taken.outcome.value}.", taken.reason]).strip(), err=True)


def _capped(stream: BinaryIO) -> bytes:
    """The message, or one byte more than is taken. It is read to its end, as some mail servers insist."""
    data = stream.read(MOST_BYTES + 1)
    while stream.read(CHUNK):
        pass
    return data


@click.command()
@click.argument("maildir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@command
def replies(terminal: Terminal, maildir: Path) -> None:
    """Take the new messages of MAILDIR, and move them from its new/ to its cur/."""
    for taken in _mailbox(terminal).take_all(Maildir(maildir, MOST_BYTES)):
        click.echo(f"{taken.id} {taken.outcome.value}. {taken.reason}".strip())
