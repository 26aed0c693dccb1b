"""A program of others reads our mails in order and ends with the calendar that the database has."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.changes import CancelReason
from scheduler.domain.contact import CalendarBy, Language
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.booking.attending import cancel
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.messages.patient_visits import patient_visits
from tests.support.invitee import Invitee
from tests.support.post import PostRoom, events_in, mail_of
from tests.support.readers import Read
from tests.support.rows import NOW

WORDS = {AppointmentStatus.BOOKED: "CONFIRMED", AppointmentStatus.CANCELLED: "CANCELLED"}
Standing = dict[str, tuple[object, ...]]


def deliver(room: PostRoom, invitee: Invitee, hours: int) -> int:
    """Send all that is due after so many hours to the other program; the number of mails."""
    sent = room.send(NOW + timedelta(hours=hours))
    for content in sent:
        invitee.receive(mail_of(content))
    return len(sent)


def standing(room: PostRoom, patient_id: UUID) -> Standing:
    """The patient's appointments as the database has them, by UID."""
    visits = room.desk.read(lambda tx: patient_visits(tx, patient_id, [], NOW))
    views = [visit.view for visit in visits.values()]
    return {view.uid: (view.starts_at, view.ends_at, WORDS[view.status]) for view in views}


def seen(calendar: dict[str, Read]) -> Standing:
    return {uid: (event.starts_at, event.ends_at, event.status) for uid, event in calendar.items()}


def test_a_request_an_update_and_a_cancellation_end_in_the_state_of_the_database(
    room: PostRoom, tmp_path: Path
) -> None:
    desk, invitee = room.desk, Invitee(tmp_path)
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS)
    series_id = desk.course({1: 10, 2: 45}, patient_id=patient_id)
    assert deliver(room, invitee, 1) == 1
    booked = standing(room, patient_id)
    assert (len(booked), seen(invitee.calendar)) == (2, booked)

    slot = desk.place.slot(50, 14, "microneedling-pen")
    desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[Placement(2, slot)]), now=NOW)
    assert deliver(room, invitee, 2) == 1
    moved = standing(room, patient_id)
    assert (moved != booked, seen(invitee.calendar)) == (True, moved)

    booking = desk.sheet(series_id).snapshot.series.session(2).booking
    assert booking is not None
    reason = CancelReason.PATIENT
    desk.do(lambda c: cancel(c, appointment_id=booking.appointment_id, cancel_reason=reason), now=NOW)
    assert deliver(room, invitee, 3) == 1
    cancelled = standing(room, patient_id)
    assert sorted(status for _, _, status in cancelled.values()) == ["CANCELLED", "CONFIRMED"]
    assert seen(invitee.calendar) == cancelled


@pytest.mark.parametrize(
    ("privacy", "said"),
    [
        (PrivacyLevel.DISCREET, [("Termin", None)]),
        (PrivacyLevel.DETAILED, [("Microneedling zur Hautverjüngung", "Sitzung 1 von 4")]),
    ],
)
def test_an_invitation_speaks_the_language_of_its_mail(
    room: PostRoom, privacy: PrivacyLevel, said: list[tuple[str, str | None]]
) -> None:
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS, language=Language.GERMAN, privacy=privacy)
    room.desk.course({1: 10}, patient_id=patient_id)
    (sent,) = room.send()
    assert [(event["SUMMARY"], event.get("DESCRIPTION")) for event in events_in(sent)] == said
