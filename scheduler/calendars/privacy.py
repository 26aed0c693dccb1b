"""What a patient's feed may show. By default "Appointment" and the clinic's name, never the treatment.

Calendars are shared with partners and employers, and lie on lock screens. Notes are in no feed at all.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.calendars.events import EventStatus, FeedEvent
from scheduler.domain.series import AppointmentStatus


class PrivacyLevel(StrEnum):
    """How much the patient wants their calendar to say. ``DISCREET`` is the default, ``DETAILED`` is asked for."""

    DISCREET = "discreet"
    DETAILED = "detailed"


DISCREET_SUMMARY = "Appointment"
TAKEN_BACK = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """An appointment as a feed may need it. Instants are aware and in UTC, the zone is the clinic's.

    The times are those of the feed's owner: a practitioner is needed for a part of the patient's.
    ``session`` and ``sessions`` are the number of the session and the length of its series, None for a single visit.
    ``aftercare_url`` is a link, never the text itself.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    sequence: int
    status: AppointmentStatus
    at_risk: bool
    created_at: datetime
    changed_at: datetime
    clinic_name: str
    clinic_address: str
    treatment: str
    session: int | None = None
    sessions: int | None = None
    aftercare_url: str | None = None
    alarms_minutes: tuple[int, ...] = ()
    patient_name: str = ""
    practitioner: str = ""
    room: str = ""


def patient_event(view: AppointmentView, level: PrivacyLevel) -> FeedEvent:
    """The event that the patient's calendar shows at this level, and nothing beyond it."""
    is_detailed = level is PrivacyLevel.DETAILED
    return FeedEvent(
        uid=view.uid,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        zone=view.zone,
        sequence=view.sequence,
        status=event_status(view.status, at_risk=view.at_risk),
        created_at=view.created_at,
        changed_at=view.changed_at,
        summary=view.treatment if is_detailed else DISCREET_SUMMARY,
        description=session_line(view) if is_detailed else "",
        location=_place(view) if is_detailed else view.clinic_name,
        url=view.aftercare_url if is_detailed else None,
        alarms_minutes=view.alarms_minutes,
    )


def event_status(status: AppointmentStatus, *, at_risk: bool) -> EventStatus:
    """How a calendar shows an appointment: what was taken back is cancelled, what is at risk is not yet sure."""
    if status in TAKEN_BACK:
        return EventStatus.CANCELLED
    return EventStatus.AT_RISK if at_risk else EventStatus.BOOKED


def session_line(view: AppointmentView) -> str:
    """Which session of its series an appointment is; nothing for a single visit."""
    if view.session is None:
        return ""
    return f"Session {view.session}" + (f" of {view.sessions}" if view.sessions else "")


def _place(view: AppointmentView) -> str:
    return ", ".join(part for part in (view.clinic_name, view.clinic_address) if part)
