"""The page that a front desk keeps open: a day of eight practitioners and 120 appointments, as a whole request."""

from collections.abc import Iterator
from contextlib import ExitStack

from bench.busy_day import busy_day
from bench.crowds import SIZES, crowd
from bench.rounds import Bar, at_most, medians
from bench.servers import caller, served


def bars() -> Iterator[Bar]:
    """One connection that stays open, a call at a time: latency against latency."""
    with ExitStack() as stack:
        works = {"hello": caller(stack.enter_context(served("bench.hello:app")), "GET", "/", 200)}
        for size in SIZES:
            one = stack.enter_context(crowd(size))
            headers = {"Authorization": f"Bearer {one.token()}"}
            path = busy_day(one).path
            works[size] = caller(stack.enter_context(served("wsgi:app", one.url)), "GET", path, 200, headers=headers)
        spent = medians(works, times=20)
        print(f"     hello {spent['hello'] * 1000:.2f} ms, a day of 120 appointments {spent['10,000'] * 1000:.2f} ms")
        yield at_most("a day of 8 practitioners, 120 appointments, of hello", spent["10,000"] / spent["hello"], 30)
        yield at_most("the same, 1,000,000 to 10,000 appointments", spent["1,000,000"] / spent["10,000"], 1.3)
