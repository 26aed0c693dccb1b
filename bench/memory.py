"""The memory of a worker: after a warm-up, and after many mixed requests over as many connections as it has threads."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

from bench.busy_day import busy_day
from bench.crowds import crowd
from bench.mixture import Asked, mixture
from bench.rounds import Bar, at_most
from bench.servers import THREADS, serving

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "50000"))
WARM_UP = max(REQUESTS // 10, 400)
MEGABYTE = 1_000_000


def bars() -> Iterator[Bar]:
    """Feeds (304 and 200), days, plans and searches for patients in turn, beside a million appointments."""
    with ExitStack() as stack:
        one = stack.enter_context(crowd("1,000,000"))
        server = stack.enter_context(serving("wsgi:app", one.url))
        asked = list(mixture(one, busy_day(one), server.port).values())
        (worker,) = server.workers()
        _ask(asked, server.port, WARM_UP)
        warm = resident(worker)
        yield at_most("a worker's memory after its warm-up", warm / MEGABYTE, 150, "MB")
        _ask(asked, server.port, REQUESTS)
        yield at_most(f"its memory {REQUESTS:,} requests later", resident(worker) / warm, 1.05)


def _ask(asked: Sequence[Asked], port: int, requests: int) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        for each in [threads.submit(_one_client, asked, port, requests // THREADS) for _ in range(THREADS)]:
            each.result()


def _one_client(asked: Sequence[Asked], port: int, requests: int) -> None:
    for call in islice(cycle([one.caller(port) for one in asked]), requests):
        call()


def resident(pid: int) -> int:
    """Bytes of memory that a process holds, by Linux' account."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
