"""The README's tour, run as it stands there by a shell with curl."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from scheduler.operations.patients.patients import add_patient
from scheduler.web.service import real_clock
from tests.support.api import database_of
from tests.support.clinic import Clinic, open_clinic
from tests.support.serving import served

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def desk(database_url: str) -> Iterator[tuple[Clinic, str]]:
    """A clinic with one patient, served on a real socket by the real clock; and the address."""
    app = create_app(Settings(environment="test", database_url=database_url, log_level="ERROR"))
    clinic = open_clinic(database_of(app))
    clinic.do(lambda context: add_patient(context, name="Anaïs Fontaine", phone="+44 7700 900050"), now=real_clock())
    with served(app) as address:
        yield clinic, address
    database_of(app).dispose()


def _script(clinic: Clinic, address: str) -> str:
    blocks = re.findall(r"```bash\n(.*?)```", README.read_text(), re.DOTALL)
    told = "set -euo pipefail\n" + "\n".join(blocks)
    told = told.replace("http://localhost:8000", address)
    for role in (Role.RECEPTION, Role.PRACTITIONER):
        told = re.sub(rf"{role.name}=interval_\S+", f"{role.name}={clinic.tokens[role]}", told)
    return told


def test_the_tour_does_what_it_says(desk: tuple[Clinic, str]) -> None:
    ran = subprocess.run(["bash", "-c", _script(*desk)], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    plan, booked, shown, moved, undone, again, released, lifted, back, revision, *verdicts = ran.stdout.splitlines()
    assert plan.startswith("Tuesday ")
    assert (booked, shown) == ("AppointmentBooked", "4")
    assert moved == again
    assert moved.startswith("Session 2 moves from Tuesday ")
    assert (undone, released, lifted) == ("AppointmentMoved", "1", "lifted")
    assert back.startswith("Session 3 ")
    assert int(revision) > 5
    assert verdicts == ["valid", "early", "late"]
