"""Two servers with the real application: ``python -m bench servers``. A table to choose by, not a bar to hold."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException

from bench.busy_day import BusyDay, busy_day
from bench.crowds import Crowded, crowd
from bench.load import Load, loaded
from bench.memory import MEGABYTE, resident
from bench.mixture import Asked, mixture
from bench.rounds import Bar, seconds
from bench.servers import HELLO, Serving, caller, granian, gunicorn, serving, stop

WORKERS, CONNECTIONS, CLIENTS = 2, (8, 32), 8
SECONDS, ROUNDS = 2, 3
COMMANDS = {"gunicorn": gunicorn, "granian": granian}
Command = Callable[[str, int], list[str]]


def bars() -> Iterator[Bar]:
    """No bars: the lines are printed, two workers of eight threads each, beside 10,000 appointments."""
    with ExitStack() as stack:
        one = stack.enter_context(crowd("10,000"))
        day = busy_day(one)
        for connections in CONNECTIONS:
            _compare(one, day, connections)
        for name, command in COMMANDS.items():
            _upkeep(name, one, command)
    return iter(())


def _compare(crowded: Crowded, day: BusyDay, connections: int) -> None:
    """Both servers in turn, several rounds; the best rate of each, for the machine is shared."""
    with ExitStack() as stack:
        plain, real = (
            {name: stack.enter_context(serving(app, url, each, WORKERS)) for name, each in COMMANDS.items()}
            for app, url in ((HELLO, ""), ("wsgi:app", crowded.url))
        )
        asked = mixture(crowded, day, real["gunicorn"].port)
        for what, one in {"hello": Asked("GET", "/"), **asked}.items():
            _race(what, one, plain if what == "hello" else real, connections)
        for name, server in real.items():
            held = ", ".join(f"{resident(pid) / MEGABYTE:.0f} MB" for pid in server.workers())
            print(f"     {name}: its workers hold {held}", flush=True)


def _race(what: str, asked: Asked, servers: Mapping[str, Serving], connections: int) -> None:
    runs: dict[str, list[Load]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, server in servers.items():
            runs[name].append(loaded(server.port, asked, connections, SECONDS))
    for name, loads in runs.items():
        best = max(loads, key=lambda load: load.rate)
        waits = f"median {best.median:6.1f} ms, 99 of 100 within {best.slowest:6.1f} ms"
        print(f"     {what:<9} {connections:>2} connections {name:<8} {best.rate:7.0f}/s, {waits}", flush=True)


def _upkeep(name: str, crowded: Crowded, command: Command) -> None:
    """What becomes of requests, each over its own connection, when a worker is killed and the server stops."""
    with serving("wsgi:app", crowded.url, command, WORKERS) as server, ThreadPoolExecutor(CLIENTS) as threads:
        asking = [threads.submit(_ask, server.port, 6) for _ in range(CLIENTS)]
        time.sleep(1)
        before = set(server.workers())
        os.kill(min(before), signal.SIGKILL)
        told = sum((one.result() for one in asking), Counter[str]())
        again = len(set(server.workers()) - before)
        print(f"     {name}: a worker killed: {dict(told)}, new workers: {again}", flush=True)
        asking = [threads.submit(_ask, server.port, 3) for _ in range(CLIENTS)]
        time.sleep(1)
        took = seconds(lambda: stop(server.master))
        told = sum((one.result() for one in asking), Counter[str]())
        print(f"     {name}: stopped in {took:.1f} s: {dict(told)}", flush=True)


def _ask(port: int, lasting: float) -> Counter[str]:
    """How many requests were answered, cut off, and refused because nobody listened."""
    found, until = Counter[str](), time.monotonic() + lasting
    while time.monotonic() < until:
        try:
            caller(port, "GET", "/readyz", 200)()
            found["answered"] += 1
        except ConnectionRefusedError:
            found["refused"] += 1
            time.sleep(0.05)
        except (HTTPException, OSError):
            found["cut off"] += 1
    return found
