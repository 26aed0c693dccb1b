"""The same seed and instant make the same demo, on either engine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler.demo.courses import Scale
from scheduler.demo.play import play_demo
from scheduler.storage.database import Database
from scheduler.storage.overlap import overlaps
from scheduler.storage.rows import (
    AppointmentRow,
    AuditRow,
    ClinicRow,
    HoldRow,
    PatientRow,
    ResourceRow,
    SessionRow,
)
from tests.support.databases import Databases

SUNDAY_NIGHT = datetime(2026, 3, 29, 2, 30, tzinfo=UTC)
A = AppointmentRow
Told = dict[str, list[tuple[Any, ...]]]


def played(url: str, seed: int) -> Told:
    """A small demo without its identifiers."""
    database = Database(url)
    play_demo(database, "k" * 40, SUNDAY_NIGHT, lambda _: None, seed=seed, scale=Scale(0.08))
    with database.read() as tx:
        told = without_identifiers(tx)
    assert overlaps(database) == 0
    database.dispose()
    return told


def without_identifiers(tx: Session) -> Told:
    who, room, device = (aliased(ResourceRow) for _ in range(3))
    appointments = (
        select(ClinicRow.name, PatientRow.name, SessionRow.number, A.wall_start, A.starts_at, A.ends_at, A.status)
        .add_columns(A.cancel_reason, A.at_risk, A.override_on, A.override_reason, A.arrived_at, A.ended_at, A.sequence)
        .add_columns(who.name, room.name, device.name)
        .join(ClinicRow, ClinicRow.id == A.clinic_id)
        .join(PatientRow, PatientRow.id == A.patient_id)
        .outerjoin(SessionRow, SessionRow.id == A.session_id)
        .outerjoin(who, who.id == A.practitioner_id)
        .outerjoin(room, room.id == A.room_id)
        .outerjoin(device, device.id == A.device_id)
    )
    holds = select(PatientRow.name, HoldRow.code, HoldRow.state, HoldRow.starts_on, HoldRow.ends_on, HoldRow.review_on)
    queries = {
        "appointments": appointments,
        "holds": holds.join(PatientRow, PatientRow.id == HoldRow.patient_id),
        "patients": select(PatientRow.name, PatientRow.phone, PatientRow.email, PatientRow.date_of_birth),
        "audit": select(AuditRow.at, AuditRow.action, AuditRow.reason),
    }
    return {name: sorted((tuple(row) for row in tx.execute(query)), key=repr) for name, query in queries.items()}


@pytest.fixture(scope="module")
def first(databases: Databases) -> Iterator[Told]:
    url = databases.new("sqlite")
    yield played(url, seed=7)
    databases.drop(url)


def test_the_same_seed_makes_the_same_demo(first: Told, database_url: str) -> None:
    again = played(database_url, seed=7)
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in first.items()}
    assert again == first


def test_another_seed_makes_another_demo(first: Told, databases: Databases) -> None:
    url = databases.new("sqlite")
    other = played(url, seed=8)
    assert {name for name, rows in other.items() if rows != first[name]} == set(first)
    databases.drop(url)


def test_a_night_before_a_sunday_has_a_demo_too(first: Told) -> None:
    assert len(first["patients"]) == 24
    assert {row[6].value for row in first["appointments"]} >= {"booked", "fulfilled", "cancelled"}
