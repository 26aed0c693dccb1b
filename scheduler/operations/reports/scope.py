"""Scope: of which clinic, which period and whose patients a report speaks."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, ColumnElement, false, select, text, true

from scheduler.domain.access import Action, Allowance, Role, require
from scheduler.domain.refusals import NotAllowed
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.reports.periods import Period
from scheduler.storage.rows import AppointmentRow, ClaimRow, table
from scheduler.storage.rows.appointments import ENDED_SQL

APPOINTMENTS, CLAIMS = table(AppointmentRow), table(ClaimRow)


@dataclass(frozen=True, slots=True)
class Scope:
    """``practitioner_id`` narrows all to a practitioner's own patients; ``is_own`` says that it is narrowed at all."""

    clinic_id: UUID
    zone: str
    period: Period
    is_own: bool = False
    practitioner_id: UUID | None = None

    def theirs(self, patient_id: "Column[UUID]") -> ColumnElement[bool]:
        """Whether a patient counts: anybody, or who has or had an appointment with the practitioner."""
        if not self.is_own:
            return true()
        if self.practitioner_id is None:
            return false()
        place = APPOINTMENTS.c.practitioner_id == self.practitioner_id
        ended = select(APPOINTMENTS.c.patient_id).where(place, text(f"appointments.{ENDED_SQL}"))
        live = select(APPOINTMENTS.c.patient_id).join(CLAIMS, CLAIMS.c.appointment_id == APPOINTMENTS.c.id)
        return patient_id.in_(ended.union_all(live.where(CLAIMS.c.subject_id == self.practitioner_id)))


def scope_of(context: Context, clinic_id: UUID, period: Period) -> Scope:
    """What the actor may have reported: a manager all, a practitioner their own patients. Raises ``NotAllowed``."""
    width = require(context.actor, Action.SEE_AUDIT)
    if width is Allowance.OWN and Role.PRACTITIONER not in context.actor.roles:
        raise NotAllowed("Reports are for the staff.", action=Action.SEE_AUDIT.value)
    clinic = clinic_of(context, clinic_id)
    return Scope(clinic.id, clinic.zone, period, width is Allowance.OWN, context.actor.resource_id)
