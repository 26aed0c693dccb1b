"""Things done at the same moment, each in a thread of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def together(deeds: list[Callable[[], T]]) -> list[T]:
    """What each deed gave back. All start once every thread is there."""
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], T]) -> T:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))
