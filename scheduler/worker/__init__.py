"""The worker: a loop beside the service, attached to the application as the command ``worker``."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from scheduler.storage.database import Database, Unavailable
from scheduler.worker.busy_folder import BusyFolder
from scheduler.worker.rounds import Rounds

DATABASE_AWAY = 3


def install(app: Flask, database: Database, clock: Callable[[], datetime], busy_folder: Path | None) -> None:
    """Attach the command to the application. ``clock`` gives the instant in UTC."""
    folder = BusyFolder(database, clock, busy_folder) if busy_folder else None

    @app.cli.command("worker")
    @click.option("--once", is_flag=True, help="Do one round and end.")
    def worker(once: bool) -> None:
        """Keep house: remove kept slots that have run out and answers that are no longer needed, read calendar files.

        It goes on until it is told to stop (SIGTERM or Ctrl-C), and then finishes what it is doing.
        """
        rounds = Rounds(database, clock, folder=folder)
        if not once:
            rounds.go_on()
            return
        try:
            rounds.once()
        except Unavailable as error:
            raise _Away(f"The database cannot be reached: {' '.join(str(error).split())}") from None


class _Away(click.ClickException):
    exit_code = DATABASE_AWAY
