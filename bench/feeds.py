"""Feeds: a patient's, and a practitioner's with hundreds of events, against a bare Flask route on the same server."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.client import HTTPConnection
from uuid import UUID

from sqlalchemy import func, select

from bench.crowds import Crowded, crowd
from bench.rounds import Bar, at_least, at_most, medians, seconds
from bench.servers import HELLO, LINK_KEY, caller, served
from scheduler.calendars.feed import REFRESH_EVERY
from scheduler.operations.calendars.links import LinkOwner, issue_staff_link
from scheduler.storage.feeds import OwnerKind, mark_feeds
from scheduler.storage.rows import AppointmentRow

TIMES = 300
PHONES = 10_000
ZIPPED = {"Accept-Encoding": "gzip"}
Calls = dict[str, Callable[[], object]]


def bars() -> Iterator[Bar]:
    """One connection that stays open, a call at a time; first how long a feed takes that has never been drawn."""
    with ExitStack() as stack:
        one = stack.enter_context(crowd("5,500"))
        hello = caller(stack.enter_context(served(HELLO)), "GET", "/", 200)
        port = stack.enter_context(served("wsgi:app", one.url))
        practitioner_id, events = _busiest(one)
        paths = {"patient": one.feed_path(LINK_KEY), "practitioner": _path(one, practitioner_id)}
        cold = {name: seconds(caller(port, "GET", path, 200)) for name, path in paths.items()}
        again = _drawn_again(one, practitioner_id, caller(port, "GET", paths["practitioner"], 200))
        print(f"     a patient's feed drawn for the first time: {cold['patient'] * 1000:.1f} ms")
        print(f"     a practitioner's of {events} events: {cold['practitioner'] * 1000:.0f} ms")
        yield at_most("the same after a change, of the first time", again / cold["practitioner"], 0.5)
        yield from _against_hello(hello, port, paths, events)
        yield from _polling(port, paths["patient"])


def _busiest(one: Crowded) -> tuple[UUID, int]:
    """A practitioner, and for how many appointments."""
    row = AppointmentRow
    query = select(row.practitioner_id, func.count()).where(row.practitioner_id.is_not(None))
    with one.database.read() as tx:
        found, events = tx.execute(query.group_by(row.practitioner_id).order_by(func.count().desc())).first() or (0, 0)
    return UUID(str(found)), events


def _path(one: Crowded, practitioner_id: UUID) -> str:
    owner = LinkOwner(OwnerKind.RESOURCE, practitioner_id)
    made = one.database.write(lambda tx: issue_staff_link(one.context(tx), LINK_KEY, owner=owner, device="Phone"))
    return f"/feeds/{made.token}.ics"


def _drawn_again(one: Crowded, owner_id: UUID, fetch: Callable[[], object]) -> float:
    """The median seconds of a feed that something has made stale."""

    def changed() -> None:
        one.database.write(lambda tx: mark_feeds(tx, [owner_id]))

    both = medians({"change": changed, "both": lambda: (changed(), fetch())})
    return both["both"] - both["change"]


def _against_hello(hello: Callable[[], object], port: int, paths: Mapping[str, str], events: int) -> Iterator[Bar]:
    works: Calls = {"hello": hello}
    for name, path in paths.items():
        tag = caller(port, "GET", path, 200)()["ETag"]
        works[f"{name} 304"] = caller(port, "GET", path, 304, headers={"If-None-Match": tag})
        works[f"{name} 200"] = caller(port, "GET", path, 200)
        works[f"{name} 200, zipped"] = caller(port, "GET", path, 200, headers=ZIPPED)
    spent = medians(works, times=TIMES)
    print("     " + ", ".join(f"{name} {took * 1000:.2f} ms" for name, took in spent.items()))
    for name in paths:
        size = f" of {events} events" if name == "practitioner" else ""
        yield at_least(f"a {name}'s feed{size}, unchanged (304), of hello", spent["hello"] / spent[f"{name} 304"], 0.85)
        kept = spent[f"{name} 200, zipped"]
        yield at_least(f"a {name}'s feed{size}, zipped (200), of hello", spent["hello"] / kept, 0.55)
    yield at_least("a patient's feed, plain (200), of hello", spent["hello"] / spent["patient 200"], 0.55)


def _polling(port: int, path: str) -> Iterator[Bar]:
    """What share of the machine is busy when many phones poll as often as the feed asks for, each over a new line."""
    tag = caller(port, "GET", path, 200)()["ETag"]

    def poll() -> None:
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", path, headers={"If-None-Match": tag, **ZIPPED})
        if connection.getresponse().status != 304:
            raise RuntimeError("the feed has changed")
        connection.close()

    spent = medians({"poll": poll}, times=TIMES)["poll"]
    share = spent * PHONES / REFRESH_EVERY.total_seconds() / (os.cpu_count() or 1)
    print(f"     a poll over a new connection, the caller's own time included: {spent * 1000:.2f} ms")
    yield at_most(f"share of the machine that {PHONES:,} polling phones take", share * 100, 1, "%")
