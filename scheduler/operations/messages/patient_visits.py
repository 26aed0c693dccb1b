"""Patient visits: a patient, and how each appointment stands that there may be something to tell of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.events import FeedEvent
from scheduler.calendars.privacy import TAKEN_BACK, AppointmentView, PrivacyLevel
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.news import Known
from scheduler.domain.slots import patient_times
from scheduler.messages.visits import Visit
from scheduler.operations.booking.appointment_views import event_in_words, treatment_of, view_of
from scheduler.operations.messages.care import Care, care_of
from scheduler.storage.feed_appointments import SHOWN
from scheduler.storage.rows import AppointmentRow, ClinicRow, PatientRow, table

A = AppointmentRow
CLINICS, PATIENTS = table(ClinicRow), table(PatientRow)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom to tell, and how. ``reminder_days`` is the patient's own wish, if any."""

    id: UUID
    organisation_id: UUID
    name: str
    contact: Contact
    calendar_by: CalendarBy
    language: Language
    email: str | None
    phone: str | None
    privacy: PrivacyLevel
    reminder_days: int | None


@dataclass(frozen=True, slots=True)
class PatientVisit:
    """One appointment as it stands, with the patient's own times. ``known`` is what the patient knows once told."""

    id: UUID
    known: Known
    view: AppointmentView
    phone: str
    care: Care

    def in_words(self, privacy: PrivacyLevel) -> Visit:
        """As a letter may tell of it."""
        view, named = self.view, privacy is PrivacyLevel.DETAILED
        treatment = (view.treatment, view.session, view.sessions) if named else (None, None, None)
        place = (view.zone, view.clinic_name, view.clinic_address, self.phone)
        return Visit(view.starts_at, view.ends_at, *place, *treatment)

    def as_event(self, known: Known, privacy: PrivacyLevel, language: Language) -> FeedEvent:
        """As a mail invites to it, in the language of the mail."""
        return replace(event_in_words(self.view, privacy, language), sequence=known.sequence)


def addressee(tx: Transaction, patient_id: UUID) -> Addressee:
    """The patient as somebody to tell."""
    names = Addressee.__dataclass_fields__
    row = tx.execute(select(*(PATIENTS.c[name] for name in names)).where(PATIENTS.c.id == patient_id)).one()
    return Addressee(*row)


def patient_visits(
    tx: Transaction, patient_id: UUID, also: Collection[UUID], now: datetime
) -> dict[UUID, PatientVisit]:
    """A patient's appointments to come after ``now`` (UTC), and others by id, in the order of time."""
    wanted = or_(A.starts_at > now, A.id.in_(also))
    rows = tx.execute(SHOWN.where(A.patient_id == patient_id, wanted)).all()
    return {row.id: _visit(tx, row) for row in rows}


def clinics_of(tx: Transaction, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    """Clinics by id, with name, zone, address and phone."""
    columns = (CLINICS.c.id, CLINICS.c.name, CLINICS.c.zone, CLINICS.c.address, CLINICS.c.phone)
    return {row.id: row for row in tx.execute(select(*columns).where(CLINICS.c.id.in_(ids)))}


def _visit(tx: Transaction, row: Any) -> PatientVisit:
    treatment, phases = treatment_of(tx, row)
    view = view_of(row, treatment, patient_times(row.starts_at, phases))
    gone = row.status in TAKEN_BACK
    known = Known(view.starts_at, view.ends_at, row.clinic_id, row.address, row.sequence, cancelled=gone)
    return PatientVisit(row.id, known, view, row.phone, care_of(tx, row))
