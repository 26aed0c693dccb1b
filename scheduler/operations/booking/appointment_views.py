"""Appointment views: what the rows of appointments say to feeds and letters, and how a patient's event puts it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Transaction

from scheduler.calendars.events import FeedEvent
from scheduler.calendars.privacy import AppointmentView, PrivacyLevel, patient_event
from scheduler.domain.contact import Language
from scheduler.domain.protocol import Phase
from scheduler.messages.visits import session_line
from scheduler.messages.words import words_of
from scheduler.storage import entries

Treatment = tuple[str, Sequence[Phase]]


def treatment_of(tx: Transaction, row: Any) -> Treatment:
    """What an appointment is for, by name, and its phases. The row is one of ``SHOWN``."""
    if row.visit_type_id:
        kind = entries.visit_type(tx, row.visit_type_id)
        return kind.name, kind.phases
    protocol = entries.protocol(tx, row.protocol_id)
    return protocol.name, protocol.phases_for(row.sites, row.addons, row.treatment_extra)


def view_of(
    row: Any, treatment: str, times: tuple[datetime, datetime], alarms_minutes: tuple[int, ...] = ()
) -> AppointmentView:
    """The view of an appointment for whoever is there during ``times`` (UTC). The row is as for ``treatment_of``."""
    return AppointmentView(
        uid=str(row.uid),
        starts_at=times[0],
        ends_at=times[1],
        zone=row.zone,
        sequence=row.sequence,
        status=row.status,
        at_risk=row.at_risk,
        created_at=row.created_at,
        changed_at=row.changed_at,
        clinic_name=row.clinic,
        clinic_address=row.address,
        treatment=treatment,
        session=row.number,
        sessions=row.sessions if row.number else None,
        alarms_minutes=alarms_minutes,
        patient_name=row.patient,
        practitioner=row.practitioner or "",
        room=row.room or "",
    )


def event_in_words(view: AppointmentView, privacy: PrivacyLevel, language: Language) -> FeedEvent:
    """The event that a patient's calendar shows at this level, in the patient's language."""
    event, words = patient_event(view, privacy), words_of(language)
    if privacy is not PrivacyLevel.DETAILED:
        return replace(event, summary=words.say("Appointment"))
    session = session_line(view.session, view.sessions, words)
    return replace(event, summary=words.translated(view.treatment), description=session)
