"""Feeds as they are drawn: whose appointments they show, at which times, and what they never say."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import insert, update

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.domain.changes import AppointmentBooked, AppointmentCancelled, AppointmentStatusChanged, CancelReason
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.calendars.feeds import draw_feed
from scheduler.storage import feed_appointments
from scheduler.storage.database import Database
from scheduler.storage.feeds import FeedOwner, OwnerKind
from scheduler.storage.rows import HoldRow, PatientRow
from tests.support.ics_bytes import check_feed
from tests.support.queries import counted
from tests.support.rows import NOW
from tests.support.stored_course import NINE, StoredCourse, moved

DAY = timedelta(days=1)
MINUTES_20, MINUTES_50, HOUR = (timedelta(minutes=minutes) for minutes in (20, 50, 60))
STATUS = AppointmentStatus
KINDS = {"patient": OwnerKind.PATIENT, "clinic": OwnerKind.CLINIC}


@pytest.fixture
def course(database_url: str) -> Iterator[StoredCourse]:
    database = Database(database_url)
    yield StoredCourse(database)
    database.dispose()


def owner(course: StoredCourse, name: str, privacy: PrivacyLevel = PrivacyLevel.DISCREET) -> FeedOwner:
    return FeedOwner(course.ids["organisation"], KINDS.get(name, OwnerKind.RESOURCE), course.ids[name], privacy)


def drawn(
    course: StoredCourse, name: str, privacy: PrivacyLevel = PrivacyLevel.DISCREET, now: datetime = NOW
) -> list[Any]:
    """The events that somebody's feed shows."""
    with course.database.read() as tx:
        body = draw_feed(tx, owner(course, name, privacy), now).body
    check_feed(body)
    return list(Calendar.from_ical(body).walk("VEVENT"))


def texts(event: Any) -> tuple[str, ...]:
    return tuple(str(event.get(name, "")) for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))


def times(event: Any) -> tuple[datetime, datetime]:
    return event["DTSTART"].dt, event["DTEND"].dt


def booked(course: StoredCourse, session: int = 1, days: int = 0) -> AppointmentBooked:
    made = course.booked(session, course.slot(NINE + days * DAY))
    course.apply(made)
    return made


@pytest.mark.parametrize(
    ("name", "starts", "ends"),
    [
        ("patient", timedelta(0), MINUTES_50),
        ("practitioner1", MINUTES_20, MINUTES_50),
        ("room1", timedelta(0), HOUR),
        ("device1", MINUTES_20, HOUR),
        ("clinic", timedelta(0), HOUR),
    ],
)
def test_each_sees_the_time_of_its_own_part(
    course: StoredCourse, name: str, starts: timedelta, ends: timedelta
) -> None:
    booked(course)
    assert [times(event) for event in drawn(course, name)] == [(NINE + starts, NINE + ends)]


@pytest.mark.parametrize("name", ["practitioner1", "room1", "device1", "clinic"])
def test_staff_see_two_initials_the_treatment_and_where_with_whom(course: StoredCourse, name: str) -> None:
    booked(course)
    expected = ("Z. Å.: Probe", "Session 1 of 4\nWith practitioner 1", "room 1, Main street")
    assert [texts(event) for event in drawn(course, name)] == [expected]


def test_at_the_detailed_level_staff_see_the_name(course: StoredCourse) -> None:
    booked(course)
    (event,) = drawn(course, "clinic", PrivacyLevel.DETAILED)
    assert str(event["SUMMARY"]) == "Zoë Ångström: Probe"


def test_no_feed_tells_notes_holds_or_phones(course: StoredCourse) -> None:
    booked(course)

    def note(tx: Any) -> None:
        tx.execute(update(PatientRow).values(note="secret-note"))
        theirs = {"organisation_id": course.ids["organisation"], "patient_id": course.ids["patient"]}
        rule = {"rule_id": course.ids["visit_type"], "code": "secret-hold", "scope": "systemic", "note": "secret-why"}
        dates = {"starts_on": NOW.date(), "ends_on": NOW.date(), "end_rule": "on_date", "state": "active"}
        tx.execute(insert(HoldRow).values(**theirs, **rule, **dates, placed_by=course.ids["user"], placed_at=NOW))

    course.database.write(note)
    for name in ("patient", "practitioner1", "clinic"):
        with course.database.read() as tx:
            body = draw_feed(tx, owner(course, name, PrivacyLevel.DETAILED), NOW).body
        assert [word for word in (b"secret", b"1234") if word in body] == []


def test_what_moves_to_a_colleague_leaves_the_one_calendar_and_enters_the_other(course: StoredCourse) -> None:
    first = booked(course)
    uid = drawn(course, "practitioner1")[0]["UID"]
    course.apply(moved(first, course.slot(NINE, 2)))
    assert drawn(course, "practitioner1") == []
    (event,) = drawn(course, "practitioner2")
    assert (event["UID"], event["SEQUENCE"], times(event)) == (uid, 1, (NINE + MINUTES_20, NINE + MINUTES_50))


@pytest.mark.parametrize("name", ["patient", "practitioner1", "room1", "clinic"])
def test_what_is_cancelled_stays_a_fortnight_and_leaves_without_any_write(course: StoredCourse, name: str) -> None:
    first = booked(course)
    course.apply(AppointmentCancelled(first.appointment_id, 1, first.slot, first.on, CancelReason.PATIENT))
    (event,) = drawn(course, name)
    assert (str(event["STATUS"]), str(event["TRANSP"]), event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    midnight = datetime.fromisoformat("2026-04-13T00:00:00+02:00")
    assert len(drawn(course, name, now=midnight - timedelta(seconds=1))) == 1
    assert drawn(course, name, now=midnight) == []


@pytest.mark.parametrize(
    ("after", "frees", "said"),
    [(STATUS.FULFILLED, False, "Performed"), (STATUS.FULFILLED, True, "Performed"), (STATUS.NOSHOW, True, "No-show")],
)
def test_what_was_performed_or_missed_stays_for_a_year(
    course: StoredCourse, after: AppointmentStatus, frees: bool, said: str
) -> None:
    first = booked(course)
    course.apply(AppointmentStatusChanged(first.appointment_id, STATUS.BOOKED, after, frees=frees))
    for name in ("practitioner1", "clinic"):
        later = drawn(course, name, now=NINE + 364 * DAY)
        assert [texts(event)[1].splitlines()[-1] for event in later] == [said]
        assert drawn(course, name, now=NINE + 366 * DAY) == []


def test_an_error_is_in_no_feed(course: StoredCourse) -> None:
    first = booked(course)
    course.apply(AppointmentStatusChanged(first.appointment_id, STATUS.BOOKED, STATUS.ENTERED_IN_ERROR, frees=True))
    assert [drawn(course, name) for name in ("patient", "practitioner1", "clinic")] == [[], [], []]


@pytest.mark.parametrize("name", ["practitioner1", "clinic"])
def test_a_long_past_of_the_staff_is_cut_and_the_future_is_not(
    course: StoredCourse, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_appointments, "MOST_PAST", 1)
    for session in (1, 2, 3, 4):
        booked(course, session, 30 * session)
    shown = drawn(course, name, now=NINE + 75 * DAY)
    assert [event["DTSTART"].dt.date() for event in shown] == [(NINE + days * DAY).date() for days in (60, 90, 120)]


def test_a_feed_takes_as_many_queries_for_three_appointments_as_for_one(course: StoredCourse) -> None:
    sent: dict[int, list[int]] = {}
    for session in (1, 2, 3):
        booked(course, session, 30 * session)
        drawn(course, "patient")  # a version of the catalogue is read once in a process
        sent[session] = []
        for name in ("patient", "practitioner1", "clinic"):
            with counted(course.database.engine) as statements:
                drawn(course, name)
            sent[session].append(len(statements))
    assert sent[3] == sent[1]


def test_an_empty_feed_of_the_staff_has_its_name_and_zone(course: StoredCourse) -> None:
    with course.database.read() as tx:
        told = [draw_feed(tx, owner(course, name), NOW).body for name in ("practitioner1", "clinic")]
    for body, name in zip(told, (b"practitioner 1", b"Main street"), strict=True):
        check_feed(body)
        assert b"\r\nNAME:" + name + b"\r\n" in body
        assert b"X-WR-TIMEZONE:Europe/Berlin" in body
