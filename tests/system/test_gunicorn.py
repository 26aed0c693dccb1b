"""The service as gunicorn runs it: proven before it serves, measured across its processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.databases import Databases

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).parent / "gunicorn"


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Gunicorn with two processes on this database, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROMETHEUS")}
    environ = kept | {"DATABASE_URL": database_url, "PORT": port, "WEB_CONCURRENCY": "2", "TMPDIR": str(folder)}
    command = [str(PROGRAM), "--config", "gunicorn.conf.py", "wsgi:app"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def got(address: str, patience: float = 20) -> str:
    """The text at an address, as soon as it is served."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_measures_are_those_of_all_processes_and_leave_nothing_behind(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path) as (_process, address):
        assert got(f"{address}/readyz") == "ready\n"
        for _ in range(30):
            got(f"{address}/healthz")
        counts = [re.findall(r'route="/healthz",status="200"\} (\S+)', got(f"{address}/metrics")) for _ in range(5)]
    assert counts == [["30.0"]] * 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_database_that_was_not_migrated_is_refused_at_the_start(
    databases: Databases, postgres_server: str, engine: str, tmp_path: Path
) -> None:
    url = databases.new(engine, migrated=False)
    with running(url, tmp_path) as (process, _address):
        told = process.stderr.read() if process.stderr else ""
        assert process.wait(timeout=30) != 0
    assert "The service cannot start: the database lacks tables" in told
    databases.drop(url)


def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    with running("postgresql://nobody@127.0.0.1:1/none", tmp_path) as (_process, address):
        assert got(f"{address}/healthz") == "alive\n"
