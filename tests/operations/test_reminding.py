"""One message before a visit and the advice after it: on time, at a humane hour, and never for a visit that is not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.clinic_days import instant_of
from scheduler.domain.contact import Contact, Language
from scheduler.operations.booking.attending import arrive, cancel, check_in, correct, perform
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.holds.hold_endings import dismiss_hold
from scheduler.operations.messages.reminding import remind
from scheduler.storage.database import Database
from tests.operations.test_sending import appointment, told_course
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, day, desk_of
from tests.support.hold_orders import propose, wish
from tests.support.post import PostRoom, mail_of
from tests.support.rows import BERLIN

VISIT_DAY = 10
LINES = {"Before you come:", "Leave out retinol, acids and scrubs.", "Come with clean skin, without make-up or cream."}


@pytest.fixture
def room(database_url: str) -> Iterator[PostRoom]:
    """A post room of its own: it sends whatever is due in its database."""
    database = Database(database_url)
    yield PostRoom(desk_of(open_clinic(database)))
    database.dispose()


@pytest.fixture
def desk(room: PostRoom) -> Desk:
    return room.desk


def at(number: int, hour: int, minute: int = 0) -> datetime:
    """This hour of the clinic's clock on that day."""
    return instant_of(day(number), time(hour, minute), BERLIN)


def found(room: PostRoom, now: datetime) -> int:
    return room.desk.clinic.database.write(lambda tx: remind(tx, room.desk.place.clinic_id, now))


def sent(room: PostRoom, now: datetime) -> list[str]:
    """The subjects of what goes out when the worker looks at this instant."""
    found(room, now)
    return [str(mail_of(content)["Subject"]) for content in room.send(now)]


def text_of(content: Any) -> str:
    """The plain text of a mail without its line breaks."""
    body = mail_of(content).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


REMINDER = ["Reminder: your appointment on Thu 12 Mar"]


def test_a_reminder_comes_three_days_before_at_ten_with_what_to_do(room: PostRoom) -> None:
    told_course(room)
    assert sent(room, at(7, 9, 59)) == []
    found(room, at(7, 10))
    (content,) = room.send(at(7, 10))
    assert mail_of(content)["Subject"] == REMINDER[0]
    assert all(line in text_of(content) for line in LINES)


def test_nobody_is_reminded_twice(room: PostRoom) -> None:
    told_course(room)
    assert [sent(room, at(7, hour)) for hour in (10, 11, 12)] == [REMINDER, [], []]
    assert sent(room, at(8, 10)) == []


def test_the_patient_chooses_how_many_days_before(room: PostRoom) -> None:
    patient_id, _ = told_course(room)
    room.choose(patient_id, reminder_days=1)
    assert (sent(room, at(7, 10)), sent(room, at(9, 10))) == ([], REMINDER)
    other, _ = told_course(room, {1: 20})
    room.choose(other, reminder_days=0)
    assert [sent(room, at(number, 10)) for number in range(16, 20)] == [[], [], [], []]


def test_a_cancelled_visit_is_not_reminded_of_even_when_the_message_waits_already(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    assert found(room, at(7, 10)) == 1
    id_ = appointment(desk, series_id, 1)
    desk.do(lambda c: cancel(c, appointment_id=id_, cancel_reason=CancelReason.PATIENT), now=at(7, 10))
    assert room.send(at(7, 10, 1)) == []
    assert all("Reminder" not in subject for subject in sent(room, at(7, 11)))


def test_a_visit_that_moved_away_is_reminded_of_on_its_new_date_only(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    assert found(room, at(7, 10)) == 1
    placement = Placement(1, desk.place.slot(20, 10, "microneedling-pen"))
    desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[placement]), now=at(7, 10))
    assert room.send(at(7, 10, 1)) == []
    assert sent(room, at(7, 10, 4)) == ["Your appointment has moved to Sun 22 Mar 10:00"]
    assert sent(room, at(17, 10)) == ["Reminder: your appointment on Sun 22 Mar"]


def test_who_has_just_been_told_is_not_reminded(room: PostRoom) -> None:
    patient_id = room.mail_patient()
    room.desk.course({1: 3}, patient_id=patient_id)
    assert len(room.send(at(0, 12))) == 1
    assert [sent(room, at(number, 10)) for number in range(4)] == [[], [], [], []]


def test_a_visit_that_is_still_news_is_not_reminded_of(room: PostRoom) -> None:
    room.desk.course({1: 2}, patient_id=room.mail_patient())
    assert (found(room, at(0, 10)), len(room.send(at(0, 10)))) == (0, 1)
    assert found(room, at(0, 11)) == 0


def said(room: PostRoom, now: datetime) -> list[bool]:
    """Of each mail that goes out when the worker looks at this instant: whether it says what to do before."""
    found(room, now)
    texts = [text_of(content) for content in room.send(now)]
    assert all(text.count("Before you come:") <= 1 for text in texts)
    return [all(line in text for line in LINES) for text in texts]


def move(desk: Desk, series_id: UUID, number: int, now: datetime, hour: int = 10) -> None:
    placement = Placement(1, desk.place.slot(number, hour, "microneedling-pen"))
    desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[placement]), now=now)


def test_who_is_told_too_late_for_a_reminder_hears_at_once_what_to_do(room: PostRoom) -> None:
    room.desk.course({1: 3, 2: 33}, patient_id=room.mail_patient())
    assert said(room, at(0, 12)) == [True]
    assert [said(room, at(number, 10)) for number in range(1, 4)] == [[], [], []]


def test_who_will_be_reminded_hears_it_then_and_not_before(room: PostRoom) -> None:
    room.desk.course({1: 10}, patient_id=room.mail_patient())
    assert [said(room, at(0, 12)), said(room, at(7, 10)), said(room, at(8, 10))] == [[False], [True], []]


def test_who_wants_no_reminder_hears_it_with_the_booking_and_not_with_a_move(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient()
    room.choose(patient_id, reminder_days=0)
    series_id = desk.course({1: 20}, patient_id=patient_id)
    assert said(room, at(0, 12)) == [True]
    move(desk, series_id, 21, at(1, 10))
    assert said(room, at(1, 11)) == [False]


def test_a_late_move_says_it_unless_the_reminder_has(room: PostRoom, desk: Desk) -> None:
    _, reminded = told_course(room)
    assert said(room, at(7, 10)) == [True]
    move(desk, reminded, 9, at(7, 11))
    assert said(room, at(7, 12)) == [False]
    _, far = told_course(room, {1: 40})
    move(desk, far, 9, at(7, 13), hour=14)
    assert said(room, at(7, 14)) == [True]
    assert [said(room, at(number, 10)) for number in (8, 9)] == [[], []]


def test_a_last_word_that_is_moved_again_does_not_repeat_it(room: PostRoom, desk: Desk) -> None:
    series_id = desk.course({1: 3}, patient_id=room.mail_patient())
    assert said(room, at(0, 12)) == [True]
    move(desk, series_id, 2, at(0, 13))
    assert said(room, at(0, 14)) == [False]


def test_a_cancellation_asks_nobody_to_prepare(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    id_ = appointment(desk, series_id, 1)
    desk.do(lambda c: cancel(c, appointment_id=id_, cancel_reason=CancelReason.PATIENT), now=at(8, 11))
    assert said(room, at(8, 12)) == [False]


def test_a_night_is_waited_for(room: PostRoom) -> None:
    told_course(room)
    assert found(room, at(7, 19, 59)) == 1
    assert room.send(at(7, 20, 1)) == []
    assert len(room.send(at(8, 8))) == 1


def test_a_patient_on_hold_is_not_reminded_until_the_hold_is_dismissed(room: PostRoom, desk: Desk) -> None:
    patient_id, _ = told_course(room)
    hold = propose(desk, patient_id, wish(6, 30), now=at(6, 10)).hold
    assert hold is not None
    assert (sent(room, at(7, 10)), sent(room, at(7, 14))) == ([], [])
    desk.do(lambda c: dismiss_hold(c, hold_id=hold.id, reason="None."), Role.PRACTITIONER, at(7, 15))
    assert sent(room, at(7, 18)) == REMINDER


def test_a_reminder_is_in_the_language_of_the_patient(room: PostRoom) -> None:
    patient_id, _ = told_course(room)
    room.choose(patient_id, language=Language.GERMAN)
    found(room, at(7, 10))
    (content,) = room.send(at(7, 10))
    assert "Kommen Sie mit gereinigter Haut" in text_of(content)


def test_phone_only_is_a_call(room: PostRoom) -> None:
    patient_id, _ = told_course(room)
    room.choose(patient_id, contact=Contact.PHONE)
    assert (room.send(), sent(room, at(7, 10))) == ([], [])
    assert room.states(patient_id) == ["sent", "dropped", "to_call"]


def performed(desk: Desk, series_id: UUID, now: datetime) -> UUID:
    id_ = appointment(desk, series_id, 1)
    for step in (arrive, check_in, perform):
        desk.do(lambda c, step=step: step(c, appointment_id=id_), Role.PRACTITIONER, now)
    return id_


AFTER = ["After your appointment on Thu 12 Mar"]


def test_advice_follows_a_session_with_the_day_until_which_it_holds(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    performed(desk, series_id, at(VISIT_DAY, 12))
    assert sent(room, at(VISIT_DAY, 12, 2)) == []
    found(room, at(VISIT_DAY, 12, 3))
    (content,) = room.send(at(VISIT_DAY, 12, 3))
    assert mail_of(content)["Subject"] == AFTER[0]
    assert "Leave make-up off. Until Sunday, 15 March 2026." in text_of(content)
    assert sent(room, at(VISIT_DAY, 13)) == []


def test_a_session_that_turns_out_not_to_have_been_is_followed_by_nothing(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    id_ = performed(desk, series_id, at(VISIT_DAY, 12))
    assert found(room, at(VISIT_DAY, 12, 3)) == 1
    desk.do(lambda c: correct(c, appointment_id=id_, reason="Another one."), Role.PRACTITIONER, at(VISIT_DAY, 12, 3))
    assert AFTER[0] not in sent(room, at(VISIT_DAY, 12, 5))


def test_advice_that_is_too_late_is_left(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    performed(desk, series_id, at(VISIT_DAY, 12))
    assert sent(room, at(VISIT_DAY + 3, 12)) == []


def test_a_late_record_counts_from_the_planned_end(room: PostRoom, desk: Desk) -> None:
    _, series_id = told_course(room)
    id_ = appointment(desk, series_id, 1)
    on: date = day(VISIT_DAY)
    desk.do(lambda c: perform(c, appointment_id=id_, on=on), Role.PRACTITIONER, at(VISIT_DAY + 1, 9))
    assert sent(room, at(VISIT_DAY + 1, 9, 3)) == AFTER


def test_the_clock_of_the_clinic_counts(room: PostRoom) -> None:
    told_course(room)
    assert at(7, 10) == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert found(room, datetime(2026, 3, 9, 9, tzinfo=UTC) - timedelta(seconds=1)) == 0
