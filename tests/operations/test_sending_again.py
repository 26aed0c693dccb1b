"""Messages that did not get through at once: pauses, doubt, and the end of trying."""

from datetime import timedelta
from uuid import UUID

from scheduler.domain.contact import CalendarBy
from scheduler.domain.delivery import MOST_ATTEMPTS, PAUSES
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.messages.sending import LEASE, Attempt, Outcome, release
from tests.support.desk import Desk
from tests.support.post import SENT, SOON, PostRoom, events_in, mail_of
from tests.support.rows import NOW

FAILED = Attempt(Outcome.NOT_SENT, "the mail server answered 451 try later")
DOUBT = Attempt(Outcome.IN_DOUBT, "the mail server could not be reached: TimeoutError")
LATER = NOW + timedelta(days=1)


def booked(room: PostRoom, day: int = 10) -> tuple[UUID, UUID]:
    """A patient who gets invitations and is to be told of one session; the patient and the series."""
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS)
    return patient_id, room.desk.course({1: day}, patient_id=patient_id)


def move(desk: Desk, series_id: UUID, day: int, minutes: int) -> None:
    placement = Placement(1, desk.place.slot(day, 10, "microneedling-pen"))
    now = NOW + timedelta(minutes=minutes)
    desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[placement]), now=now)


def test_pauses_grow_until_the_message_is_dead(room: PostRoom) -> None:
    patient_id, _ = booked(room)
    now, waits = SOON, []
    for _ in range(MOST_ATTEMPTS):
        assert len(room.send(now, lambda _: FAILED)) == 1
        (row,) = room.rows(patient_id)
        waits.append(row.due_at - now)
        assert room.send(row.due_at - timedelta(seconds=1)) == []
        now = row.due_at
    assert tuple(waits[:-1]) == PAUSES
    assert (room.states(patient_id), room.rows(patient_id)[0].error) == (["dead"], FAILED.error)


def test_a_retry_after_a_failure_is_the_same_mail(room: PostRoom) -> None:
    booked(room)
    (first,) = room.send(SOON, lambda _: FAILED)
    (second,) = room.send(LATER)
    assert first == second


def test_a_lease_that_ran_out_sends_the_same_bytes_again(room: PostRoom) -> None:
    patient_id, _ = booked(room)
    (first,) = room.take().leased
    assert room.take(SOON + LEASE - timedelta(seconds=1)).leased == ()
    (second,) = room.take(SOON + LEASE).leased
    assert (first.content, first.lease_id == second.lease_id) == (second.content, False)
    assert room.finish(first, SENT) is False
    assert room.finish(second, SENT) is True
    assert room.states(patient_id) == ["sent"]


def test_a_message_in_doubt_stays_the_same_though_the_next_attempt_surely_fails(room: PostRoom) -> None:
    booked(room)
    (first,) = room.send(SOON, lambda _: DOUBT)
    (second,) = room.send(SOON + PAUSES[0], lambda _: FAILED)
    (third,) = room.send(LATER)
    assert first == second == third


def test_after_a_sure_failure_only_what_stands_is_told(room: PostRoom, desk: Desk) -> None:
    _, series_id = booked(room)
    room.send(SOON, lambda _: FAILED)
    move(desk, series_id, 12, 4)
    (sent,) = room.send(LATER)
    assert mail_of(sent)["Subject"] == "Your appointment on Sat 14 Mar"
    assert [event["METHOD"] for event in events_in(sent)] == ["REQUEST"]


def test_what_was_perhaps_told_is_told_to_have_moved(room: PostRoom, desk: Desk) -> None:
    patient_id, series_id = booked(room)
    (first,) = room.send(SOON, lambda _: DOUBT)
    move(desk, series_id, 12, 4)
    (second,) = room.send(LATER)
    ids = [mail_of(sent)["Message-ID"] for sent in (first, second)]
    assert (mail_of(second)["Subject"], len(set(ids))) == ("Your appointment has moved to Sat 14 Mar 10:00", 2)
    events = [events_in(sent)[0] for sent in (first, second)]
    assert [(event["UID"], event["SEQUENCE"]) for event in events] == [(events[0]["UID"], n) for n in ("0", "1")]
    assert room.states(patient_id) == ["sent", "dropped"]


def test_moved_and_perhaps_told_and_moved_back_is_told(room: PostRoom, desk: Desk) -> None:
    _, series_id = booked(room)
    room.send()
    move(desk, series_id, 12, 4)
    room.send(NOW + timedelta(minutes=7), lambda _: DOUBT)
    move(desk, series_id, 10, 20)
    (sent,) = room.send(LATER)
    assert mail_of(sent)["Subject"] == "Your appointment has moved to Thu 12 Mar 10:00"
    assert events_in(sent)[0]["SEQUENCE"] == "2"


def test_news_does_not_wait_for_what_failed_before_it(room: PostRoom, desk: Desk) -> None:
    patient_id, series_id = booked(room)
    for now in (SOON, SOON + PAUSES[0], SOON + PAUSES[0] + PAUSES[1]):
        room.send(now, lambda _: FAILED)
    move(desk, series_id, 12, 10)
    assert len(room.send(NOW + timedelta(minutes=13))) == 1
    assert sorted(room.states(patient_id)) == ["dropped", "sent"]


def test_nothing_of_a_patient_is_taken_while_something_is_being_sent(room: PostRoom, desk: Desk) -> None:
    _, series_id = booked(room)
    (leased,) = room.take().leased
    move(desk, series_id, 12, 4)
    assert room.take(NOW + timedelta(minutes=7)).leased == ()
    room.finish(leased, SENT, NOW + timedelta(minutes=7))
    (second,) = room.take(NOW + timedelta(minutes=7)).leased
    assert mail_of(second.content)["Subject"] == "Your appointment has moved to Sat 14 Mar 10:00"


def test_what_is_given_back_was_never_tried(room: PostRoom, desk: Desk) -> None:
    patient_id, _ = booked(room)
    (leased,) = room.take().leased
    desk.clinic.database.write(lambda tx: release(tx, [leased]))
    (row,) = room.rows(patient_id)
    assert (row.attempts, row.in_doubt, row.lease_id) == (0, False, None)
    (again,) = room.take().leased
    assert again.content == leased.content


def test_a_message_that_cannot_be_written_stops_no_other(room: PostRoom, desk: Desk) -> None:
    unwritable = room.mail_patient(email="nadia@exa\r\nmple.org")
    desk.visit(unwritable, 4, "consultation")
    desk.visit(room.mail_patient(email="good@example.org"), 5, "consultation")
    assert [sent["to"] for sent in room.send()] == ["good@example.org"]
    (row,) = room.rows(unwritable)
    assert (row.state, row.attempts, row.due_at) == ("waiting", 1, SOON + PAUSES[0])
    assert (row.error or "").startswith("could not be written: ")
