"""Whole requests against a bare Flask route on the same server: plans and feeds."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

from bench.crowds import SIZES, crowd
from bench.rounds import Bar, at_least, at_most, medians
from bench.servers import LINK_KEY, caller, served


def bars() -> Iterator[Bar]:
    """One connection that stays open, a call at a time: latency against latency."""
    with ExitStack() as stack:
        crowds = {size: stack.enter_context(crowd(size)) for size in SIZES}
        hello = caller(stack.enter_context(served("bench.hello:app")), "GET", "/", 200)
        ports = {size: stack.enter_context(served("wsgi:app", one.url)) for size, one in crowds.items()}
        works = {"hello": hello}
        for size, one in crowds.items():
            headers = {"Authorization": f"Bearer {one.token()}", "Content-Type": "application/json"}
            path = f"/api/v1/series/{one.new_series()}/plans"
            works[size] = caller(ports[size], "POST", path, 200, json.dumps({}), headers)
        spent = medians(works, times=20)
        print(f"     hello {spent['hello'] * 1000:.2f} ms, plans {spent['10,000'] * 1000:.2f} ms")
        yield at_most("five best plans of six sessions, whole request, of hello", spent["10,000"] / spent["hello"], 20)
        yield at_most("the same, 1,000,000 to 10,000 appointments", spent["1,000,000"] / spent["10,000"], 1.3)
        feed = crowds["1,000,000"].feed_path(LINK_KEY)
        port = ports["1,000,000"]
        tag = caller(port, "GET", feed, 200)()["ETag"]
        polls = {
            "hello": hello,
            "304": caller(port, "GET", feed, 304, headers={"If-None-Match": tag}),
            "200": caller(port, "GET", feed, 200),
        }
        spent = medians(polls, times=300)
        yield at_least("a feed that has not changed (304), of hello's rate", spent["hello"] / spent["304"], 0.85)
        yield at_least("a feed from its kept bytes (200), of hello's rate", spent["hello"] / spent["200"], 0.55)
