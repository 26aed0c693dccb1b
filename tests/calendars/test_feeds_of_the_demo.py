"""The feeds of the whole demo clinic, each read by four programs that are not ours, against the database."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Select, select

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Actor, Role
from scheduler.domain.contact import CalendarBy
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.operations.staff.tokens import create_token
from scheduler.storage.database import Database
from scheduler.storage.rows import AppointmentRow, ClaimRow, ClinicRow, PatientRow, ResourceRow, UserRoleRow, UserRow
from tests.support.databases import Databases
from tests.support.ics_bytes import check_feed
from tests.support.readers.all import READERS, Reader
from tests.support.whole_demo import WEDNESDAY, whole_demo

A = AppointmentRow
LIVE = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN)


@dataclass(frozen=True)
class Demo:
    """A copy of the demo behind the application, on its Wednesday."""

    app: Flask
    database: Database
    tokens: Mapping[Role, str]

    def feed(self, owner: str, role: Role = Role.RECEPTION) -> bytes:
        """What a new device of this owner gets."""
        desk = {"headers": {"Authorization": f"Bearer {self.tokens[role]}"}}
        made = self.app.test_client().post(f"/api/v1/{owner}/links", json={"device": "Witness"}, **desk)
        assert made.status_code == 201, made.text
        return self.app.test_client().get(made.json["https_url"].removeprefix("http://localhost:8000")).data

    def rows(self, query: Select[Any]) -> list[Any]:
        with self.database.read() as tx:
            return list(tx.execute(query).all())


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    file = Path(shutil.copy(whole_demo(databases), tmp_path_factory.mktemp("demo") / "demo.sqlite3"))
    url = f"sqlite:///{file}"
    app = create_app(Settings(environment="test", database_url=url), clock=lambda: WEDNESDAY)
    database = Database(url)
    yield Demo(app, database, database.write(_tokens))
    database.dispose()


def _tokens(tx: Any) -> dict[Role, str]:
    roles = (Role.MANAGER, Role.RECEPTION)
    users = {
        role: tx.scalars(select(UserRow).join(UserRoleRow).where(UserRoleRow.role == role)).first() for role in roles
    }
    manager = users[Role.MANAGER]
    actor = Actor(manager.id, manager.organisation_id, manager.name, frozenset({Role.MANAGER}))
    context = Context(tx, actor, WEDNESDAY)
    return {
        role: create_token(context, user_id=user.id, role=role, name="witness").secret for role, user in users.items()
    }


@pytest.fixture(scope="module")
def feeds(demo: Demo) -> dict[UUID, bytes]:
    """The feed of every patient who has one."""
    has_a_feed = (PatientRow.merged_into_id.is_(None), PatientRow.calendar_by == CalendarBy.FEED)
    patients = demo.rows(select(PatientRow.id).where(*has_a_feed))
    return {patient.id: demo.feed(f"patients/{patient.id}") for patient in patients}


def test_every_feed_is_whole_to_the_byte(feeds: dict[UUID, bytes]) -> None:
    assert len(feeds) > 250
    for body in feeds.values():
        check_feed(body)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_every_reader_reports_what_stands_in_the_database(demo: Demo, feeds: dict[UUID, bytes], read: Reader) -> None:
    query = (
        select(A.uid, A.patient_id, A.status, A.at_risk, A.sequence, ClaimRow.starts_at, ClaimRow.ends_at)
        .join(ClaimRow, (ClaimRow.appointment_id == A.id) & (ClaimRow.subject_id == A.patient_id))
        .join(PatientRow, PatientRow.id == A.patient_id)
        .where(A.starts_at > WEDNESDAY, A.status.in_(LIVE), PatientRow.calendar_by == CalendarBy.FEED)
    )
    found = {patient_id: read(body) for patient_id, body in feeds.items()}
    coming = demo.rows(query)
    assert len(coming) > 300
    for row in coming:
        event = found[row.patient_id][str(row.uid)]
        told = (event.starts_at, event.ends_at, event.sequence, event.status)
        assert told == (row.starts_at, row.ends_at, row.sequence, "TENTATIVE" if row.at_risk else "CONFIRMED")


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_no_reader_finds_an_event_that_the_database_has_not(demo: Demo, feeds: dict[UUID, bytes], read: Reader) -> None:
    known = {(str(row.uid), row.patient_id) for row in demo.rows(select(A.uid, A.patient_id))}
    shown = {(uid, patient_id) for patient_id, body in feeds.items() for uid in read(body)}
    assert shown <= known
    assert len(shown) > 800


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_every_reader_finds_the_hours_of_each_practitioner(demo: Demo, read: Reader) -> None:
    everybody = demo.rows(select(ResourceRow.id).where(ResourceRow.kind == ResourceKind.PRACTITIONER))
    assert len(everybody) == 6
    for practitioner in everybody:
        body = demo.feed(f"resources/{practitioner.id}", Role.MANAGER)
        check_feed(body)
        shown = {uid: (event.starts_at, event.ends_at) for uid, event in read(body).items()}
        claimed = demo.rows(
            select(A.uid, ClaimRow.starts_at, ClaimRow.ends_at)
            .join(ClaimRow, ClaimRow.appointment_id == A.id)
            .where(ClaimRow.subject_id == practitioner.id, A.starts_at > WEDNESDAY, A.status.in_(LIVE))
        )
        assert {str(row.uid): (row.starts_at, row.ends_at) for row in claimed}.items() <= shown.items()


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_every_reader_finds_all_that_a_clinic_expects(demo: Demo, read: Reader) -> None:
    for clinic in demo.rows(select(ClinicRow.id)):
        body = demo.feed(f"clinics/{clinic.id}", Role.MANAGER)
        check_feed(body)
        shown = {uid: event.starts_at for uid, event in read(body).items()}
        coming = select(A.uid, A.starts_at).where(A.clinic_id == clinic.id, A.starts_at > WEDNESDAY, A.status.in_(LIVE))
        expected = {str(row.uid): row.starts_at for row in demo.rows(coming)}
        assert len(expected) > 100
        assert expected.items() <= shown.items()
