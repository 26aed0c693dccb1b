"""Patient visits: a patient, and how each appointment stands that there may be something to tell of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.events import FeedEvent
from scheduler.calendars.privacy import TAKEN_BACK, AppointmentView, PrivacyLevel, patient_event
from scheduler.domain.contact import CalendarBy, Contact, Language
from scheduler.domain.news import Known
from scheduler.domain.slots import patient_times
from scheduler.messages.visits import Visit, session_line
from scheduler.messages.words import words_of
from scheduler.operations.care import Care, care_of
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, ClinicRow, PatientRow, SeriesRow, SessionRow, table

A = table(AppointmentRow)
CLINICS, SERIES, SESSIONS = table(ClinicRow), table(SeriesRow), table(SessionRow)
PATIENTS = table(PatientRow)
_COUNTED = SESSIONS.alias()
_SESSIONS = select(func.count()).where(_COUNTED.c.series_id == A.c.series_id).scalar_subquery()
_APPOINTMENTS = (
    select(A, SESSIONS.c.number, _SESSIONS.label("sessions"), SERIES.c.protocol_id)
    .add_columns(SERIES.c.sites.label("series_sites"), SERIES.c.addons)
    .select_from(A)
    .outerjoin(SESSIONS, SESSIONS.c.id == A.c.session_id)
    .outerjoin(SERIES, SERIES.c.id == A.c.series_id)
    .order_by(A.c.starts_at, A.c.id)
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom to tell, and how."""

    id: UUID
    organisation_id: UUID
    name: str
    contact: Contact
    calendar_by: CalendarBy
    language: Language
    email: str | None
    phone: str | None
    privacy: PrivacyLevel


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
        event, visit, words = patient_event(self.view, privacy), self.in_words(privacy), words_of(language)
        summary = words.say("Appointment") if visit.treatment is None else words.translated(visit.treatment)
        return replace(event, sequence=known.sequence, summary=summary, description=session_line(visit, words))


def addressee(tx: Transaction, patient_id: UUID) -> Addressee:
    """The patient as somebody to tell."""
    names = Addressee.__dataclass_fields__
    row = tx.execute(select(*(PATIENTS.c[name] for name in names)).where(PATIENTS.c.id == patient_id)).one()
    return Addressee(*row)


def patient_visits(
    tx: Transaction, patient_id: UUID, also: Collection[UUID], now: datetime
) -> dict[UUID, PatientVisit]:
    """A patient's appointments to come after ``now`` (UTC), and others by id, in the order of time."""
    wanted = or_(A.c.starts_at > now, A.c.id.in_(also))
    rows = tx.execute(_APPOINTMENTS.where(A.c.patient_id == patient_id, wanted)).all()
    clinics = clinics_of(tx, {row.clinic_id for row in rows})
    return {row.id: _visit(tx, row, clinics[row.clinic_id]) for row in rows}


def clinics_of(tx: Transaction, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    """Clinics by id, with name, zone, address and phone."""
    columns = (CLINICS.c.id, CLINICS.c.name, CLINICS.c.zone, CLINICS.c.address, CLINICS.c.phone)
    return {row.id: row for row in tx.execute(select(*columns).where(CLINICS.c.id.in_(ids)))}


def _visit(tx: Transaction, row: Any, clinic: Any) -> PatientVisit:
    view = _view(tx, row, clinic)
    gone = row.status in TAKEN_BACK
    known = Known(view.starts_at, view.ends_at, clinic.id, clinic.address, row.sequence, cancelled=gone)
    return PatientVisit(row.id, known, view, clinic.phone, care_of(tx, row))


def _view(tx: Transaction, row: Any, clinic: Any) -> AppointmentView:
    if row.visit_type_id:
        kind = entries.visit_type(tx, row.visit_type_id)
        phases, treatment = kind.phases, kind.name
    else:
        protocol = entries.protocol(tx, row.protocol_id)
        phases, treatment = protocol.phases_for(row.series_sites, row.addons, row.treatment_extra), protocol.name
    starts_at, ends_at = patient_times(row.starts_at, phases)
    return AppointmentView(
        uid=str(row.uid),
        starts_at=starts_at,
        ends_at=ends_at,
        zone=clinic.zone,
        sequence=row.sequence,
        status=row.status,
        at_risk=row.at_risk,
        created_at=row.created_at,
        changed_at=row.changed_at,
        clinic_name=clinic.name,
        clinic_address=clinic.address,
        treatment=treatment,
        session=row.number,
        sessions=row.sessions if row.number else None,
    )
