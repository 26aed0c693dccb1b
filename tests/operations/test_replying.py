"""What becomes of a reply: the rules, in the order in which they are asked, and what a reply that counts does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.refusals import NotAllowed
from scheduler.domain.slots import Slot
from scheduler.operations.booking import attending
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.undoing import undo
from scheduler.operations.booking.visiting import move_visit
from scheduler.operations.days.days import show_day
from scheduler.operations.messages.patient_answers import note_answer
from scheduler.operations.messages.replies import list_replies
from scheduler.operations.messages.replying import ReadMessage, organisation_answered, take_message
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import PatientAnswer, ReplyOutcome
from tests.support import replies
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, day, desk_of
from tests.support.invitations import KEY, LATER, Invitation, invite, invited_session, invited_visit, take
from tests.support.replies import PATIENT, STAMP
from tests.support.together import together

APPLIED, STALE, REPEATED, QUARANTINED, REFUSED = ReplyOutcome
NEWER = "20260302T093000Z"


def outcome(invitation: Invitation, data: bytes) -> tuple[ReplyOutcome, str]:
    taken = invitation.take(data)
    return taken.outcome, taken.reason


def tasks(desk: Desk, *kinds: TaskKind) -> list[Task]:
    kinds = kinds or (TaskKind.DECLINED, TaskKind.MOVE_REQUEST)
    return list(desk.do(lambda context: list_tasks(context, kinds=kinds), now=LATER).items)


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_is_noted_and_shown(desk: Desk, answer: str) -> None:
    visit = invited_visit(desk)
    before = visit.row
    assert outcome(visit, visit.mail(answer)) == (APPLIED, "")
    assert visit.row.patient_answer is PatientAnswer(answer.lower())
    assert (visit.row.sequence, visit.row.status) == (before.sequence, before.status)
    shown = desk.do(lambda context: show_day(context, clinic_id=desk.place.clinic_id, on=day(3)), now=LATER)
    answers = [one.patient_answer for column in shown.practitioners for one in column.appointments]
    assert answers == [PatientAnswer(answer.lower())]


def test_what_was_heard_is_remembered_and_kept_with_its_outcome(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.mail("DECLINED", "COMMENT:Away\\, sorry"))
    (kept,) = visit.kept
    assert (kept.outcome, kept.reason, kept.patient_id, kept.received_at) == (APPLIED, "", visit.row.patient_id, LATER)
    assert kept.understood == {
        "method": "REPLY",
        "sequence": 0,
        "stamp": "2026-03-02T09:00:00+00:00",
        "answer": "DECLINED",
        "comment": "Away, sorry",
    }


def test_a_declined_appointment_stays_and_becomes_a_task_with_the_words(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.mail("DECLINED", "COMMENT:Away"))
    (task,) = tasks(desk)
    assert (task.kind, task.id, task.appointment_id) == (TaskKind.DECLINED, visit.appointment_id, visit.appointment_id)
    assert (task.patient_id, task.on, task.note, task.phone) == (visit.row.patient_id, day(3), "Away", "+49 30 5550142")
    assert visit.row.status == "booked"
    visit.take(visit.mail("ACCEPTED", stamp=NEWER))
    assert tasks(desk) == []


def test_a_declined_session_is_told_with_its_series(desk: Desk) -> None:
    session = invited_session(desk, {1: 7, 2: 42}, number=2)
    session.take(session.mail("DECLINED"))
    (task,) = tasks(desk)
    assert (task.series_id, task.session, task.note) == (session.row.series_id, 2, None)


@pytest.mark.parametrize("shape", [replies.outlook, replies.google, replies.apple])
def test_the_shapes_of_mail_programs_count(desk: Desk, shape: Callable[..., bytes]) -> None:
    visit = invited_visit(desk)
    data = shape(uid=str(visit.row.uid)).replace(replies.ADDRESS.encode(), visit.address.encode())
    assert outcome(visit, data) == (APPLIED, "")


def test_an_organizer_proves_a_reply_where_the_addressee_was_rewritten(desk: Desk) -> None:
    visit = invited_visit(desk)
    assert outcome(visit, visit.mail(to="inbox@clinic.example", organizer=visit.address.upper())) == (APPLIED, "")


UNPROVEN = (REFUSED, "It did not come to the address that the invitation names.")
NOBODY = (REFUSED, "Nobody at its sender's address has an invitation.")


def test_a_forged_reply_is_refused(desk: Desk) -> None:
    visit, other = invited_visit(desk), invited_visit(desk, 4)
    forgeries = [
        visit.mail("DECLINED", to="visits@clinic.example"),
        visit.mail("DECLINED", to=other.address),
        visit.mail("DECLINED", to=visit.address[:-20] + "1" + visit.address[-19:]),
        visit.mail("DECLINED", to=Invitation(desk, visit.appointment_id, "another key").address),
    ]
    assert [outcome(visit, data) for data in forgeries] == [UNPROVEN] * 4
    assert visit.row.patient_answer is PatientAnswer.NEEDS_ACTION
    assert tasks(desk) == []


def test_an_address_with_signs_that_a_uri_writes_as_numbers_is_known_again(desk: Desk) -> None:
    visit = invite(desk, invited_visit(desk).appointment_id, invited="an#na@patient.example")
    assert outcome(visit, visit.mail(attendee="an%23na@patient.example")) == (APPLIED, "")


def test_another_attendee_is_refused(desk: Desk) -> None:
    visit = invited_visit(desk)
    assert outcome(visit, visit.mail(attendee="max@patient.example")) == NOBODY
    assert visit.kept[0].understood["answer"] == "ACCEPTED"
    assert outcome(visit, visit.mail(attendee=PATIENT.upper())) == (APPLIED, "")


@pytest.mark.parametrize("told", [{"invited": None}, {"invited": ""}])
def test_who_was_told_in_words_or_has_an_old_invitation_is_not_invited(desk: Desk, told: dict[str, Any]) -> None:
    visit = invite(desk, desk.visit(desk.patient(), 3, "consultation"), **told)
    assert outcome(visit, visit.mail()) == NOBODY
    assert outcome(visit, visit.mail(attendee="")) == NOBODY


def test_who_was_never_told_is_not_invited(desk: Desk) -> None:
    visit = Invitation(desk, desk.visit(desk.patient(), 3, "consultation"))
    assert outcome(visit, visit.mail()) == NOBODY


def test_an_unknown_appointment_and_another_organisation_s_are_refused_alike(desk: Desk) -> None:
    visit = invited_visit(desk)
    elsewhere = desk_of(open_clinic(desk.clinic.database))
    unknown = "It is about an appointment that is not known."
    for data in (visit.mail(uid="0198b1a2-3c4d-7e5f-8a9b-0c1d2e3f4a5b"), visit.mail(uid="not-ours@example")):
        assert outcome(visit, data) == (REFUSED, unknown)
    taken = take(elsewhere, visit.mail())
    assert (taken.outcome, taken.reason, taken.appointment_id) == (REFUSED, unknown, None)
    assert visit.row.patient_answer is PatientAnswer.NEEDS_ACTION


def test_what_is_no_reply_is_kept_with_its_reason_and_nothing_else(desk: Desk) -> None:
    taken = take(desk, b"Hello")
    page = desk.do(lambda context: list_replies(context, outcome=REFUSED, limit=1))
    assert (page.items[0].id, page.items[0].reason) == (taken.id, "The message has no calendar part.")
    assert (page.items[0].patient, page.items[0].answer, page.items[0].comment) == (None, None, None)


def test_an_older_sequence_is_stale_and_a_newer_one_is_quarantined(desk: Desk) -> None:
    visit = invited_visit(desk)
    desk.do(lambda context: move_visit(context, appointment_id=visit.appointment_id, slot=desk.place.slot(4, 11)))
    invite(desk, visit.appointment_id)
    assert outcome(visit, visit.mail(sequence=0)) == (STALE, "It answers an older invitation.")
    assert outcome(visit, visit.mail(sequence=None)) == (STALE, "It answers an older invitation.")
    assert outcome(visit, visit.mail(sequence=2)) == (QUARANTINED, "It answers an invitation that was never sent.")
    assert visit.row.patient_answer is PatientAnswer.NEEDS_ACTION
    assert outcome(visit, visit.mail(sequence=1)) == (APPLIED, "")


def test_no_sequence_counts_as_0(desk: Desk) -> None:
    visit = invited_visit(desk)
    assert outcome(visit, visit.mail(sequence=None)) == (APPLIED, "")


def test_only_the_newest_reply_counts_in_whichever_order_they_come(desk: Desk) -> None:
    visit = invited_visit(desk)
    assert outcome(visit, visit.mail("DECLINED", stamp=NEWER)) == (APPLIED, "")
    assert outcome(visit, visit.mail("ACCEPTED", stamp=STAMP)) == (STALE, "A newer reply has been heard.")
    assert visit.row.patient_answer is PatientAnswer.DECLINED


def test_the_same_reply_twice_repeats_nothing_whichever_way_it_comes(desk: Desk) -> None:
    visit = invited_visit(desk)
    assert outcome(visit, visit.counter("DTSTART:20260306T110000Z")) == (APPLIED, "")
    again = b"Received: from elsewhere\r\n" + visit.counter("DTSTART:20260306T110000Z")
    assert outcome(visit, again) == (REPEATED, "It has been taken before.")
    assert len(visit.requests) == 1
    assert [kept.outcome for kept in visit.kept] == [APPLIED, REPEATED]


def test_a_clock_that_is_ahead_does_not_make_later_replies_stale(desk: Desk) -> None:
    visit = invited_visit(desk)
    assert outcome(visit, visit.mail("DECLINED", stamp="99991231T235959Z")) == (APPLIED, "")
    later = visit.take(visit.mail("ACCEPTED", stamp="20260302T110000Z"), LATER + timedelta(hours=1))
    assert later.outcome is APPLIED
    assert outcome(visit, visit.mail(stamp="00010101T000000Z")) == (STALE, "A newer reply has been heard.")


GONE = (STALE, "The appointment has moved, begun or gone since.")


def test_a_reply_to_what_has_moved_but_was_not_told_yet_is_stale(desk: Desk) -> None:
    visit = invited_visit(desk)
    desk.do(lambda context: move_visit(context, appointment_id=visit.appointment_id, slot=desk.place.slot(4, 11)))
    assert outcome(visit, visit.mail()) == GONE


def test_a_reply_to_a_cancelled_appointment_is_stale_told_or_not(desk: Desk) -> None:
    visit = invited_visit(desk)
    cancelled = {"appointment_id": visit.appointment_id, "cancel_reason": CancelReason.CLINIC}
    desk.do(lambda context: attending.cancel(context, **cancelled))
    assert outcome(visit, visit.mail()) == GONE
    invite(desk, visit.appointment_id)
    assert outcome(visit, visit.mail(sequence=1, stamp=NEWER)) == GONE
    assert tasks(desk) == []


def test_a_reply_to_what_has_begun_is_stale(desk: Desk) -> None:
    visit = invited_visit(desk, 0, 11)
    assert visit.take(visit.mail(), visit.row.starts_at).outcome is STALE


def test_an_answer_is_forgotten_when_the_appointment_moves_but_not_when_only_the_room_does(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.mail("DECLINED"))
    here = desk.place.slot(3, 15)
    desk.do(lambda context: move_visit(context, appointment_id=visit.appointment_id, slot=here), now=LATER)
    assert visit.row.patient_answer is PatientAnswer.DECLINED
    elsewhere = desk.place.slot(4, 11)
    desk.do(lambda context: move_visit(context, appointment_id=visit.appointment_id, slot=elsewhere), now=LATER)
    assert visit.row.patient_answer is PatientAnswer.NEEDS_ACTION
    assert tasks(desk) == []


def move(desk: Desk, visit: Invitation, slot: Slot) -> Deed:
    return desk.do(lambda context: move_visit(context, appointment_id=visit.appointment_id, slot=slot), now=LATER)


def test_an_answer_counts_again_when_a_move_is_undone_but_not_once_the_patient_was_told(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.mail("DECLINED"))
    back, elsewhere = desk.place.slot(3, 15), desk.place.slot(4, 11)
    deed = move(desk, visit, elsewhere)
    desk.do(lambda context: undo(context, deed_id=deed.id), now=LATER)
    assert visit.row.patient_answer is PatientAnswer.DECLINED
    move(desk, visit, elsewhere)
    invite(desk, visit.appointment_id)
    move(desk, visit, back)
    assert visit.row.patient_answer is PatientAnswer.NEEDS_ACTION


def test_what_is_said_on_the_phone_makes_older_replies_stale(desk: Desk) -> None:
    visit = invited_visit(desk)
    said = {"appointment_id": visit.appointment_id, "answer": PatientAnswer.DECLINED}
    desk.do(lambda context: note_answer(context, **said), now=LATER)
    assert outcome(visit, visit.mail("ACCEPTED")) == (STALE, "A newer reply has been heard.")
    assert visit.row.patient_answer is PatientAnswer.DECLINED


def test_two_replies_at_once_leave_the_newer_one(desk: Desk) -> None:
    visit = invited_visit(desk)
    mails = [visit.mail("DECLINED", stamp=NEWER), visit.mail("ACCEPTED"), visit.mail("ACCEPTED")]
    outcomes = together([lambda data=data: visit.take(data).outcome for data in mails])  # type: ignore[misc]
    assert outcomes[0] is APPLIED
    assert visit.row.patient_answer is PatientAnswer.DECLINED
    assert sorted(kept.outcome for kept in visit.kept) == sorted(outcomes)


def test_only_those_who_may_take_replies_do(desk: Desk) -> None:
    message = ReadMessage.of(b"")
    with pytest.raises(NotAllowed):
        desk.do(lambda context: take_message(context, KEY, message=message), role=Role.PRACTITIONER)


def test_a_message_belongs_to_the_organisation_whose_invitation_it_answers(desk: Desk) -> None:
    elsewhere = desk_of(open_clinic(desk.clinic.database))
    visit = invited_visit(elsewhere)
    with desk.clinic.database.read() as tx:
        assert organisation_answered(tx, ReadMessage.of(visit.mail())) == elsewhere.clinic.organisation_id
        first = organisation_answered(tx, ReadMessage.of(b""))
        assert organisation_answered(tx, ReadMessage.of(visit.mail(uid="x"))) == first
    assert first != elsewhere.clinic.organisation_id
