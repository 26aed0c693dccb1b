"""The whole way: an invitation is sent, a calendar answers it, the appointment moves, and an old answer comes late."""

import pytest

from scheduler.domain.contact import CalendarBy
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.undoing import undo
from scheduler.operations.booking.visiting import move_visit
from scheduler.storage.rows import PatientAnswer, ReplyOutcome
from tests.support import replies
from tests.support.desk import Desk
from tests.support.invitations import LATER, Invitation
from tests.support.post import LINK_KEY, SOON, PostRoom, events_in
from tests.support.replies import STAMP


@pytest.fixture
def invitation(room: PostRoom) -> Invitation:
    """A visit that is booked, and of which nobody has been told yet."""
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS)
    return Invitation(room.desk, room.desk.visit(patient_id, 3, "consultation"), LINK_KEY)


def answer(event: dict[str, str], answer: str, stamp: str) -> bytes:
    """What a calendar sends back that has the event."""
    organizer, attendee = (event[name].removeprefix("mailto:") for name in ("ORGANIZER", "ATTENDEE"))
    text = replies.calendar(
        replies.event(
            uid=event["UID"],
            sequence=int(event["SEQUENCE"]),
            stamp=stamp,
            attendee=attendee,
            answer=answer,
            organizer=None,
        )
    )
    return replies.mail([replies.inline(text)], to=organizer)


def move(desk: Desk, invitation: Invitation) -> None:
    slot = desk.place.slot(4, 11)
    desk.do(lambda context: move_visit(context, appointment_id=invitation.appointment_id, slot=slot), now=SOON)


def test_an_invitation_is_answered_and_answered_again_after_a_move(room: PostRoom, invitation: Invitation) -> None:
    (first,) = events_in(room.send()[0])
    assert invitation.take(answer(first, "ACCEPTED", STAMP)).outcome is ReplyOutcome.APPLIED
    assert invitation.row.patient_answer is PatientAnswer.ACCEPTED

    move(room.desk, invitation)
    (second,) = events_in(room.send(SOON + (SOON - invitation.row.created_at))[0])
    assert (second["UID"], second["ORGANIZER"]) == (first["UID"], first["ORGANIZER"])
    assert invitation.row.patient_answer is PatientAnswer.NEEDS_ACTION

    late = invitation.take(answer(first, "DECLINED", "20260302T093000Z"))
    assert (late.outcome, late.reason) == (ReplyOutcome.STALE, "It answers an older invitation.")
    assert invitation.take(answer(second, "TENTATIVE", "20260302T094500Z")).outcome is ReplyOutcome.APPLIED
    assert invitation.row.patient_answer is PatientAnswer.TENTATIVE


def test_who_is_gone_before_the_clean_up_can_answer_and_an_undone_move_keeps_the_answer(room: PostRoom) -> None:
    patient_id = room.mail_patient(calendar_by=CalendarBy.INVITATIONS)
    series_id = room.desk.course({1: 10}, patient_id=patient_id)
    booking = room.desk.sheet(series_id).snapshot.series.session(1).booking
    assert booking is not None
    session = Invitation(room.desk, booking.appointment_id, LINK_KEY)
    (event,) = events_in(room.send()[0])
    assert session.row.ends_at > room.told(patient_id)[session.appointment_id].ends_at
    taken = session.take(answer(event, "ACCEPTED", STAMP))
    assert (taken.outcome, taken.reason) == (ReplyOutcome.APPLIED, "")

    placement = Placement(1, room.desk.place.slot(11, 10, "microneedling-pen"))
    deed = room.desk.do(lambda c: change_sessions(c, series_id=series_id, placements=[placement]), now=LATER)
    assert session.row.patient_answer is PatientAnswer.NEEDS_ACTION
    room.desk.do(lambda context: undo(context, deed_id=deed.id), now=LATER)
    assert session.row.patient_answer is PatientAnswer.ACCEPTED
