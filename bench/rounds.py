"""Interleaved rounds: a measurement and its baseline in turn, so that a machine that slows down slows both."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Bar:
    """One line of the report: what was measured, the figure, and what it should at least or at most be."""

    what: str
    figure: float
    unit: str
    bound: str
    met: bool

    def __str__(self) -> str:
        return f"{'ok  ' if self.met else 'MISS'} {self.what:<62} {self.figure:>9.2f} {self.unit:<8} ({self.bound})"


def at_least(what: str, figure: float, bound: float, unit: str = "×") -> Bar:
    return Bar(what, figure, unit, f"at least {bound:g}", figure >= bound)


def at_most(what: str, figure: float, bound: float, unit: str = "×") -> Bar:
    return Bar(what, figure, unit, f"at most {bound:g}", figure <= bound)


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Seconds for one call, over several in a row."""
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times


def medians(works: Mapping[str, Callable[[], object]], times: int = 1, rounds: int = ROUNDS) -> dict[str, float]:
    """The median seconds of each, after one round that warms up and does not count."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for one in range(rounds + 1):
        for name, work in works.items():
            spent = seconds(work, times)
            if one:
                found[name].append(spent)
    return {name: statistics.median(spent) for name, spent in found.items()}
