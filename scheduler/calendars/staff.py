"""What the feeds of practitioners, rooms and clinics may show.

A staff calendar lies on private phones and shared screens too. So by default a patient is two initials, enough to
prepare for; the name is shown where the detailed level was asked for. What was agreed on, where and with whom is work,
not a secret. Notes, holds and their reasons, phones and dates of birth are in no feed.
"""

from scheduler.calendars.events import FeedEvent
from scheduler.calendars.privacy import AppointmentView, PrivacyLevel, event_status, session_line
from scheduler.domain.series import AppointmentStatus

STATES = {
    AppointmentStatus.ARRIVED: "Arrived",
    AppointmentStatus.CHECKED_IN: "Checked in",
    AppointmentStatus.FULFILLED: "Performed",
    AppointmentStatus.NOSHOW: "No-show",
}


def staff_event(view: AppointmentView, level: PrivacyLevel) -> FeedEvent:
    """The event that a staff calendar shows at this level. It rings no alarm: people look at their day."""
    name = view.patient_name if level is PrivacyLevel.DETAILED else initials(view.patient_name)
    lines = (session_line(view), f"With {view.practitioner}" if view.practitioner else "", STATES.get(view.status, ""))
    return FeedEvent(
        uid=view.uid,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        zone=view.zone,
        sequence=view.sequence,
        status=event_status(view.status, at_risk=view.at_risk),
        created_at=view.created_at,
        changed_at=view.changed_at,
        summary=f"{name}: {view.treatment}",
        description="\n".join(line for line in lines if line),
        location=", ".join(part for part in (view.room, view.clinic_name) if part),
    )


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name: "Z. Å." for "Zoë Maria Ångström"."""
    words = name.split()
    ends = [*words[:1], *words[1:][-1:]]
    return " ".join(f"{_first_letter(word).upper()}." for word in ends)


def _first_letter(word: str) -> str:
    return next((sign for sign in word if sign.isalpha()), word[0])
