"""Real servers and a client that keeps its connection, to measure whole requests."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from subprocess import PIPE

HELLO = "bench.hello:app"
LINK_KEY = "measured-links-are-opened-with-this-key-0123456789"
SECRETS = {"SECRET_KEY": "measured-sessions-are-signed-with-this-0123456789", "LINK_KEY": LINK_KEY}
PATIENCE_SECONDS = 30


THREADS = 8


def gunicorn(application: str, port: int) -> list[str]:
    """The command of the product's own server, and of a plain one for the baseline."""
    settings = "bench/plain_server.py" if application == HELLO else "gunicorn.conf.py"
    return ["gunicorn", "--config", settings, "--bind", f"127.0.0.1:{port}", "--log-level", "error", application]


def granian(application: str, port: int) -> list[str]:
    """The command of the other server: as many processes and threads."""
    how = ["--interface", "wsgi", "--no-ws", "--log-level", "error", "--respawn-failed-workers"]
    return ["granian", *how, "--port", str(port), "--blocking-threads", str(THREADS), application]


@dataclass(frozen=True)
class Serving:
    """Where a server listens, and its master process, which keeps the workers."""

    port: int
    master: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The process ids of the workers: of all children those that are not about to end."""
        found = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(self.master.pid)], stdout=PIPE, text=True)
        return [int(line.split()[0]) for line in found.stdout.splitlines() if "resource_tracker" not in line]


@contextmanager
def served(application: str, database_url: str = "") -> Iterator[int]:
    """The port of one gunicorn worker with threads that serves an application."""
    with serving(application, database_url) as server:
        yield server.port


@contextmanager
def serving(
    application: str, database_url: str = "", command: Callable[[str, int], list[str]] = gunicorn, workers: int = 1
) -> Iterator[Serving]:
    """A server with so many workers of eight threads each."""
    port = _free_port()
    count = str(workers)
    environ = {**os.environ, **SECRETS, "WEB_CONCURRENCY": count, "GRANIAN_WORKERS": count, "LOG_LEVEL": "ERROR"}
    with tempfile.TemporaryDirectory() as measures:
        environ |= {"DATABASE_URL": database_url, "PROMETHEUS_MULTIPROC_DIR": measures}
        master = subprocess.Popen([sys.executable, "-m", *command(application, port)], env=environ)
        try:
            _wait_for(port, master)
            yield Serving(port, master)
        finally:
            stop(master)


def stop(master: "subprocess.Popen[bytes]") -> None:
    """Ask a server to end; one that does not end in time is killed."""
    master.terminate()
    try:
        master.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        master.kill()
        master.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def caller(
    port: int, method: str, path: str, expected: int, body: str | None = None, headers: Mapping[str, str] | None = None
) -> Callable[[], Mapping[str, str]]:
    """A call that can be repeated over one connection. It insists on the status and returns the headers."""
    connection = HTTPConnection("127.0.0.1", port)

    def ask() -> HTTPResponse:
        connection.request(method, path, body, dict(headers or {}))
        return connection.getresponse()

    def call() -> Mapping[str, str]:
        kept = connection.sock is not None
        try:
            answer = ask()
        except RemoteDisconnected:
            if not kept:
                raise
            connection.close()  # it was idle while something slow was measured
            answer = ask()
        told = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {told[:300]!r}")
        return dict(answer.getheaders())

    return call
