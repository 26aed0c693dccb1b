"""The stage for pictures and for tests in a browser: clinics as they look on a working day, behind a real socket.

To show a further page, add a scene to ``tests/support/scenes.py``; what it needs in the database is made here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.storage.rows import ClinicRow, ClosureRow, UserRow
from tests.support.api import Api, api_of, database_of
from tests.support.clinic import open_clinic
from tests.support.full_day import FullDay, full_day
from tests.support.serving import served

NOW = datetime(2026, 11, 24, 10, 39, tzinfo=UTC)
"""Tuesday, 24 November 2026, 11:39 in Berlin."""
CLOSED = date(2026, 12, 24)
NAMES = {
    Role.RECEPTION: "Siân Hughes",
    Role.PRACTITIONER: "Beatriz Falcão",
    Role.MANAGER: "Prof. Dr. Maximiliane Wolfeschlegelsteinhausenbergerdorff",
}


@dataclass(frozen=True)
class House:
    """One organisation: its calls and its full day."""

    api: Api
    full: FullDay


@dataclass(frozen=True)
class Stage:
    """A usual house, a crowded one with 12 practitioners, and one where nothing is booked; all served at ``base``."""

    base: str
    usual: House
    crowded: House
    quiet: House


@contextmanager
def stage(database_url: str) -> Iterator[Stage]:
    """Everything in place, for as long as this is open. The clock stands still at ``NOW``."""
    api = api_of(database_url)
    api.clock.now = NOW
    houses = [_house(api, *size) for size in ((4, 9), (12, 15), (1, 9))]
    with served(api.app) as base:
        yield Stage(base, *houses)
    database_of(api.app).dispose()


def _house(api: Api, practitioners: int, each: int) -> House:
    own = replace(api, clinic=open_clinic(database_of(api.app)))
    made = full_day(own.clinic, NOW, practitioners, each)
    owner = own.clinic.organisation_id
    closure = {"organisation_id": owner, "clinic_id": own.clinic.clinic_id, "label": "Christmas Eve"}
    with_name = update(ClinicRow).where(ClinicRow.id == own.clinic.clinic_id)

    def furnish(tx: Session) -> None:
        for role, name in NAMES.items():
            tx.execute(update(UserRow).where(UserRow.id == own.clinic.users[role]).values(name=name))
        tx.execute(
            with_name.values(name="Wexcombe Skin Clinic", address="4 Mill Lane, Wexcombe", phone="+44 1632 960142")
        )
        tx.add(ClosureRow(**closure, starts_on=CLOSED, ends_on=date(2026, 12, 27)))
        tx.add(ClinicRow(organisation_id=owner, name="Harbour", zone="Europe/London", country="GB", created_at=NOW))

    own.clinic.database.write(furnish)
    return House(own, made)
