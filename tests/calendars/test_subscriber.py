"""A program of others that subscribes to a feed sees every change after it happened."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.storage.rows import AppointmentRow, ClaimRow
from tests.support.api import Api, api_of, database_of
from tests.support.desk import Desk, desk_of
from tests.support.readers import Read
from tests.support.readers.in_python import read_by_vobject
from tests.support.serving import served

PROGRAM = Path(sys.executable).with_name("vdirsyncer")
WORDS = {"booked": "CONFIRMED", "cancelled": "CANCELLED"}
A = AppointmentRow


class Subscriber:
    """vdirsyncer with one subscription: it keeps a file for each event of the feed."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder, self._config = folder / "events", folder / "config"
        self._folder.mkdir()
        self._config.write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            '[pair visits]\na = "feed"\nb = "disk"\ncollections = null\n'
            f'[storage feed]\ntype = "http"\nurl = "{url}"\n'
            f'[storage disk]\ntype = "filesystem"\npath = "{self._folder}"\nfileext = ".ics"\n'
        )
        self._run("discover")

    def sync(self) -> list[Read]:
        """Poll the feed; the events that it has afterwards, by start. It names each by a hash of its content."""
        self._run("sync", "--force-delete")
        events = [one for file in self._folder.glob("*.ics") for one in read_by_vobject(file.read_bytes()).values()]
        return sorted(events, key=lambda event: event.starts_at)

    def _run(self, *command: str) -> None:
        subprocess.run([PROGRAM, "-c", self._config, *command], check=True, capture_output=True)


@pytest.fixture
def api(database_url: str) -> Iterator[Api]:
    made = api_of(database_url)
    yield made
    database_of(made.app).dispose()


@pytest.fixture
def desk(api: Api) -> Desk:
    return desk_of(api.clinic)


def stored(desk: Desk, patient_id: Any) -> list[tuple[Any, ...]]:
    """Start, SEQUENCE and STATUS of every appointment, and the end of the patient's own claim where there is one."""
    query = (
        select(A.starts_at, A.sequence, A.status, ClaimRow.ends_at)
        .outerjoin(ClaimRow, (ClaimRow.appointment_id == A.id) & (ClaimRow.subject_id == A.patient_id))
        .where(A.patient_id == patient_id)
        .order_by(A.starts_at)
    )
    with desk.clinic.database.read() as tx:
        return [(row.starts_at, row.sequence, WORDS[row.status], row.ends_at) for row in tx.execute(query)]


def seen(events: list[Read], known: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same of what a program has; the end only where the database knows it."""
    return [
        (one.starts_at, one.sequence, one.status, one.ends_at if ends_at else None)
        for one, (*_, ends_at) in zip(events, known, strict=True)
    ]


def test_a_subscriber_sees_each_change_after_it_happened(api: Api, desk: Desk, tmp_path: Path) -> None:
    patient_id = desk.patient()
    series_id = desk.course({1: 1, 2: 36, 3: 71}, patient_id=patient_id)
    link = api.post(f"/patients/{patient_id}/links", {"device": "Laptop"}).json
    with served(api.app) as address:
        subscriber = Subscriber(address + link["https_url"][link["https_url"].index("/feeds/") :], tmp_path)

        def check(events: int) -> None:
            known = stored(desk, patient_id)
            assert len(known) == events
            assert seen(subscriber.sync(), known) == known

        check(3)
        _move_the_second(api, desk, series_id)
        check(3)
        desk.book(series_id, {4: 106})
        check(4)
        _cancel_the_last(api, series_id)
        check(4)
        api.clock.pass_time(timedelta(days=106 + 15))
        assert len(subscriber.sync()) == 3


def _move_the_second(api: Api, desk: Desk, series_id: Any) -> None:
    series = api.get(f"/series/{series_id}").json
    second = series["sessions"][1]["appointment"]
    move = {"appointment_id": second["id"], "starts_at": desk.place.slot(36, 12).starts_at.isoformat()}
    offered = api.post(f"/series/{series_id}/replans", {"move": move}).json
    best = offered["replans"][0]["appointments"]
    answer = api.post(f"/series/{series_id}/changes", {"appointments": best}, seen=series["revision"])
    assert answer.status_code == 200, answer.text


def _cancel_the_last(api: Api, series_id: Any) -> None:
    last = api.get(f"/series/{series_id}").json["sessions"][3]["appointment"]
    answer = api.post(f"/appointments/{last['id']}/actions", {"action": "cancel", "cancel_reason": "patient"})
    assert answer.status_code == 200, answer.text
