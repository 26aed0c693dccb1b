"""A clinic with several of everything and draft series of many patients, for a live service to work on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from scheduler.domain.access import Role
from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.booking.series import SeriesRequest, start_series
from scheduler.operations.patients.patients import add_patient
from scheduler.storage.database import Database
from scheduler.storage.rows import QualificationRow, ResourceRow
from scheduler.storage.types import new_id
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import BERLIN

NEEDLING, DEVICE = "microneedling-rejuvenation", "microneedling-pen"
SESSIONS, GAP = 4, 35
STARTS = tuple(time(hour, minute) for hour in range(9, 16) for minute in (0, 30))
"""Wall times at which a treatment of ninety minutes fits into the opening hours."""


@dataclass(frozen=True)
class CrowdedClinic:
    """A clinic that is open from nine to six on all days, with its resources by kind."""

    clinic: Clinic
    resources: dict[ResourceKind, list[UUID]]

    @property
    def database(self) -> Database:
        return self.clinic.database

    @property
    def token(self) -> str:
        """Reception's."""
        return self.clinic.tokens[Role.RECEPTION]

    def patient(self, name: str = "Nadia Okonjo") -> UUID:
        now = datetime.now(UTC)
        return self.clinic.do(lambda c: add_patient(c, name=name, phone="+49 30 5550142"), now=now).patient.id

    def series(self, patient_id: UUID | None = None) -> UUID:
        """A draft of four sessions on the face, of a patient of its own unless one is named."""
        whose = patient_id or self.patient()
        wanted = SeriesRequest(self.clinic.clinic_id, whose, NEEDLING, SESSIONS, ("face",), start_on=day(0))
        started = self.clinic.do(lambda context: start_series(context, wanted), now=datetime.now(UTC))
        return started.snapshot.series.id

    def placement(self, session: int, on: date, at: time = STARTS[0], which: int = 0) -> dict[str, Any]:
        """A session at a wall time on a date, with the resources of this number, as the API takes it."""
        named = {f"{kind.value}_id": str(ids[which % len(ids)]) for kind, ids in self.resources.items()}
        return {"session": session, "starts_at": instant_of(on, at, BERLIN).isoformat(), **named}


def day(number: int) -> date:
    """The clinic date so many days from now on."""
    return clinic_date(datetime.now(UTC), BERLIN) + timedelta(number)


@contextmanager
def crowded_clinic(database_url: str, of_each: int = 6) -> Iterator[CrowdedClinic]:
    """A new clinic in this database, with as many practitioners, rooms and devices of one type."""
    database = Database(database_url)
    clinic = open_clinic(database)
    for number in range(1, of_each):
        add_of_each(clinic, number)
    yield CrowdedClinic(clinic, {kind: _ids(clinic, kind) for kind in ResourceKind})
    database.dispose()


def add_of_each(clinic: Clinic, number: int) -> dict[ResourceKind, UUID]:
    """One more practitioner, qualified for needling, one more room and one more device."""
    owner = {"organisation_id": clinic.organisation_id}
    ids = {kind: new_id() for kind in ResourceKind}
    here = {**owner, "clinic_id": clinic.clinic_id}
    rows = [
        {**here, "id": ids[kind], "kind": kind, "name": f"{kind.value} {number}", "type": _type(kind)}
        for kind in ResourceKind
    ]
    qualified = {**owner, "id": new_id(), "resource_id": ids[ResourceKind.PRACTITIONER], "protocol_code": NEEDLING}

    def write(tx: Any) -> None:
        tx.execute(insert(ResourceRow), rows)
        tx.execute(insert(QualificationRow), qualified)

    clinic.database.write(write)
    return ids


def _type(kind: ResourceKind) -> str | None:
    return DEVICE if kind is ResourceKind.DEVICE else None


def _ids(clinic: Clinic, kind: ResourceKind) -> list[UUID]:
    """The resources of one kind that the treatment can use."""
    here = (ResourceRow.clinic_id == clinic.clinic_id, ResourceRow.kind == kind)
    query = select(ResourceRow.id).where(*here, ResourceRow.type.is_not_distinct_from(_type(kind)))
    with clinic.database.read() as tx:
        return list(tx.scalars(query.order_by(ResourceRow.name)))
