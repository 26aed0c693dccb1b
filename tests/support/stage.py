"""The stage for pictures and for tests in a browser: clinics as they look on a working day, behind a real socket.

To show a further page, add a scene to ``tests/support/scenes.py``; what it needs in the database is made here.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from config import Settings
from scheduler import create_app
from scheduler.demo.opening import begin_demo
from scheduler.domain.access import Role
from scheduler.storage.database import Database
from scheduler.storage.rows import ClinicRow, ClosureRow, UserRow
from tests.support.accounts import account, enrolled
from tests.support.api import Api, Clock, database_of
from tests.support.clinic import Clinic, open_clinic
from tests.support.databases import Databases
from tests.support.entrance import a_demo
from tests.support.full_day import FullDay, full_day
from tests.support.serving import served

NOW = datetime(2026, 11, 24, 10, 39, tzinfo=UTC)
"""Tuesday, 24 November 2026, 11:39 in Berlin."""
CLOSED = date(2026, 12, 24)
NOBODY = UUID(int=0)
NO_DAY = FullDay(NOW.date(), (), NOBODY)
NAMES = {
    Role.RECEPTION: "Siân Hughes",
    Role.PRACTITIONER: "Beatriz Falcão",
    Role.MANAGER: "Prof. Dr. Maximiliane Wolfeschlegelsteinhausenbergerdorff",
}


@dataclass(frozen=True)
class House:
    """One organisation: its calls, its full day, and the address at which it is served."""

    api: Api
    full: FullDay
    base: str


@dataclass(frozen=True)
class Stage:
    """A usual house, a crowded one with 12 practitioners, one where nothing is booked, and one whose manager has a
    second factor. The last three are services of their own: an empty one, a demo, and a demo that is being loaded.
    """

    usual: House
    crowded: House
    quiet: House
    guarded: House
    empty: House
    demo: House
    loading: House


@contextmanager
def stage(databases: Databases) -> Iterator[Stage]:
    """Everything in place, for as long as this is open. The clocks stand still at ``NOW``."""
    with ExitStack() as stack:
        api, base = stack.enter_context(_service(databases))
        sizes = {"usual": (4, 9), "crowded": (12, 15), "quiet": (1, 9)}
        houses = {name: _house(api, base, *size) for name, size in sizes.items()}
        houses["guarded"] = House(_guarded(api), NO_DAY, base)
        for name, prepare in {"empty": _nobody, "demo": a_demo, "loading": _half_a_demo}.items():
            own, base = stack.enter_context(_service(databases))
            houses[name] = House(replace(own, clinic=prepare(database_of(own.app))), NO_DAY, base)
        yield Stage(**houses)


@contextmanager
def _service(databases: Databases) -> Iterator[tuple[Api, str]]:
    """A served application on a database of its own, in which there is nobody yet."""
    url = databases.new("sqlite")
    clock = Clock(NOW)
    app = create_app(Settings(environment="test", database_url=url, log_level="ERROR"), clock)
    with served(app) as base:
        yield Api(app, _nobody(database_of(app)), clock), base
    database_of(app).dispose()
    databases.drop(url)


def _nobody(database: Database) -> Clinic:
    """What stands for a clinic where there is none."""
    return Clinic(database, NOBODY, NOBODY, {}, {}, NOBODY, NOBODY, {})


def _half_a_demo(database: Database) -> Clinic:
    database.write(lambda tx: begin_demo(tx, NOW))
    return _nobody(database)


def _guarded(api: Api) -> Api:
    """Reception and the manager have passwords, and the manager an app as well."""
    own = replace(api, clinic=open_clinic(database_of(api.app)))
    account(own.clinic, Role.RECEPTION)
    enrolled(account(own.clinic, Role.MANAGER))
    return own


def _house(api: Api, base: str, practitioners: int, each: int) -> House:
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
    return House(own, made, base)
