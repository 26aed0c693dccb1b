"""A desk: patients, series and bookings made through the operations, so that tests begin where people do.

Days are numbered from the day of ``NOW``, Monday, 2 March 2026.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.domain.clinic_days import instant_of
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Slot
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.series import SeriesRequest, SeriesSheet, show_series, start_series
from scheduler.operations.booking.visiting import BookedVisit, book_visit
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import add_patient
from scheduler.storage.rows import ClaimRow, ClinicRow, OpeningHoursRow, PatientRow, QualificationRow, ResourceRow
from tests.support.clinic import Clinic
from tests.support.rows import BERLIN, NOW

T = TypeVar("T")

NEEDLING = "microneedling-rejuvenation"
PEEL = "chemical-peel-superficial"
RF = "rf-microneedling"


def day(number: int) -> date:
    return NOW.date() + timedelta(number)


def at(number: int, hour: int = 12) -> datetime:
    """An instant on that day."""
    return datetime.combine(day(number), time(hour), UTC)


@dataclass(frozen=True)
class Place:
    """One clinic of the organisation and its resources, one of each kind."""

    clinic_id: UUID
    zone: str
    resources: Mapping[ResourceKind, UUID]
    devices: Mapping[str, UUID]

    def slot(self, number: int, hour: int = 10, device: str | None = None) -> Slot:
        """At this hour of the wall clock on that day."""
        named = dict(self.resources) | ({ResourceKind.DEVICE: self.devices[device]} if device else {})
        return Slot(instant_of(day(number), time(hour), self.zone), named)


@dataclass(frozen=True)
class Desk:
    """What people at the desk do in one organisation."""

    clinic: Clinic
    place: Place

    def do(self, deed: Callable[[Context], T], role: Role = Role.RECEPTION, now: datetime = NOW) -> T:
        return self.clinic.do(deed, role, now)

    def read(self, work: Callable[[Session], T]) -> T:
        with self.clinic.database.read() as tx:
            return work(tx)

    def patient(self, name: str = "Nadia Okonjo") -> UUID:
        return self.do(lambda context: add_patient(context, name=name, phone="+49 30 5550142")).patient.id

    def revision(self, patient_id: UUID) -> int:
        """The patient's revision as it is now."""
        return self.read(
            lambda tx: tx.execute(select(PatientRow.revision).where(PatientRow.id == patient_id)).scalar_one()
        )

    def series(
        self,
        patient_id: UUID,
        sessions: int = 4,
        protocol: str = NEEDLING,
        sites: Collection[str] = ("face",),
        place: Place | None = None,
        now: datetime = NOW,
    ) -> UUID:
        wanted = SeriesRequest((place or self.place).clinic_id, patient_id, protocol, sessions, tuple(sites))
        return self.do(lambda context: start_series(context, wanted), now=now).snapshot.series.id

    def book(
        self,
        series_id: UUID,
        days: Mapping[int, int],
        hour: int = 10,
        place: Place | None = None,
        device: str | None = "microneedling-pen",
        now: datetime = NOW,
    ) -> Deed:
        """Book sessions, by number, on days, by number."""
        where = place or self.place
        placements = [Placement(session, where.slot(on, hour, device)) for session, on in days.items()]
        return self.do(lambda context: book_sessions(context, series_id=series_id, placements=placements), now=now)

    def course(self, days: Mapping[int, int], sessions: int = 4, patient_id: UUID | None = None) -> UUID:
        """A booked series of needling on the face, of a patient of its own unless one is named."""
        series_id = self.series(patient_id or self.patient(), sessions)
        self.book(series_id, days)
        return series_id

    def visit(
        self, patient_id: UUID, number: int, visit_type: str, hour: int = 15, sites: Collection[str] = ()
    ) -> UUID:
        """A single visit on that day; its device is named when it treats."""
        slot = self.place.slot(number, hour, "microneedling-pen" if sites else None)

        def deed(context: Context) -> BookedVisit:
            where = self.place.clinic_id
            return book_visit(
                context, clinic_id=where, patient_id=patient_id, visit_type=visit_type, slot=slot, sites=tuple(sites)
            )

        return self.do(deed).appointment_id

    def sheet(self, series_id: UUID, now: datetime = NOW) -> SeriesSheet:
        return self.do(lambda context: show_series(context, series_id), now=now)

    def dates(self, series_id: UUID, now: datetime = NOW) -> dict[int, int]:
        """The sessions with a live appointment and their days, by number."""
        sessions = self.sheet(series_id, now).snapshot.series.sessions
        return {s.number: (s.booking.on - NOW.date()).days for s in sessions if s.booking}

    def at_risk(self, series_id: UUID, now: datetime = NOW) -> list[int]:
        """The sessions whose appointments are at risk."""
        sessions = self.sheet(series_id, now).snapshot.series.sessions
        return [s.number for s in sessions if s.booking and s.booking.at_risk]

    def claims(self, subject_id: UUID) -> list[datetime]:
        """When the claims of a resource or patient start."""
        query = select(ClaimRow.starts_at).where(ClaimRow.subject_id == subject_id).order_by(ClaimRow.starts_at)
        return self.read(lambda tx: list(tx.scalars(query)))


def desk_of(clinic: Clinic) -> Desk:
    """The desk of a clinic that is ready to work."""
    return Desk(clinic, clinic.database.write(lambda tx: _place(tx, clinic.clinic_id, BERLIN)))


def second_clinic(desk: Desk, zone: str) -> Place:
    """Another clinic of the organisation: the same hours of its own clock, its own people and things."""
    return desk.clinic.database.write(lambda tx: _opened(tx, desk, zone))


def _opened(tx: Session, desk: Desk, zone: str) -> Place:
    owner = {"organisation_id": desk.clinic.organisation_id}
    clinic = ClinicRow(**owner, name="Second street", zone=zone, country="US", created_at=NOW)
    tx.add(clinic)
    tx.flush()
    here = {**owner, "clinic_id": clinic.id}
    for weekday in range(7):
        tx.add(OpeningHoursRow(**here, weekday=weekday, opens_minute=540, closes_minute=1080))
    for kind, name, sort in (
        (ResourceKind.PRACTITIONER, "Grace", None),
        (ResourceKind.ROOM, "Room 2", None),
        (ResourceKind.DEVICE, "pen", "microneedling-pen"),
    ):
        tx.add(ResourceRow(**here, kind=kind, name=name, type=sort))
    tx.flush()
    place = _place(tx, clinic.id, zone)
    grace = place.resources[ResourceKind.PRACTITIONER]
    tx.add(QualificationRow(**owner, resource_id=grace, protocol_code=NEEDLING))
    return place


def _place(tx: Session, clinic_id: UUID, zone: str) -> Place:
    rows = tx.scalars(select(ResourceRow).where(ResourceRow.clinic_id == clinic_id)).all()
    people = {ResourceKind(row.kind): row.id for row in rows if row.kind != ResourceKind.DEVICE}
    return Place(clinic_id, zone, people, {row.type: row.id for row in rows if row.type})
