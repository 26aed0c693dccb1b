"""The data that is measured on: many clinics, of 10,000 and of 1,000,000 appointments, made once and kept in var/."""

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from bench.rounds import seconds
from scheduler.demo import crowd as loader
from scheduler.demo.crowd import PROTOCOL, load_crowd
from scheduler.domain.access import Actor, Role
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import plan_series
from scheduler.operations.booking.series import SeriesRequest, start_series
from scheduler.operations.calendars.links import issue_link
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import add_patient
from scheduler.operations.staff.staff import add_user
from scheduler.operations.staff.tokens import create_token
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import ClinicRow, UserRow
from scheduler.storage.schema import migrate

FOLDER = Path("var/bench")
MIGRATIONS = Path("migrations/versions")
SIZES = {"10,000": (1, 10_000), "1,000,000": (35, int(os.environ.get("BENCH_APPOINTMENTS", "1000000")))}
SMALL = {"5,500": (1, 5_500)}
"""A clinic whose practitioners have six hundred appointments each."""


@dataclass(frozen=True)
class Crowded:
    """A database with many clinics, and who acts in it."""

    url: str
    database: Database
    actor: Actor
    clinic_id: UUID
    now: datetime
    free_time: FreeTime

    def context(self, tx: object) -> Context:
        return Context(tx, self.actor, self.now)  # type: ignore[arg-type]

    def new_series(self, sessions: int = 6) -> UUID:
        """A draft series of somebody new."""

        def work(tx: object) -> UUID:
            context = self.context(tx)
            patient = add_patient(context, name="Somebody New", phone="+44 7700 900123").patient.id
            wanted = SeriesRequest(self.clinic_id, patient, PROTOCOL, sessions, ["face"])
            return start_series(context, wanted).snapshot.series.id

        return self.database.write(work)

    def token(self) -> str:
        """A bearer token of reception."""

        def work(tx: object) -> str:
            user = add_user(self.context(tx), name="Reception", roles={Role.RECEPTION})
            return create_token(self.context(tx), user_id=user.id, role=Role.RECEPTION, name="bench").secret

        return self.database.write(work)

    def feed_path(self, link_key: str) -> str:
        """The path of the feed of a patient with a series of six."""
        series_id = self.new_series()
        with self.database.read() as tx:
            found = plan_series(self.context(tx), self.free_time, series_id=series_id, wishes=Wishes(), limit=1)
        placements = [Placement(one.number, one.slot) for one in found.plans[0].plan.placements]

        def work(tx: object) -> str:
            context = self.context(tx)
            book_sessions(context, series_id=series_id, placements=placements)
            patient_id = found.snapshot.series.patient_id
            return issue_link(context, link_key, patient_id=patient_id, device="Phone").token

        return f"/feeds/{self.database.write(work)}.ics"


@contextmanager
def crowd(size: str) -> Iterator[Crowded]:
    """The data of one size, opened anew. What is measured may change them: all of a run share one copy."""
    opened = _opened(f"sqlite:///{_copied(size)}")
    try:
        yield opened
    finally:
        opened.database.dispose()


@cache
def _copied(size: str) -> Path:
    kept = _kept(size)
    folder = tempfile.mkdtemp(dir=FOLDER, prefix="copy-")
    atexit.register(shutil.rmtree, folder)
    return Path(shutil.copy(kept, Path(folder) / "crowd.sqlite3"))


def _kept(size: str) -> Path:
    """The data of one size; made anew when the schema or the loader has changed since."""
    clinics, appointments = (SIZES | SMALL)[size]
    made_by = f"{clinics}-{appointments}"
    path = FOLDER / f"{made_by}-{_digest()}.sqlite3"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _alone():
        _make_once(path, made_by, clinics, appointments)
    return path


def _make_once(path: Path, made_by: str, clinics: int, appointments: int) -> None:
    if not path.exists():
        for old in FOLDER.glob(f"{made_by}[.-]*"):
            old.unlink()
        print(f"making {appointments:,} appointments in {path}, once …", flush=True)
        took = seconds(lambda: _make(path, clinics, appointments))
        print(f"     made in {took:.0f} s", flush=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One process makes the data; another that wants them waits."""
    with (FOLDER / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _digest() -> str:
    """Of all that decides what the data look like: the migrations and the loader."""
    told = hashlib.sha256()
    for source in [*sorted(MIGRATIONS.glob("*.py")), Path(loader.__file__)]:
        told.update(source.read_bytes())
    return told.hexdigest()[:8]


def _make(path: Path, clinics: int, appointments: int) -> None:
    made = path.with_suffix(".made")
    url = f"sqlite:///{made}"
    migrate(url)
    database = Database(url)
    load_crowd(database, _now(), clinics=clinics, appointments=appointments, seed=1, told=lambda _: None)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    made.rename(path)


def _now() -> datetime:
    return datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)


def _opened(url: str) -> Crowded:
    database = Database(url)
    with database.read() as tx:
        user = tx.scalars(select(UserRow)).first()
        clinic = tx.scalars(select(ClinicRow.id).order_by(ClinicRow.id)).first()
    if user is None or clinic is None:
        raise RuntimeError("the data is not whole; remove var/bench")
    roles = frozenset({Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER})
    actor = Actor(user.id, user.organisation_id, user.name, roles)
    return Crowded(url, database, actor, clinic, _now(), FreeTime())
