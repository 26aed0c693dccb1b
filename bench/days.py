"""The page that a front desk keeps open: a day of eight practitioners and 120 appointments, as a whole request."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

from bench.busy_day import BusyDay, busy_day
from bench.crowds import SIZES, Crowded, crowd
from bench.rounds import Bar, at_least, at_most, medians
from bench.servers import caller, served
from bench.sessions import cookie

Work = Callable[[], Mapping[str, str]]


def bars() -> Iterator[Bar]:
    """One connection that stays open, a call at a time: latency against latency."""
    with ExitStack() as stack:
        works: dict[str, Work] = {"hello": caller(stack.enter_context(served("bench.hello:app")), "GET", "/", 200)}
        for size in SIZES:
            one = stack.enter_context(crowd(size))
            day, port = busy_day(one), stack.enter_context(served("wsgi:app", one.url))
            headers = {"Authorization": f"Bearer {one.token()}"}
            works[size] = caller(port, "GET", day.path, 200, headers=headers)
            works |= _pages(one, day, port, size)
        spent = medians(works, times=20)
        print(f"     hello {spent['hello'] * 1000:.2f} ms, a day of 120 appointments {spent['10,000'] * 1000:.2f} ms")
        print(f"     its page {spent['page 10,000'] * 1000:.2f} ms, its poll {spent['poll 10,000'] * 1000:.2f} ms")
        yield at_most("a day of 8 practitioners, 120 appointments, of hello", spent["10,000"] / spent["hello"], 30)
        yield at_most("the same, 1,000,000 to 10,000 appointments", spent["1,000,000"] / spent["10,000"], 1.3)
        yield at_most("the page of this day, of hello", spent["page 10,000"] / spent["hello"], 30)
        yield at_most("the same, 1,000,000 to 10,000", spent["page 1,000,000"] / spent["page 10,000"], 1.3)
        rate = spent["hello"] / spent["poll 10,000"]
        yield at_least("its poll when nothing has changed (304), of hello's rate", rate, 0.3)


def _pages(one: Crowded, day: BusyDay, port: int, size: str) -> dict[str, Work]:
    """The page, and what a browser that has it asks every five seconds."""
    known = {"Cookie": cookie(one, day.clinic_id), "Accept": "text/html"}
    live = f"/day/{day.on}/live"
    fresh = caller(port, "GET", live, 200, headers=known)
    poll: dict[str, Work] = {}

    def ask() -> Mapping[str, str]:
        """The tag holds for a minute; then the browser gets the new day and its tag."""
        try:
            return poll["now"]()
        except (KeyError, RuntimeError):
            poll["now"] = caller(port, "GET", live, 304, headers={**known, "If-None-Match": fresh()["ETag"]})
            return poll["now"]()

    return {f"page {size}": caller(port, "GET", f"/day/{day.on}", 200, headers=known), f"poll {size}": ask}
