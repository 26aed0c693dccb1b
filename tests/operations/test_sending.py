"""Messages from the deed to the patient: what is told, once, and what is not."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.changes import CancelReason
from scheduler.domain.contact import Contact
from scheduler.operations.booking.attending import cancel
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.undoing import undo
from tests.support.desk import Desk
from tests.support.post import SOON, PostRoom, mail_of
from tests.support.rows import NOW

LATER = NOW + timedelta(days=1)


def move(desk: Desk, series_id: UUID, session: int, day: int, seconds: int = 0) -> UUID:
    """Move a session to that day, so many seconds from the beginning; the deed's id."""
    placement = Placement(session, desk.place.slot(day, 10, "microneedling-pen"))
    now = NOW + timedelta(seconds=seconds)
    return desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[placement]), now=now).id


def appointment(desk: Desk, series_id: UUID, session: int) -> UUID:
    booking = desk.sheet(series_id).snapshot.series.session(session).booking
    assert booking is not None
    return booking.appointment_id


def told_course(room: PostRoom, days: dict[int, int] | None = None) -> tuple[UUID, UUID]:
    """A patient, told by mail of a booked course; the patient and the series."""
    patient_id = room.mail_patient()
    series_id = room.desk.course(days or {1: 10}, patient_id=patient_id)
    room.send()
    return patient_id, series_id


def test_a_booking_is_told_after_three_minutes_and_not_before(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient()
    desk.course({1: 10, 2: 45}, patient_id=patient_id)
    assert room.send(SOON - timedelta(seconds=1)) == []
    (sent,) = room.send(SOON)
    assert (sent["to"], mail_of(sent)["Subject"]) == ("nadia@example.org", "Your 2 appointments")
    assert room.send(LATER) == []


def test_a_move_and_back_within_three_minutes_sends_nothing(room: PostRoom, desk: Desk) -> None:
    patient_id, series_id = told_course(room)
    move(desk, series_id, 1, 12, 300)
    move(desk, series_id, 1, 10, 400)
    assert (room.send(LATER), room.states(patient_id)) == ([], ["sent", "dropped", "dropped"])


def test_two_moves_send_one_message_that_says_where_it_ends(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    move(desk, series_id, 1, 12, 300)
    move(desk, series_id, 1, 13, 400)
    assert room.send(NOW + timedelta(seconds=300 + 180)) == []
    (sent,) = room.send(NOW + timedelta(seconds=400 + 180))
    assert mail_of(sent)["Subject"] == "Your appointment has moved to Sun 15 Mar 10:00"


def test_what_is_cancelled_meanwhile_is_not_sent(room: PostRoom, desk: Desk) -> None:
    series_id = desk.course({1: 10}, patient_id=room.mail_patient())
    id_ = appointment(desk, series_id, 1)
    desk.do(lambda c: cancel(c, appointment_id=id_, cancel_reason=CancelReason.PATIENT), now=NOW)
    assert room.send(LATER) == []


def test_an_undone_booking_sends_nothing(room: PostRoom, desk: Desk) -> None:
    series_id = desk.series(room.mail_patient())
    deed = desk.book(series_id, {1: 10})
    desk.do(lambda c: undo(c, deed_id=deed.id))
    assert room.send(LATER) == []


def test_an_undone_cancellation_sends_nothing_and_the_next_move_is_told(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    id_ = appointment(desk, series_id, 1)
    deed = desk.do(lambda c: cancel(c, appointment_id=id_, cancel_reason=CancelReason.PATIENT), now=NOW)
    desk.do(lambda c: undo(c, deed_id=deed.id))
    assert room.send(NOW + timedelta(hours=1)) == []
    move(desk, series_id, 1, 12, 7200)
    assert mail_of(room.send(LATER)[0])["Subject"] == "Changes to your appointments"


def test_a_deed_done_again_by_undoing_the_undo_is_told(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    deed_id = move(desk, series_id, 1, 12, 300)
    back = desk.do(lambda c: undo(c, deed_id=deed_id), now=NOW + timedelta(seconds=400))
    desk.do(lambda c: undo(c, deed_id=back.id), now=NOW + timedelta(seconds=500))
    assert len(room.send(LATER)) == 1


def test_who_was_told_at_the_desk_is_told_of_what_follows(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient()
    series_id = desk.series(patient_id)
    placement = Placement(1, desk.place.slot(10, 10, "microneedling-pen"))
    desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[placement], tell_patient=False))
    assert room.send() == []
    move(desk, series_id, 1, 12, 300)
    assert mail_of(room.send(LATER)[0])["Subject"].startswith("Your appointment has moved")


def test_who_wants_no_messages_gets_none(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(contact=Contact.NONE)
    desk.course({1: 10}, patient_id=patient_id)
    assert (room.send(), room.states(patient_id)) == ([], ["dropped"])


def test_text_messages_are_short_and_go_to_the_phone(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(contact=Contact.TEXT)
    desk.course({1: 10}, patient_id=patient_id)
    (sent,) = room.send()
    assert (sent["to"], "needling" in sent["text"].lower()) == ("+49 30 5550142", False)
    assert sent["id"] == f"{room.rows(patient_id)[0].id}.1"


@pytest.mark.parametrize(
    ("contact", "why"),
    [
        (Contact.PHONE, None),
        (Contact.EMAIL, "no mail server is set up"),
        (Contact.TEXT, "no text gateway is set up"),
    ],
)
def test_who_cannot_be_written_to_stands_on_the_call_list(
    room: PostRoom, desk: Desk, contact: Contact, why: str | None
) -> None:
    room.post = type(room.post)("visits@clinic.example", "key", "https://clinic.example", frozenset())
    patient_id = room.mail_patient(contact=contact)
    desk.course({1: 10}, patient_id=patient_id)
    room.send()
    (row,) = room.rows(patient_id)
    assert (row.state, row.error, bool(row.content and row.content["say"])) == ("to_call", why, True)
    assert room.told(patient_id) == {}


def test_a_later_change_takes_the_place_of_an_earlier_call(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(contact=Contact.PHONE)
    series_id = desk.course({1: 10}, patient_id=patient_id)
    room.send()
    move(desk, series_id, 1, 12, 300)
    room.send(LATER)
    assert room.states(patient_id) == ["dropped", "to_call"]
