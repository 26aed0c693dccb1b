"""A history to report on: twelve weeks of visits and of series, with no-shows, cancellations, early and late gaps."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.domain.changes import CancelReason
from scheduler.domain.clinic_days import instant_of
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus, SeriesState, SessionState
from scheduler.storage.rows import AppointmentRow, ClaimRow, EntryKind, PatientRow, ResourceRow, SeriesRow, SessionRow
from scheduler.storage.types import new_id
from tests.support.clinic import Clinic
from tests.support.rows import BERLIN

NEEDLING = "microneedling-rejuvenation"
REASONS = (CancelReason.PATIENT, CancelReason.PATIENT, CancelReason.CLINIC, CancelReason.HOLD, CancelReason.REPLAN)


@dataclass
class History:
    """Writes rows into a clinic as its work would have left them."""

    tx: Session
    clinic: Clinic
    taken: set[tuple[date, int, UUID]] = field(default_factory=set)

    @property
    def owner(self) -> dict[str, UUID]:
        return {"organisation_id": self.clinic.organisation_id, "clinic_id": self.clinic.clinic_id}

    def all_of(self, kind: ResourceKind) -> list[UUID]:
        at_clinic = (ResourceRow.clinic_id == self.clinic.clinic_id, ResourceRow.kind == kind)
        return list(self.tx.scalars(select(ResourceRow.id).where(*at_clinic).order_by(ResourceRow.id)))

    def patient(self, name: str = "Nadia Okonjo") -> UUID:
        kept = {"name": name, "search_text": name.casefold(), "phone": "+49 30 5550142", "created_at": _noon(BEGAN)}
        row = PatientRow(organisation_id=self.clinic.organisation_id, **kept)
        self.tx.add(row)
        self.tx.flush()
        return row.id

    def series(self, performed: dict[int, date], state: SeriesState = SeriesState.ACTIVE, *omitted: int) -> UUID:
        """A series of six with these sessions performed and those omitted."""
        begun = {"start_on": BEGAN, "sites": ["face"], "created_at": _noon(BEGAN), "state": state}
        row = SeriesRow(**self.owner, **begun, patient_id=self.patient(), protocol_id=self.clinic.protocol_id(NEEDLING))
        self.tx.add(row)
        self.tx.flush()
        for number in range(1, 7):
            on = performed.get(number)
            happened = SessionState.OMITTED if number in omitted else SessionState.DUE
            happened = happened if on is None else SessionState.SATISFIED
            self.tx.add(SessionRow(**self.owner, series_id=row.id, number=number, performed_on=on, state=happened))
        self.tx.flush()
        return row.id

    def visit(
        self, on: date, hour: int, status: AppointmentStatus, reason: CancelReason | None = None, **given: Any
    ) -> UUID:
        """A visit of an hour, which claims its practitioner and room as long as it is not given back."""
        start = instant_of(on, time(hour), BERLIN)
        where = {"practitioner_id": self.clinic.practitioner_id, "room_id": self.clinic.room_id} | given
        visit_type = self.clinic.entries[EntryKind.VISIT_TYPE, "consultation"]
        patient_id = where.pop("patient_id", None) or self.patient()
        times = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
        row = AppointmentRow(
            **self.owner,
            **times,
            **where,
            id=new_id(),
            patient_id=patient_id,
            visit_type_id=visit_type,
            status=status,
            cancel_reason=reason,
            on_date=on,
            wall_start="",
            created_at=start,
            changed_at=start,
        )
        self.tx.add(row)
        self.tx.flush()
        if status not in (AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW):
            claims = [{**self.owner, **times, "subject_id": one, "appointment_id": row.id} for one in where.values()]
            self.tx.execute(insert(ClaimRow), claims)
        return row.id


BEGAN = date(2026, 3, 2)


def _noon(on: date) -> datetime:
    return instant_of(on, time(12), BERLIN)


def twelve_weeks(clinic: Clinic, today: date) -> None:
    """A life-like history that ends the day before ``today``."""
    clinic.database.write(lambda tx: _twelve_weeks(History(tx, clinic), today))


def _twelve_weeks(history: History, today: date) -> None:
    places = list(zip(history.all_of(ResourceKind.PRACTITIONER), history.all_of(ResourceKind.ROOM), strict=False))
    for days in range(1, 84):
        on = today - timedelta(days)
        for number in range(len(places) * 4 + days * 7 % 5 if on.weekday() < 6 else 0):
            status = AppointmentStatus.NOSHOW if (days * 5 + number * 3) % 11 == 0 else AppointmentStatus.FULFILLED
            person, room = places[number * (number + 3) % len(places)]
            hour = 9 + number // len(places)
            if (on, hour, person) not in history.taken:
                history.taken.add((on, hour, person))
                history.visit(on, hour, status, practitioner_id=person, room_id=room)
        if days % 4 == 0:
            history.visit(on, 17, AppointmentStatus.CANCELLED, REASONS[days // 4 % len(REASONS)])
    states = (SeriesState.COMPLETED, SeriesState.ACTIVE, SeriesState.ACTIVE, SeriesState.REVOKED)
    for number in range(40):
        gap = 35 + (number * 7 % 15 - 7) + (9 if number % 9 == 0 else 0)
        last = today - timedelta(3 + number % 20)
        history.series({1: last - timedelta(gap), 2: last}, states[number % len(states)])
