"""A clinic with its people and things, written as rows: the ground for tests of what reads them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from scheduler.catalogue import protocol_to_json
from scheduler.domain.access import Actor, Role
from scheduler.domain.protocol import Phase, Protocol, ResourceKind, SpacingRule
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.storage.rows import (
    AbsenceRow,
    AppointmentRow,
    CatalogueEntryRow,
    ClaimRow,
    ClinicRow,
    ClosureRow,
    EntryKind,
    KeepRow,
    OpeningHoursRow,
    OrganisationRow,
    PatientRow,
    ResourceRow,
    RosterDayRow,
    SeriesRow,
    SessionRow,
    UserRow,
    WorkingHoursRow,
)

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Monday, 2 March 2026, nine in the morning in Berlin."""


PROBE = Protocol(
    code="probe",
    version=1,
    name="Probe",
    min_sessions=1,
    max_sessions=6,
    spacing=SpacingRule(21, 28, 35, 42),
    phases=(Phase("treatment", 60, frozenset({ResourceKind.PRACTITIONER, ResourceKind.ROOM}), True),),
)


@dataclass
class Ground:
    """Writes rows of one organisation and one clinic into an open transaction; every method flushes."""

    tx: Session
    zone: str = BERLIN
    organisation_id: UUID = field(init=False)
    clinic_id: UUID = field(init=False)
    user_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.organisation_id = self.add(OrganisationRow(name="Skin"))
        self.clinic_id = self.clinic(self.zone)
        self.user_id = self.add(UserRow(organisation_id=self.organisation_id, name="Somebody"))
        self._protocol_id: UUID | None = None

    def add(self, row: Any) -> UUID:
        self.tx.add(row)
        self.tx.flush()
        return UUID(str(row.id))

    def clinic(self, zone: str = BERLIN, opens: int = 9, closes: int = 18, days: range = range(7)) -> UUID:
        """A clinic that is open on these weekdays, in hours of its wall clock."""
        kept = {"name": "Main street", "zone": zone, "country": "DE", "created_at": NOW}
        clinic_id = self.add(ClinicRow(organisation_id=self.organisation_id, **kept))
        for weekday in days:
            self.add(
                OpeningHoursRow(
                    organisation_id=self.organisation_id,
                    clinic_id=clinic_id,
                    weekday=weekday,
                    opens_minute=opens * 60,
                    closes_minute=closes * 60,
                )
            )
        return clinic_id

    def actor(self, *roles: Role, resource_id: UUID | None = None) -> Actor:
        return Actor(self.user_id, self.organisation_id, "Somebody", frozenset(roles), resource_id)

    def context(self, *roles: Role, resource_id: UUID | None = None, now: datetime = NOW) -> Context:
        return Context(self.tx, self.actor(*roles, resource_id=resource_id), now)

    def resource(self, kind: ResourceKind = ResourceKind.PRACTITIONER, name: str = "Ada", **values: Any) -> UUID:
        return self.add(ResourceRow(**self._here(values), kind=kind, name=name))

    def weekly(self, resource_id: UUID, weekday: int, starts: int, ends: int, **values: Any) -> UUID:
        """Working hours of every week, in hours of the wall clock."""
        minutes = {"starts_minute": starts * 60, "ends_minute": ends * 60}
        return self.add(WorkingHoursRow(**self._here(values), resource_id=resource_id, weekday=weekday, **minutes))

    def single_day(self, resource_id: UUID, on: date, starts: int | None, ends: int | None, **values: Any) -> UUID:
        """A date that differs from the usual week, in hours of the wall clock."""
        minutes = {
            "starts_minute": starts if starts is None else starts * 60,
            "ends_minute": ends if ends is None else ends * 60,
        }
        return self.add(RosterDayRow(**self._here(values), resource_id=resource_id, on_date=on, **minutes))

    def absence(self, resource_id: UUID, starts_at: datetime, ends_at: datetime, label: str = "") -> UUID:
        times = {"starts_at": starts_at, "ends_at": ends_at, "label": label}
        return self.add(AbsenceRow(**self._here(times), resource_id=resource_id))

    def closure(self, starts_on: date, ends_on: date, label: str = "Closed") -> UUID:
        return self.add(ClosureRow(**self._here({}), starts_on=starts_on, ends_on=ends_on, label=label))

    def patient(self, name: str = "Zoë Ångström", phone: str | None = "+49 30 1234") -> UUID:
        kept = {"name": name, "search_text": name.casefold(), "phone": phone, "created_at": NOW}
        return self.add(PatientRow(organisation_id=self.organisation_id, **kept))

    def claim(self, subject_id: UUID, starts_at: datetime, minutes: int, **owner: UUID) -> None:
        """A claim of an appointment (``appointment_id``) or a keep (``keep_id``)."""
        ends_at = starts_at + timedelta(minutes=minutes)
        self.tx.add(ClaimRow(**self._here({}), subject_id=subject_id, starts_at=starts_at, ends_at=ends_at, **owner))
        self.tx.flush()

    def protocol(self) -> UUID:
        """The entry of one short protocol, made when first asked for."""
        if self._protocol_id is None:
            entry = {"code": "probe", "version": 1, "definition": protocol_to_json(PROBE), "created_at": NOW}
            row = CatalogueEntryRow(organisation_id=self.organisation_id, kind=EntryKind.PROTOCOL, **entry)
            self._protocol_id = self.add(row)
        return self._protocol_id

    def series(self, patient_id: UUID, sessions: int = 1, **values: Any) -> tuple[UUID, list[UUID]]:
        """A series under that protocol; its id and its sessions' ids."""
        kept = {"patient_id": patient_id, "protocol_id": self.protocol(), "start_on": NOW.date(), "sites": ["face"]}
        series_id = self.add(SeriesRow(**self._here(kept | values), created_at=NOW))
        made = [self.add(SessionRow(**self._here({}), series_id=series_id, number=n)) for n in range(1, sessions + 1)]
        return series_id, made

    def appointment(self, patient_id: UUID, starts_at: datetime, minutes: int = 60, **values: Any) -> UUID:
        """An appointment with a claim of its practitioner, room and device for all its minutes."""
        if "session_id" not in values and "visit_type_id" not in values:
            series_id, (session_id,) = self.series(patient_id)
            values |= {"series_id": series_id, "session_id": session_id}
        wall = starts_at.isoformat(timespec="minutes")
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes), "wall_start": wall}
        kept = self._here({"on_date": starts_at.date(), "created_at": NOW, "changed_at": NOW} | times | values)
        appointment_id = self.add(AppointmentRow(patient_id=patient_id, **kept))
        claimed = {values.get(kind) for kind in ("practitioner_id", "room_id", "device_id")} - {None}
        for subject_id in claimed if values.get("status", AppointmentStatus.BOOKED) in CLAIMING else ():
            self.claim(UUID(str(subject_id)), starts_at, minutes, appointment_id=appointment_id)
        return appointment_id

    def keep(self, patient_id: UUID, kept_until: datetime, **values: Any) -> UUID:
        """A keep without claims."""
        series_id, _ = self.series(patient_id)
        kept = {"kept_by": self.user_id, "placements": [], "created_at": NOW, "kept_until": kept_until}
        return self.add(KeepRow(**self._here(kept | values), patient_id=patient_id, series_id=series_id))

    def _here(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"organisation_id": self.organisation_id, "clinic_id": self.clinic_id} | values


CLAIMING = (
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.CHECKED_IN,
    AppointmentStatus.FULFILLED,
)
