"""Real servers and a client that keeps its connection, to measure whole requests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected

LINK_KEY = "measured-links-are-opened-with-this-key-0123456789"
SECRETS = {"SECRET_KEY": "measured-sessions-are-signed-with-this-0123456789", "LINK_KEY": LINK_KEY}
PATIENCE_SECONDS = 30


@contextmanager
def served(application: str, database_url: str = "") -> Iterator[int]:
    """The port of one gunicorn worker with threads that serves an application."""
    port = _free_port()
    environ = {**os.environ, **SECRETS, "PORT": str(port), "WEB_CONCURRENCY": "1", "LOG_LEVEL": "ERROR"}
    if database_url:
        environ["DATABASE_URL"] = database_url
    settings = ["--config", "gunicorn.conf.py" if database_url else "bench/plain_server.py"]
    bound = ["--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *settings, *bound, application], env=environ)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


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
        try:
            answer = ask()
        except RemoteDisconnected:  # it was idle while something slow was measured
            connection.close()
            answer = ask()
        told = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {told[:300]!r}")
        return dict(answer.getheaders())

    return call
