"""Courses at random: clinics, protocols and patients with all that can lapse a window, written as rows.

Dates lie around the day of ``NOW``. Most patients are plain: nothing but time bears on their series.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from scheduler.catalogue import contraindication_to_json, protocol_to_json, visit_type_to_json
from scheduler.domain.holds import EndRule, HoldState, Scope
from scheduler.domain.protocol import Protocol, SpacingRule
from scheduler.domain.series import AppointmentStatus, SeriesState, SessionState
from scheduler.storage import entries
from scheduler.storage.rows import CatalogueEntryRow, EntryKind, HoldRow, SessionRow
from tests.support.rows import BERLIN, NOW, PROBE, Ground

ZONES = (BERLIN, "Pacific/Auckland", "America/Los_Angeles", "Europe/London")
PATIENTS = 40


def protocols() -> tuple[Protocol, ...]:
    """Wide windows, narrow ones, and steps that differ."""
    rules = (SpacingRule(21, 28, 35, 42, 28), SpacingRule(0, 7, 7, 8), SpacingRule(5, 14, 20, 35, 14))
    plain = (replace(PROBE, code=f"probe-{n}", spacing=rule) for n, rule in enumerate(rules))
    return (*plain, replace(PROBE, code="steps", step_spacing={3: SpacingRule(7, 10, 12, 14)}))


@dataclass
class CoursesAtRandom:
    """Everything is drawn from one seed."""

    ground: Ground
    chance: Random

    def write(self) -> None:
        """All of it, at four clinics: one is open every day, one is closed for weeks, one never opens."""
        shipped, ground = entries.shipped(), self.ground
        protocol_ids = [self._entry(EntryKind.PROTOCOL, one.code, protocol_to_json(one)) for one in protocols()]
        treats = shipped.visit_types["single-treatment"]
        visit_type = self._entry(EntryKind.VISIT_TYPE, treats.code, visit_type_to_json(treats))
        rule = self._entry(
            EntryKind.CONTRAINDICATION, "any", contraindication_to_json(shipped.contraindications["open-wound"])
        )
        for zone, weekdays in zip(ZONES, (range(7), range(6), range(1, 5), range(0)), strict=True):
            ground.clinic_id = ground.clinic(zone, days=weekdays)
            for longest in (1, 4, 20)[: len(weekdays) // 2]:
                start = self._day(-40, 120)
                ground.closure(start, start + timedelta(self.chance.randint(0, longest)))
            for _ in range(PATIENTS if weekdays else 3):
                self._patient(protocol_ids, visit_type, rule)

    def _patient(self, protocol_ids: list[UUID], visit_type: UUID, rule: UUID) -> None:
        patient_id = self.ground.patient()
        for _ in range(self._often(0.4) + 1):
            self._course(patient_id, self.chance.choice(protocol_ids))
        if self._often(0.1):
            self._hold(patient_id, rule)
        if self._often(0.1):
            self._booked(patient_id, self._day(-60, 60), visit_type_id=visit_type, sites=["face"])

    def _course(self, patient_id: UUID, protocol_id: UUID) -> None:
        odd, on = self._often(0.25), self._day(-230, 0)
        state = SeriesState.REVOKED if odd and self._often(0.1) else SeriesState.ACTIVE
        count, done = self.chance.randint(2, 6), self.chance.randint(1, 5)
        series_id, sessions = self.ground.series(patient_id, count, protocol_id=protocol_id, state=state, start_on=on)
        for number, session_id in enumerate(sessions, 1):
            self._session(patient_id, series_id, session_id, on, performed=number <= done, odd=odd)
            on += timedelta(self.chance.randint(5, 45))

    def _session(
        self, patient_id: UUID, series_id: UUID, session_id: UUID, on: date, *, performed: bool, odd: bool
    ) -> None:
        row = self.ground.tx.get_one(SessionRow, session_id)
        if odd and self._often(0.1):
            row.state = SessionState.OMITTED
        elif odd and self._often(0.2):
            row.continued_from = on
            row.continued_until = on + timedelta(self.chance.randint(0, 20))
        elif performed and not (odd and self._often(0.2)) and on <= NOW.date():
            row.state, row.performed_on = SessionState.SATISFIED, on
        elif self._often(0.3):
            self._booked(patient_id, on, series_id=series_id, session_id=session_id)
        self.ground.tx.flush()

    def _booked(self, patient_id: UUID, on: date, **of: Any) -> None:
        status = self.chance.choice((AppointmentStatus.BOOKED, AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED))
        starts_at = datetime.combine(on, time(12), UTC)
        reason = "patient" if status is AppointmentStatus.CANCELLED else None
        self.ground.appointment(patient_id, starts_at, status=status, cancel_reason=reason, **of)

    def _hold(self, patient_id: UUID, rule: UUID) -> None:
        start, end_rule = self._day(-60, 30), self.chance.choice(tuple(EndRule))
        self.ground.add(
            HoldRow(
                organisation_id=self.ground.organisation_id,
                patient_id=patient_id,
                rule_id=rule,
                code="open-wound",
                scope=Scope.SYSTEMIC,
                starts_on=start,
                ends_on=start + timedelta(self.chance.randint(0, 60)),
                review_on=start + timedelta(10),
                end_rule=end_rule,
                state=self.chance.choice(tuple(HoldState)),
                placed_by=self.ground.user_id,
                placed_at=NOW,
            )
        )

    def _entry(self, kind: EntryKind, code: str, definition: dict[str, Any]) -> UUID:
        values = {"kind": kind, "code": code, "version": 1, "definition": definition, "created_at": NOW}
        return self.ground.add(CatalogueEntryRow(organisation_id=self.ground.organisation_id, **values))

    def _day(self, first: int, last: int) -> date:
        return NOW.date() + timedelta(self.chance.randint(first, last))

    def _often(self, part: float) -> bool:
        return self.chance.random() < part
