"""The worker: a loop beside the service, attached to the application as the command ``worker``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from scheduler.operations.messages.composing import Post
from scheduler.storage.database import Database, Unavailable
from scheduler.worker.busy_folder import BusyFolder
from scheduler.worker.deliveries import Deliveries
from scheduler.worker.replies import Replies
from scheduler.worker.rounds import Rounds
from scheduler.worker.ways import Ways

DATABASE_AWAY = 3


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders that are looked through at each round: practitioners' own calendars, and the maildir of replies."""

    busy: Path | None
    replies: Path | None


def install(
    app: Flask, database: Database, clock: Callable[[], datetime], folders: Folders, post: Post, ways: Ways
) -> None:
    """Attach the command to the application. ``clock`` gives the instant in UTC."""
    folder = BusyFolder(database, clock, folders.busy) if folders.busy else None
    replies = Replies(database, clock, post.link_key, folders.replies) if folders.replies else None

    @app.cli.command("worker")
    @click.option("--once", is_flag=True, help="Do one round, send what is due, and end.")
    @click.option("--beside", type=int, metavar="PID", help="End when the process that started it, PID, has ended.")
    def worker(once: bool, beside: int | None) -> None:
        """Send messages that are due, and keep house: remove what is no longer needed, read calendars and replies.

        It goes on until it is told to stop (SIGTERM or Ctrl-C), and then finishes what it is doing.
        """
        deliveries = Deliveries(database, clock, post, ways.senders())
        rounds = Rounds(database, clock, folder=folder, replies=replies, deliveries=deliveries)
        if not once:
            rounds.go_on(beside)
            return
        try:
            rounds.once()
            rounds.deliver_all()
        except Unavailable as error:
            raise _Away(f"The database cannot be reached: {' '.join(str(error).split())}") from None
        finally:
            deliveries.close()


class _Away(click.ClickException):
    exit_code = DATABASE_AWAY
