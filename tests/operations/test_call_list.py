"""The call list and dead letters: who has to be called, and what becomes of it."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.changes import CancelReason
from scheduler.domain.contact import CalendarBy, Contact
from scheduler.domain.refusals import RuleBroken
from scheduler.operations.booking.attending import cancel
from scheduler.operations.housekeeping import tidy
from scheduler.operations.messages.call_list import CallOutcome, CallToMake, list_calls, note_call
from scheduler.operations.messages.dead_letters import DeadLetterAction, handle_dead_letter, list_dead_letters
from scheduler.operations.messages.reminding import remind
from scheduler.operations.messages.sending import Attempt, Outcome
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import AppointmentRow, MessageKind
from tests.support.desk import Desk
from tests.support.post import SOON, PostRoom, events_in, mail_of
from tests.support.rows import NOW

LATER = NOW + timedelta(days=1)
REMINDED = NOW + timedelta(days=7, hours=2)
REFUSED = Attempt(Outcome.REFUSED, "the mail server answered 550 unknown")


def calls(desk: Desk) -> tuple[CallToMake, ...]:
    return desk.do(list_calls).items


def outcome_of(desk: Desk, call: CallToMake, outcome: CallOutcome) -> CallToMake:
    return desk.do(lambda c: note_call(c, call_id=call.id, outcome=outcome, note="by the desk"), now=SOON)


def test_the_list_says_whom_to_call_under_which_number_and_what_to_say(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(contact=Contact.PHONE)
    desk.course({1: 10}, patient_id=patient_id)
    room.send()
    (call,) = calls(desk)
    assert (call.patient, call.phone, call.since, call.why) == ("Nadia Okonjo", "+49 30 5550142", SOON, None)
    assert "Thu 12 Mar" in call.say


def test_nobody_answering_keeps_it_on_the_list_and_counts(room: PostRoom, desk: Desk) -> None:
    desk.course({1: 10}, patient_id=room.mail_patient(contact=Contact.PHONE))
    room.send()
    for times in (1, 2):
        outcome_of(desk, calls(desk)[0], CallOutcome.NO_ANSWER)
        assert [call.no_answers for call in calls(desk)] == [times]


@pytest.mark.parametrize("outcome", [CallOutcome.CALLED, CallOutcome.ACCEPTED])
def test_who_was_called_knows_and_is_told_only_what_follows(room: PostRoom, desk: Desk, outcome: CallOutcome) -> None:
    patient_id = room.mail_patient(contact=Contact.PHONE)
    series_id = desk.course({1: 10}, patient_id=patient_id)
    room.send()
    outcome_of(desk, calls(desk)[0], outcome)
    assert (calls(desk), room.states(patient_id), len(room.told(patient_id))) == ((), ["called"], 1)
    desk.book(series_id, {2: 45})
    room.send(LATER)
    assert ["Thu 12 Mar" in call.say for call in calls(desk)] == [False]


def test_a_call_that_is_done_cannot_be_done_again(room: PostRoom, desk: Desk) -> None:
    desk.course({1: 10}, patient_id=room.mail_patient(contact=Contact.PHONE))
    room.send()
    (call,) = calls(desk)
    outcome_of(desk, call, CallOutcome.CALLED)
    with pytest.raises(RuleBroken) as refusal:
        outcome_of(desk, call, CallOutcome.NO_ANSWER)
    assert refusal.value.code == "dealt_with"


def dead(room: PostRoom) -> UUID:
    """A patient whose mail was refused for good."""
    patient_id = room.mail_patient()
    room.desk.course({1: 10}, patient_id=patient_id)
    room.send(answer=lambda _: REFUSED)
    return patient_id


def test_a_refused_message_is_a_dead_letter_and_a_call_at_once(room: PostRoom, desk: Desk) -> None:
    patient_id = dead(room)
    assert [(one.patient_id, one.why) for one in desk.do(list_dead_letters).items] == [(patient_id, REFUSED.error)]
    assert [call.patient_id for call in calls(desk)] == [patient_id]
    kinds = (TaskKind.CALL, TaskKind.DEAD_LETTER)
    assert [task.kind for task in desk.do(lambda c: list_tasks(c, kinds=kinds)).items] == [TaskKind.DEAD_LETTER]


def test_a_retry_by_hand_writes_it_anew_to_the_address_on_file(room: PostRoom, desk: Desk) -> None:
    patient_id = dead(room)
    room.choose(patient_id, email="right@example.org")
    (letter,) = desk.do(list_dead_letters).items
    retry = DeadLetterAction.RETRY
    desk.do(lambda c: handle_dead_letter(c, message_id=letter.id, action=retry), now=SOON)
    (sent,) = room.send(LATER)
    assert (sent["to"], calls(desk)) == ("right@example.org", ())


def test_a_dismissed_letter_leaves_both_lists(room: PostRoom, desk: Desk) -> None:
    dead(room)
    (letter,) = desk.do(list_dead_letters).items
    desk.do(lambda c: handle_dead_letter(c, message_id=letter.id, action=DeadLetterAction.DISMISS))
    assert (calls(desk), desk.do(list_dead_letters).items, room.send(LATER)) == ((), (), [])


def test_what_was_said_on_the_phone_still_has_to_reach_the_calendar(room: PostRoom, desk: Desk) -> None:
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS)
    series_id = desk.course({1: 10}, patient_id=patient_id)
    room.send()
    booking = desk.sheet(series_id).snapshot.series.session(1).booking
    assert booking is not None
    gone = booking.appointment_id
    desk.do(lambda c: cancel(c, appointment_id=gone, cancel_reason=CancelReason.CLINIC), now=SOON)
    room.send(SOON + timedelta(minutes=3), answer=lambda _: REFUSED)
    outcome_of(desk, calls(desk)[0], CallOutcome.CALLED)
    desk.book(series_id, {1: 12}, now=SOON)
    (sent,) = room.send(LATER)
    assert sorted(event["METHOD"] for event in events_in(sent)) == ["CANCEL", "REQUEST"]
    assert mail_of(sent)["Subject"] == "Your appointment on Sat 14 Mar"


def to_remind(room: PostRoom, day: int = 10) -> tuple[UUID, UUID]:
    """A patient who was called about a visit, and now stands on the list to be reminded of it; with the appointment."""
    patient_id = room.mail_patient(contact=Contact.PHONE)
    series_id = room.desk.course({1: day}, patient_id=patient_id)
    room.send()
    outcome_of(room.desk, calls(room.desk)[0], CallOutcome.CALLED)
    room.desk.clinic.database.write(lambda tx: remind(tx, room.desk.place.clinic_id, REMINDED))
    room.send(REMINDED)
    booking = room.desk.sheet(series_id).snapshot.series.session(1).booking
    assert booking is not None
    assert [call.kind for call in calls(room.desk)] == [MessageKind.REMINDER]
    return series_id, booking.appointment_id


def test_nobody_is_reminded_by_phone_of_what_is_cancelled(room: PostRoom, desk: Desk) -> None:
    _, appointment_id = to_remind(room)
    desk.do(lambda c: cancel(c, appointment_id=appointment_id, cancel_reason=CancelReason.CLINIC), now=REMINDED)
    room.send(REMINDED + timedelta(minutes=3))
    assert [call.kind for call in calls(desk)] == [MessageKind.NEWS]


def test_a_reminder_by_phone_stays_when_something_else_is_news(room: PostRoom, desk: Desk) -> None:
    series_id, _ = to_remind(room)
    desk.book(series_id, {2: 45}, now=REMINDED)
    room.send(REMINDED + timedelta(minutes=3))
    assert [call.kind for call in calls(desk)] == [MessageKind.REMINDER, MessageKind.NEWS]


@pytest.mark.parametrize(("early", "left"), [(timedelta(microseconds=1), 1), (timedelta(0), 0)])
def test_nobody_is_called_about_a_visit_that_has_begun(room: PostRoom, desk: Desk, early: timedelta, left: int) -> None:
    _, appointment_id = to_remind(room)
    starts_at = desk.read(lambda tx: tx.get_one(AppointmentRow, appointment_id)).starts_at
    desk.clinic.database.write(lambda tx: tidy(tx, starts_at - early))
    assert len(calls(desk)) == left


def test_a_dead_letter_about_a_visit_that_has_begun_leaves_both_lists(room: PostRoom, desk: Desk) -> None:
    dead(room)
    desk.clinic.database.write(lambda tx: tidy(tx, REMINDED + timedelta(days=3)))
    assert (calls(desk), desk.do(list_dead_letters).items) == ((), ())
