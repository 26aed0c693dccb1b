"""The worker's rounds: one, many, and until it is told to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from scheduler.demo.opening import begin_demo
from scheduler.operations.housekeeping import Tidied
from scheduler.storage.database import Database, Unavailable
from scheduler.storage.rows import KeepRow
from scheduler.worker.rounds import Rounds
from tests.support.api import Clock
from tests.support.command_line import CommandLine
from tests.support.databases import Databases
from tests.support.postgres import free_port
from tests.support.rows import NOW, Ground

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with one keep that has run out."""
    database = Database(database_url)
    database.write(_with_a_keep)
    yield database
    database.dispose()


def _with_a_keep(tx: object) -> None:
    ground = Ground(tx)  # type: ignore[arg-type]
    ground.keep(ground.patient(), NOW)


def keeps(database: Database) -> int:
    with database.read() as tx:
        return tx.scalar(select(func.count()).select_from(KeepRow)) or 0


def test_one_round_tidies_what_has_run_out_by_the_clock(database: Database) -> None:
    early = Rounds(database, Clock(NOW - timedelta(seconds=1))).once()
    assert (early, Rounds(database, Clock(NOW)).once()) == (Tidied(0, 0), Tidied(1, 0))


def test_the_command_does_one_round_when_asked(database: Database, database_url: str) -> None:
    line = CommandLine.on(database_url)
    said = line.run("worker", "--once")
    assert (said.exit_code, said.stdout, keeps(database)) == (0, "", 0)
    line.database.dispose()


def test_a_database_that_is_away_is_one_line_and_its_own_exit_code() -> None:
    line = CommandLine.on(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    said = line.run("worker", "--once")
    assert (said.exit_code, len(said.stderr.splitlines())) == (3, 1)
    assert said.stderr.startswith("Error: The database cannot be reached")


class _ComesBack(Database):
    """A database that is away for the first two rounds."""

    away = 2

    def write(self, work):  # type: ignore[no-untyped-def]
        self.away -= 1
        if self.away >= 0:
            raise Unavailable("away")
        return super().write(work)


def test_rounds_go_on_when_the_database_comes_back(database: Database, database_url: str) -> None:
    returning = _ComesBack(database_url)
    rounds = Rounds(returning, Clock(NOW), every=0.01)

    def stop_when_tidy() -> None:
        while keeps(database):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = threading.Thread(target=stop_when_tidy)
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    watcher.start()
    try:
        rounds.go_on()
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)
        watcher.join()
        returning.dispose()
    assert (keeps(database), returning.away < 0) == (0, True)


def test_rounds_rest_while_the_past_of_a_demo_is_played(database_url: str) -> None:
    database = Database(database_url)
    database.write(lambda tx: begin_demo(tx, NOW))
    told_to_stop = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    told_to_stop.start()
    try:
        with capture_logs() as said:
            Rounds(database, Clock(NOW), every=0.01).go_on()
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)
        told_to_stop.cancel()
        database.dispose()
    assert said == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_process_ends_in_order_when_it_is_told_to(databases: Databases, how: signal.Signals) -> None:
    url = databases.new("sqlite")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    environment = os.environ | {"DATABASE_URL": url, "ENVIRONMENT": "test", "LOG_LEVEL": "INFO"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        first = worker.stderr.readline()
        worker.send_signal(how)
        _, rest = worker.communicate(timeout=30)
    assert ('"round done"' in first, worker.returncode, rest) == (True, 0, "")
    databases.drop(url)


def test_a_round_that_fails_ends_nothing(database: Database, database_url: str) -> None:
    class Broken(Database):
        rounds = 0

        def write(self, work):  # type: ignore[no-untyped-def]
            self.rounds += 1
            if self.rounds > 1:
                os.kill(os.getpid(), signal.SIGTERM)
            raise ValueError("Zoë Ångström")

    broken = Broken(database_url)
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        with capture_logs() as said:
            Rounds(broken, Clock(NOW), every=0.01).go_on()
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)
        broken.dispose()
    assert [(line["event"], line["kind"]) for line in said] == [("round failed", "ValueError")] * 2
    assert "Zoë" not in str(said)


def test_a_worker_ends_with_the_process_beside_which_it_was_started(databases: Databases) -> None:
    url = databases.new("sqlite")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--beside", "1"]
    environment = os.environ | {"DATABASE_URL": url, "ENVIRONMENT": "test"}
    assert subprocess.run(command, cwd=ROOT, env=environment, timeout=60).returncode == 0
    databases.drop(url)
