"""A full day at a clinic, as rows: every status, long names and many scripts, phases that overlap, a lunch, a hold.

``now`` is the instant at which it is looked at: what lies before it is done, what follows is booked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.series import AppointmentStatus, SeriesState
from scheduler.storage.rows import (
    AbsenceRow,
    AppointmentRow,
    EntryKind,
    HoldRow,
    PatientAnswer,
    PatientRow,
    ResourceRow,
    SeriesRow,
    SessionRow,
    WorkingHoursRow,
)
from scheduler.storage.types import new_id
from tests.support.clinic import Clinic
from tests.support.rows import BERLIN

STAFF = (
    "Beatriz Falcão",
    "Dr Amara Osei",
    "Tomasz Wrona",
    "Niamh Kerrigan",
    "Prof. Dr. Wolfeschlegelsteinhausenbergerdorff",
    "李秀英",
    "Zoë Ångström",
    "محمد الفارسي",
    "Þórunn Häkkinen",
    "Nguyễn Thị Hồng",
    "Jean-Baptiste de la Fontaine",
    "O’Brien",
)
PATIENTS = (
    "Priya Raman",
    "Mirela Costin",
    "Joan Merriweather",
    "Llanfairpwllgwyngyll Gogerychwyrndrobwllllantysiliogogogoch-Hernández de la Cruz",
    "王小明",
    "فاطمة الزهراء بنت عبد الرحمن",
    "Ніна Олександрівна Шевченко",
    "Teodora Ilić",
    "אברהם בן־דוד",
    "Ruth Adeyemi",
    "Dvořáková-Nováková",
    "นภา ศรีสุวรรณ",
    "Ravi Menon",
    "김민준",
    "Εύα Παπαδοπούλου",
    "Wen Li",
)
KINDS = (
    ("microneedling-rejuvenation", 75),
    ("chemical-peel-superficial", 40),
    ("consultation", 45),
    ("microneedling-rejuvenation", 75),
    ("laser-hair-removal-body", 45),
    ("review", 20),
)
STEP = 45
"""Minutes from one start to the next: a treatment begins while the next patient's cream takes effect."""


@dataclass(frozen=True)
class FullDay:
    """The day, its appointments in the order in which they were made, and the one that is on hold."""

    on: date
    appointments: tuple[UUID, ...]
    held: UUID


def full_day(clinic: Clinic, now: datetime, practitioners: int = 4, each: int = 8) -> FullDay:
    """Fill the clinic's day on which ``now`` lies: so many practitioners, with so many appointments each."""
    return clinic.database.write(lambda tx: _Writer(tx, clinic, now).day(practitioners, each))


@dataclass
class _Writer:
    tx: Session
    clinic: Clinic
    now: datetime

    @property
    def on(self) -> date:
        return clinic_date(self.now, BERLIN)

    def day(self, practitioners: int, each: int) -> FullDay:
        people, rooms = self._resources(practitioners)
        numbers = count()
        made = [
            self._appointment(next(numbers), person, room, start)
            for column, (person, room) in enumerate(zip(people, rooms, strict=True))
            for start in self._starts(column, each)
        ]
        return FullDay(self.on, tuple(made), self._hold(made))

    def _starts(self, column: int, each: int) -> Iterator[datetime]:
        begin = instant_of(self.on, time(8), BERLIN) + timedelta(minutes=15 * (column % 4))
        steps = (begin + timedelta(minutes=STEP * n) for n in count())
        noon = instant_of(self.on, time(12), BERLIN)
        free = (at for at in steps if not noon <= at < noon + timedelta(hours=1))
        for _ in range(each):
            yield next(free)

    def _resources(self, number: int) -> tuple[list[UUID], list[UUID]]:
        owner = {"organisation_id": self.clinic.organisation_id, "clinic_id": self.clinic.clinic_id}
        people, rooms = [new_id() for _ in range(number)], [new_id() for _ in range(number)]
        made = [
            {**owner, "id": id_, "kind": kind, "name": name}
            for kind, ids, names in (
                (ResourceKind.PRACTITIONER, people, STAFF),
                (ResourceKind.ROOM, rooms, [f"Treatment {n + 1}" for n in range(number)]),
            )
            for id_, name in zip(ids, names, strict=False)
        ]
        self.tx.execute(insert(ResourceRow), made)
        hours = {**owner, "weekday": self.on.weekday(), "resource_id": people[-1]}
        self.tx.execute(insert(WorkingHoursRow), [{**hours, "starts_minute": 600, "ends_minute": 960}])
        noon = instant_of(self.on, time(12), BERLIN)
        away = {**owner, "starts_at": noon, "ends_at": noon + timedelta(minutes=45), "label": "Lunch"}
        self.tx.execute(insert(AbsenceRow), [{**away, "resource_id": person} for person in people])
        return people, rooms

    def _appointment(self, number: int, person: UUID, room: UUID, start: datetime) -> UUID:
        code, minutes = KINDS[number % len(KINDS)]
        end = start + timedelta(minutes=minutes)
        owner = {"organisation_id": self.clinic.organisation_id, "clinic_id": self.clinic.clinic_id}
        made = {"created_at": self.now, "changed_at": self.now}
        times = {"starts_at": start, "ends_at": end, "wall_start": "", "on_date": self.on}
        where = {"practitioner_id": person, "room_id": room}
        row = AppointmentRow(
            **owner, **made, **times, **where, **self._about(number, code, owner), **self._state(number, start, end)
        )
        self.tx.add(row)
        self.tx.flush()
        return row.id

    def _about(self, number: int, code: str, owner: dict[str, Any]) -> dict[str, Any]:
        """Whose appointment it is, and for what: a visit, or a session of a series."""
        name = PATIENTS[number % len(PATIENTS)]
        kept = {"name": name, "search_text": name.casefold(), "phone": f"+49 30 555{number:04}", "created_at": self.now}
        patient = PatientRow(organisation_id=self.clinic.organisation_id, **kept)
        self.tx.add(patient)
        self.tx.flush()
        if (EntryKind.VISIT_TYPE, code) in self.clinic.entries:
            return {"patient_id": patient.id, "visit_type_id": self.clinic.entries[EntryKind.VISIT_TYPE, code]}
        return {"patient_id": patient.id, **self._session(number, code, patient.id, owner)}

    def _session(self, number: int, code: str, patient_id: UUID, owner: dict[str, Any]) -> dict[str, Any]:
        begun = {"patient_id": patient_id, "start_on": self.on, "sites": ["face"], "created_at": self.now}
        series = SeriesRow(**owner, **begun, protocol_id=self.clinic.protocol_id(code), state=SeriesState.ACTIVE)
        self.tx.add(series)
        self.tx.flush()
        sessions = [SessionRow(**owner, series_id=series.id, number=n + 1) for n in range(4)]
        self.tx.add_all(sessions)
        self.tx.flush()
        return {"series_id": series.id, "session_id": sessions[number % 4].id}

    def _state(self, number: int, start: datetime, end: datetime) -> dict[str, Any]:
        """Done before now, and a no-show among it; in session or waiting around now; booked or confirmed later."""
        if end <= self.now:
            return {"status": AppointmentStatus.NOSHOW if number % 5 == 3 else AppointmentStatus.FULFILLED}
        if start <= self.now:
            arrived = {"arrived_at": start - timedelta(minutes=number % 8)}
            status = (AppointmentStatus.CHECKED_IN, AppointmentStatus.ARRIVED)[number % 2]
            return {"status": status, **arrived} if number % 3 else {}
        answer = PatientAnswer.ACCEPTED if number % 2 else PatientAnswer.NEEDS_ACTION
        return {"patient_answer": answer, "at_risk": number % 11 == 6}

    def _hold(self, appointments: list[UUID]) -> UUID:
        """A proposed hold on the last patient with a treatment to come."""
        rows = (self.tx.get_one(AppointmentRow, id_) for id_ in reversed(appointments))
        held = next(row for row in rows if row.series_id and row.starts_at > self.now)
        rule = next(id_ for (kind, code), id_ in self.clinic.entries.items() if code == HELD_FOR)
        dates = {"starts_on": self.on, "ends_on": self.on + timedelta(7), "end_rule": EndRule.ON_DATE}
        placed = {"placed_by": self.clinic.actor().user_id, "placed_at": self.now, "state": HoldState.PROPOSED}
        about = {"rule_id": rule, "code": HELD_FOR, "scope": Scope.SYSTEMIC, "patient_id": held.patient_id}
        self.tx.add(HoldRow(organisation_id=self.clinic.organisation_id, **about, **dates, **placed))
        self.tx.flush()
        return held.id


HELD_FOR = "retinoid-acid"
