"""A clinic on its busiest day: eight practitioners, with fifteen appointments each, booked as at a front desk."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from bench.crowds import Crowded
from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.rosters import WeeklyHours
from scheduler.domain.slots import Slot
from scheduler.operations.booking.booking import book_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.series import SeriesRequest, start_series
from scheduler.operations.booking.visiting import book_visit
from scheduler.operations.context import Context
from scheduler.operations.patients.patients import add_patient
from scheduler.operations.places.clinics import set_up_clinic
from scheduler.operations.places.qualifications import qualify
from scheduler.operations.places.resources import add_resource

PRACTITIONERS, EACH = 8, 15
PEEL, VISIT = "chemical-peel-superficial", "consultation"
MINUTES = 45
ZONE, OPENS, CLOSES = "Europe/Berlin", 8, 20
WEEK = tuple(WeeklyHours(weekday, (OPENS * 60, CLOSES * 60)) for weekday in range(7))


@dataclass(frozen=True)
class BusyDay:
    """The clinic, the date, and who works there."""

    clinic_id: UUID
    on: date
    practitioners: tuple[UUID, ...]

    @property
    def path(self) -> str:
        """Where the API shows the day."""
        return f"/api/v1/days/{self.on}?clinic={self.clinic_id}"


def busy_day(crowded: Crowded) -> BusyDay:
    """Add the clinic to a crowd, with 120 appointments a fortnight ahead: sessions and visits in turn."""
    on = clinic_date(crowded.now, ZONE) + timedelta(14)
    clinic_id, lanes = crowded.database.write(lambda tx: _opened(crowded.context(tx)))
    for lane in lanes:
        for number in range(EACH):
            starts_at = instant_of(on, time(OPENS), ZONE) + timedelta(minutes=number * MINUTES)
            book = _book_session if number % 2 else _book_visit
            crowded.database.write(partial(_booked, crowded, clinic_id, Slot(starts_at, lane), book))
    return BusyDay(clinic_id, on, tuple(lane[ResourceKind.PRACTITIONER] for lane in lanes))


def _opened(context: Context) -> tuple[UUID, list[dict[ResourceKind, UUID]]]:
    clinic_id = set_up_clinic(context, name="Busy", zone=ZONE, country="DE", opening=WEEK).id
    lanes = [
        {
            kind: add_resource(context, clinic_id=clinic_id, kind=kind, name=f"{kind.value} {number}").id
            for kind in (ResourceKind.PRACTITIONER, ResourceKind.ROOM)
        }
        for number in range(PRACTITIONERS)
    ]
    for lane in lanes:
        qualify(context, resource_id=lane[ResourceKind.PRACTITIONER], protocol=PEEL, seen=None)
    return clinic_id, lanes


def _booked(crowded: Crowded, clinic_id: UUID, slot: Slot, book: Any, tx: object) -> None:
    context = crowded.context(tx)
    patient_id = add_patient(context, name="Somebody New", phone="+44 7700 900123").patient.id
    book(context, clinic_id, patient_id, slot)


def _book_session(context: Context, clinic_id: UUID, patient_id: UUID, slot: Slot) -> None:
    series = start_series(context, SeriesRequest(clinic_id, patient_id, PEEL, 6, ["face"])).snapshot.series
    book_sessions(context, series_id=series.id, placements=[Placement(1, slot)])


def _book_visit(context: Context, clinic_id: UUID, patient_id: UUID, slot: Slot) -> None:
    book_visit(context, clinic_id=clinic_id, patient_id=patient_id, visit_type=VISIT, slot=slot)
