"""The service as it is served for real: gunicorn with its workers, in processes that a test may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.support.postgres import free_port

ROOT = Path(__file__).parents[2]
GUNICORN = Path(sys.executable).parent / "gunicorn"
PATIENCE = 60.0
"""Seconds after which a test gives up waiting; none of the figures."""


@dataclass
class LiveService:
    """Gunicorn with two workers on one database. What it writes goes to a file in ``folder``."""

    database_url: str
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """The end of what the service has written."""
        return (self.folder / "gunicorn.log").read_text()[-4000:]

    def start(self) -> None:
        """Start it, or start it again after its death, and return when it is ready with workers of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PROMETHEUS")}
        ours = {"DATABASE_URL": self.database_url, "PORT": str(self.port), "WEB_CONCURRENCY": "2"}
        environ = kept | ours | {"TMPDIR": str(self.folder), "LOG_LEVEL": "ERROR"}
        command = [str(GUNICORN), "--config", "gunicorn.conf.py", "wsgi:app"]
        with (self.folder / "gunicorn.log").open("a") as log:
            self._master = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        wait_until(lambda: len(self.workers) == 2 and self.status("/readyz") == 200, "the service is ready")

    def stop(self) -> None:
        """End it in an orderly way."""
        self._master.send_signal(signal.SIGTERM)
        self._master.wait(PATIENCE)

    def status(self, path: str) -> int | None:
        """The status that answers a GET; ``None`` while nobody answers."""
        try:
            with urlopen(self.address + path, timeout=PATIENCE) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            refusal.close()
            return refusal.code
        except OSError:
            return None

    @property
    def processes(self) -> list[int]:
        """The master and its workers."""
        return [self._master.pid, *self.workers]

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        assert self._master.poll() is None, f"the master has ended: {self.said}"
        master = self._master.pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def kill_worker(self) -> float:
        """`kill -9` of the oldest worker; the seconds until another stands in its place."""
        victim = min(self.workers)
        began = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in self.workers and len(self.workers) == 2, "the worker is replaced")
        return time.monotonic() - began

    def kill_master(self) -> float:
        """`kill -9` of the master, and a start as a supervisor would do it; the seconds until it is ready again."""
        began = time.monotonic()
        self._master.kill()
        self._master.wait(PATIENCE)
        self.start()
        return time.monotonic() - began


@contextmanager
def live_service(database_url: str, folder: Path) -> Iterator[LiveService]:
    """A service that is ready, for as long as this is open."""
    service = LiveService(database_url, folder)
    service.start()
    try:
        yield service
    finally:
        service.stop()


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Return as soon as it is true. Raises ``AssertionError`` when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"not after {PATIENCE} seconds: {what}"
        time.sleep(0.02)
