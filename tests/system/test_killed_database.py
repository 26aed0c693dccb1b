"""`kill -9` of the PostgreSQL server, and its absence: clients are told to come back, and all recovers alone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.storage.schema import migrate
from tests.support.clerks import clerks_of, working
from tests.support.crowded_clinic import CrowdedClinic
from tests.support.ledger import disagreements
from tests.support.live_line import Line
from tests.support.live_service import LiveService, live_service, wait_until
from tests.support.postgres import Cluster
from tests.support.size import sized

pytestmark = pytest.mark.system
CLIENTS = sized(small=6, full=16)
KILLS = sized(small=1, full=10)
AWAY = sized(small=2.0, full=10.0)
LOAD = 1.5
"""Seconds of work before and after each kill."""


@pytest.fixture
def service(durable_postgres: Cluster, tmp_path: Path) -> Iterator[LiveService]:
    """Gunicorn on a PostgreSQL server that may be killed."""
    migrate(durable_postgres.url())
    with live_service(durable_postgres.url(), tmp_path) as running:
        yield running


def test_a_killed_server_loses_nothing_acknowledged_and_the_service_recovers_alone(
    durable_postgres: Cluster, service: LiveService, clinic: CrowdedClinic
) -> None:
    clerks, journal = clerks_of(clinic, service.port, CLIENTS)
    before = service.processes
    with working(clerks):
        for _ in range(KILLS):
            time.sleep(LOAD)
            durable_postgres.kill()
            time.sleep(0.5)
            durable_postgres.start()
        time.sleep(LOAD)
    journal.tell(f"{KILLS} killed servers")
    assert service.processes == before
    assert journal.failures == [], service.said
    assert journal.broken == []
    assert journal.statuses[503] > 0, "no kill hit a request, so this run proves little"
    assert disagreements(clinic, clerks) == {}


def test_while_the_database_is_away_only_503_is_answered_and_afterwards_all_is_well(
    durable_postgres: Cluster, service: LiveService, clinic: CrowdedClinic
) -> None:
    clerks, journal = clerks_of(clinic, service.port, 2)
    before, line = service.processes, Line(service.port, clinic.token)
    series = f"/series/{clerks[0].courses[0].series_id}"
    with working(clerks):
        time.sleep(LOAD)
        durable_postgres.stop()
        gone, told = time.monotonic(), []
        while time.monotonic() < gone + AWAY:
            told += [line.get(series), line.post(f"{series}/plans", {}), line.post(f"{series}/bookings", {})]
            assert (service.status("/healthz"), service.status("/readyz")) == (200, 503)
            time.sleep(0.1)
        durable_postgres.start()
        wait_until(lambda: service.status("/readyz") == 200, "the service finds its database again")
        time.sleep(LOAD)
    journal.tell(f"a database that was away for {AWAY} s")
    assert {(reply.status, reply.headers.get("Retry-After"), reply.json["code"]) for reply in told} == {
        (503, "2", "unavailable")
    }
    assert line.get(series).status == 200
    line.close()
    assert service.processes == before
    assert journal.failures == [], service.said
    assert disagreements(clinic, clerks) == {}
