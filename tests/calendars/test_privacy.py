"""What a patient's feed gives away at each level."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.calendars.events import EventStatus
from scheduler.calendars.feed import render_feed
from scheduler.calendars.privacy import AppointmentView, PrivacyLevel, event_status, patient_event
from scheduler.domain.series import AppointmentStatus
from tests.calendars.samples import a_feed
from tests.support.ics_bytes import check_feed

VIEW = AppointmentView(
    uid="5d1c8f0a-92f8-4d6e-8f3a-0d3c7a1b2e4f",
    starts_at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 3, 3, 10, 15, tzinfo=UTC),
    zone="Europe/London",
    sequence=4,
    status=AppointmentStatus.BOOKED,
    at_risk=False,
    created_at=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
    changed_at=datetime(2026, 2, 1, 12, 30, tzinfo=UTC),
    clinic_name="Harbour Clinic",
    clinic_address="3 Quay Street, Bristol",
    treatment="Laser, upper lip",
    session=2,
    sessions=6,
    aftercare_url="https://example.org/aftercare/laser",
    alarms_minutes=(120,),
)


def test_by_default_a_feed_says_appointment_and_the_clinics_name() -> None:
    event = patient_event(VIEW, PrivacyLevel.DISCREET)
    assert (event.summary, event.location, event.description, event.url) == ("Appointment", "Harbour Clinic", "", None)


def test_no_byte_of_a_discreet_feed_tells_the_treatment() -> None:
    data = render_feed(a_feed(patient_event(VIEW, PrivacyLevel.DISCREET)))
    check_feed(data)
    assert [word for word in (b"aser", b"lip", b"Session", b"Quay", b"aftercare") if word in data] == []


def test_who_asks_for_more_sees_treatment_session_address_and_aftercare() -> None:
    event = patient_event(VIEW, PrivacyLevel.DETAILED)
    assert (event.summary, event.description) == ("Laser, upper lip", "Session 2 of 6")
    assert event.location == "Harbour Clinic, 3 Quay Street, Bristol"
    assert event.url == "https://example.org/aftercare/laser"


def test_a_single_visit_has_no_session_number() -> None:
    view = replace(VIEW, session=None, sessions=None, clinic_address="")
    event = patient_event(view, PrivacyLevel.DETAILED)
    assert (event.description, event.location) == ("", "Harbour Clinic")


def test_a_session_of_a_series_of_open_length_has_its_number_only() -> None:
    assert patient_event(replace(VIEW, sessions=None), PrivacyLevel.DETAILED).description == "Session 2"


@pytest.mark.parametrize("level", PrivacyLevel)
def test_time_and_history_are_the_same_at_every_level(level: PrivacyLevel) -> None:
    event = patient_event(VIEW, level)
    assert (event.uid, event.starts_at, event.ends_at, event.zone) == (
        VIEW.uid,
        VIEW.starts_at,
        VIEW.ends_at,
        VIEW.zone,
    )
    assert (event.sequence, event.created_at, event.changed_at) == (4, VIEW.created_at, VIEW.changed_at)
    assert event.alarms_minutes == (120,)


@pytest.mark.parametrize(
    ("status", "at_risk", "shown"),
    [
        (AppointmentStatus.BOOKED, False, EventStatus.BOOKED),
        (AppointmentStatus.BOOKED, True, EventStatus.AT_RISK),
        (AppointmentStatus.ARRIVED, False, EventStatus.BOOKED),
        (AppointmentStatus.CHECKED_IN, False, EventStatus.BOOKED),
        (AppointmentStatus.FULFILLED, False, EventStatus.BOOKED),
        (AppointmentStatus.NOSHOW, False, EventStatus.BOOKED),
        (AppointmentStatus.CANCELLED, False, EventStatus.CANCELLED),
        (AppointmentStatus.CANCELLED, True, EventStatus.CANCELLED),
        (AppointmentStatus.ENTERED_IN_ERROR, False, EventStatus.CANCELLED),
    ],
)
def test_each_state_has_its_place_in_a_calendar(status: AppointmentStatus, at_risk: bool, shown: EventStatus) -> None:
    assert event_status(status, at_risk=at_risk) is shown
