"""A CalDAV server of others takes every event that we hand out one by one, and gives the same event back."""

import base64
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest

from scheduler.calendars.events import EventStatus, FeedEvent
from scheduler.calendars.feed import render_event
from tests.calendars.samples import HOSTILE_NAMES, a_feed, an_event, meant
from tests.calendars.test_readers import ZONES, a_feed_around_the_changes
from tests.support.postgres import free_port
from tests.support.readers import ical_js
from tests.support.readers.in_python import read_by_vobject

RADICALE = Path(sys.executable).with_name("radicale")
LOGIN = {"Authorization": "Basic " + base64.b64encode(b"clinic:any").decode()}
PATIENCE_SECONDS = 30
Ask = Callable[[str, str, bytes], tuple[int, bytes]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Calls of a Radicale server with one collection."""
    folder, port = tmp_path_factory.mktemp("radicale"), free_port()
    options = ["--storage-filesystem-folder", str(folder), "--auth-type", "none", "--logging-level", "critical"]
    server = subprocess.Popen([RADICALE, "--config", "", "--hosts", f"127.0.0.1:{port}", *options])
    connection = HTTPConnection("127.0.0.1", port)

    def call(method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        connection.request(method, path, body, LOGIN | {"Content-Type": "text/calendar; charset=utf-8"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    try:
        _wait_for(port)
        assert call("MKCALENDAR", "/clinic/visits/")[0] == 201
        yield call
    finally:
        connection.close()
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("Radicale did not start")


def taken(ask: Ask, event: FeedEvent) -> str:
    """The server keeps the event; where."""
    path = f"/clinic/visits/{event.uid}.ics"
    status, told = ask("PUT", path, render_event(event))
    assert status in (201, 204), told
    return path


def taken_and_given_back(ask: Ask, event: FeedEvent) -> None:
    """The server keeps the event and gives the same instants back."""
    status, kept = ask("GET", taken(ask, event), b"")
    assert status == 200
    assert ical_js.read(kept) == meant(a_feed(event))


@pytest.mark.parametrize("zone", ZONES)
def test_every_event_around_both_clock_changes_is_taken(ask: Ask, zone: str) -> None:
    for number, event in enumerate(a_feed_around_the_changes(zone).events):
        (taken if number % 5 else taken_and_given_back)(ask, event)


@pytest.mark.parametrize("status", EventStatus)
def test_each_status_is_taken(ask: Ask, status: EventStatus) -> None:
    taken_and_given_back(ask, an_event(status=status))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_taken(ask: Ask, name: str) -> None:
    event = an_event(summary=name, description=name, location=name)
    path = f"/clinic/visits/{event.uid}.ics"
    assert ask("PUT", path, render_event(event))[0] in (201, 204)
    (kept,) = read_by_vobject(ask("GET", path, b"")[1]).values()
    assert (kept.starts_at, kept.ends_at) == (event.starts_at, event.ends_at)


def test_a_later_revision_replaces_the_earlier(ask: Ask) -> None:
    first = an_event()
    moved = replace(
        first, starts_at=first.ends_at, ends_at=first.ends_at + (first.ends_at - first.starts_at), sequence=3
    )
    taken_and_given_back(ask, first)
    taken_and_given_back(ask, moved)
