"""`kill -9` of the service under load: what was acknowledged stays, and what was not can be sent again."""

import time

import pytest

from tests.support.clerks import clerks_of, working
from tests.support.crowded_clinic import CrowdedClinic
from tests.support.ledger import disagreements
from tests.support.live_service import LiveService
from tests.support.size import sized

pytestmark = pytest.mark.system
CLIENTS = sized(small=6, full=16)
WORKER_KILLS = sized(small=2, full=25)
MASTER_KILLS = sized(small=1, full=5)
LOAD = 1.0
"""Seconds of work before each kill."""


def test_a_killed_worker_is_replaced_and_nothing_acknowledged_is_lost(
    service: LiveService, clinic: CrowdedClinic
) -> None:
    clerks, journal = clerks_of(clinic, service.port, CLIENTS)
    before, replaced = service.processes, []
    with working(clerks):
        for _ in range(WORKER_KILLS):
            time.sleep(LOAD)
            replaced.append(service.kill_worker())
        time.sleep(LOAD)
    journal.tell(f"{WORKER_KILLS} killed workers, the slowest replaced after {max(replaced):.2f} s")
    assert service.processes[0] == before[0]
    assert journal.broken, "no kill hit a request, so this run proves little"
    assert journal.failures == [], service.said
    assert disagreements(clinic, clerks) == {}


def test_a_killed_master_starts_again_and_nothing_acknowledged_is_lost(
    service: LiveService, clinic: CrowdedClinic
) -> None:
    clerks, journal = clerks_of(clinic, service.port, CLIENTS)
    ready = []
    with working(clerks):
        for _ in range(MASTER_KILLS):
            time.sleep(LOAD)
            ready.append(service.kill_master())
        time.sleep(LOAD)
    journal.tell(f"{MASTER_KILLS} killed masters, the slowest ready again after {max(ready):.2f} s")
    assert journal.failures == [], service.said
    assert disagreements(clinic, clerks) == {}
