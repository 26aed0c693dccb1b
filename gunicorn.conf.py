"""How gunicorn serves: a few processes of threads, loaded once before they part, so that a new one is up at once."""

import ctypes
import os
import shutil
import signal
import sys
import tempfile
from typing import Any

# The library of the measures chooses by this variable, when it is imported, to share them between processes.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="interval-measures-"))

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or "2")
worker_class = "gthread"
threads = 8
preload_app = True
timeout = 30
graceful_timeout = 10
keepalive = 5
accesslog = None  # a calendar link is a secret in a path, and the service logs requests without it
control_socket_disable = True  # signals are enough, and two services on one machine would share the socket

DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
MOST_HEAPS, HEAPS = -8, 2  # M_ARENA_MAX of mallopt(3): a heap for each thread would keep what that thread once needed


def on_starting(server: Any) -> None:
    """Refuse to serve on a database that would let two bookings overlap."""
    from scheduler.web.starting import prove_database

    prove_database(server.app.wsgi())


def post_fork(_server: Any, _worker: Any) -> None:
    """Let a worker end with its master, even a killed one: it would keep the port from the next master.

    A request that this cuts off is sent again; what was answered is stored.
    """
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(DEATH_OF_PARENT, signal.SIGKILL)
        if hasattr(system, "mallopt"):
            system.mallopt(MOST_HEAPS, HEAPS)


def child_exit(_server: Any, worker: Any) -> None:
    """Count a process that has ended among those that have."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave no measures behind."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
