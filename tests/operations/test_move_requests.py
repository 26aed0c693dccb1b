"""Requests to move: from a counter-proposal to what reception can offer, until they are closed."""

from datetime import datetime, timedelta

import pytest

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.refusals import NotAllowed, NotFound, RuleBroken
from scheduler.operations.booking import attending
from scheduler.operations.booking.moving import change_sessions
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.replanning import Replans
from scheduler.operations.booking.undoing import undo
from scheduler.operations.booking.visiting import move_visit
from scheduler.operations.messages.move_offers import move_offers
from scheduler.operations.messages.move_requests import MoveRequest, close_request, show_request
from scheduler.operations.messages.patient_answers import note_answer
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import PatientAnswer
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.invitations import LATER, Invitation, invited_session, invited_visit

NEWER = "20260302T093000Z"


def stamp(instant: datetime) -> str:
    return f"DTSTART:{instant:%Y%m%dT%H%M%SZ}"


def tasks(desk: Desk) -> list[Task]:
    kinds = (TaskKind.DECLINED, TaskKind.MOVE_REQUEST)
    return list(desk.do(lambda context: list_tasks(context, kinds=kinds), now=LATER).items)


def request(invitation: Invitation, number: int = 0) -> MoveRequest:
    request_id = invitation.requests[number].id
    return invitation.desk.do(lambda context: show_request(context, request_id=request_id), now=LATER)


def offers(invitation: Invitation) -> Replans:
    asked = request(invitation)
    return invitation.desk.do(lambda context: move_offers(context, FreeTime(), asked), now=LATER)


def goes_to(found: Replans) -> list[list[tuple[int, datetime]]]:
    """The sessions that each set of changes moves, and where to."""
    return [[(move.number, move.after.starts_at) for move in one.changes.moves] for one in found.replans]


def move(desk: Desk, visit: Invitation, number: int, hour: int = 11) -> None:
    slot = desk.place.slot(number, hour)
    desk.do(lambda context: move_visit(context, appointment_id=visit.appointment_id, slot=slot), now=LATER)


def test_a_counter_proposal_is_a_task_with_the_time_and_the_words(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13)), "COMMENT:Better for me"))
    assert visit.row.patient_answer is PatientAnswer.TENTATIVE
    (task,) = tasks(desk)
    assert (task.kind, task.id, task.appointment_id) == (
        TaskKind.MOVE_REQUEST,
        visit.requests[0].id,
        visit.appointment_id,
    )
    assert (task.on, task.wanted_at, task.note) == (day(3), at(4, 13), "Better for me")
    assert visit.row.starts_at == at(3, 14)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("DTSTART;TZID=America/New_York:20260306T080000", at(4, 13)),
        ("DTSTART:20260306T140000", at(4, 13)),
        ("DTSTART;VALUE=DATE:20260306", at(4, 14)),
        ("DTSTART:20260305T140000Z", None),
        ("DTSTART:99991231T235959", None),
        ("DTSTART:00010101T000000Z", None),
        ("DTSTART;VALUE=DATE:99991231", None),
        ("TRANSP:OPAQUE", None),
    ],
)
def test_the_wanted_time_is_the_clinic_s_where_no_zone_is_named(desk: Desk, line: str, wanted: datetime | None) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(line))
    assert [row.wanted_at for row in visit.requests] == [wanted]


def test_who_gives_no_answer_with_it_keeps_the_one_that_was_given(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.mail("ACCEPTED"))
    visit.take(visit.counter(stamp(at(4, 13)), answer="NEEDS-ACTION", stamp=NEWER))
    assert visit.row.patient_answer is PatientAnswer.ACCEPTED
    assert len(tasks(desk)) == 1


def test_what_turns_the_direction_of_text_is_left_out_of_the_words(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter("COMMENT:a\u202eb\u2028c"))
    assert visit.requests[0].words == "ab\nc"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\0b\x1bc\x7f", "abc"),
        ("\uffff\ufeff%s {0} '; --", "\uffff\ufeff%s {0} '; --"),
        ("\U0001f9d1\u200d\U0001f52c" * 500, "\U0001f9d1\u200d\U0001f52c" * 333 + "\U0001f9d1"),
        (r"one\\two\;three\,four\nfive", "one\\two;three,four\nfive"),
    ],
)
def test_whatever_words_are_sent_can_be_kept_and_told(desk: Desk, sent: str, kept: str) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(f"COMMENT:{sent}", answer="DECLINED"))
    assert [task.note for task in tasks(desk)] == [kept]
    assert visit.kept[0].understood["comment"] == kept


def test_a_declined_appointment_with_a_wish_is_one_task_and_without_it_another(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13)), answer="DECLINED"))
    assert [task.kind for task in tasks(desk)] == [TaskKind.MOVE_REQUEST]
    close(desk, visit)
    assert [task.kind for task in tasks(desk)] == [TaskKind.DECLINED]


def test_a_newer_reply_settles_what_was_asked_for_before(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13))))
    visit.take(visit.counter(stamp(at(5, 13)), stamp=NEWER))
    assert [task.wanted_at for task in tasks(desk)] == [at(5, 13)]
    visit.take(visit.mail("ACCEPTED", stamp="20260302T094500Z"))
    assert tasks(desk) == []
    assert [row.closed_at for row in visit.requests] == [LATER, LATER]


def test_a_request_is_over_when_the_appointment_moves_and_back_when_that_is_undone(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13))))
    slot, visit_id = desk.place.slot(5, 11), visit.appointment_id
    deed = desk.do(lambda context: move_visit(context, appointment_id=visit_id, slot=slot), now=LATER)
    assert (tasks(desk), request(visit).is_open) == ([], False)
    desk.do(lambda context: undo(context, deed_id=deed.id), now=LATER)
    assert request(visit).is_open
    cancelled = {"appointment_id": visit_id, "cancel_reason": CancelReason.PATIENT}
    desk.do(lambda context: attending.cancel(context, **cancelled), now=LATER)
    assert (tasks(desk), request(visit).is_open) == ([], False)


def close(desk: Desk, visit: Invitation, role: Role = Role.RECEPTION) -> None:
    request_id = visit.requests[0].id
    desk.do(lambda context: close_request(context, request_id=request_id, action="decline", note="Full."), role, LATER)


def test_staff_closes_a_request_once(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13))))
    with pytest.raises(NotAllowed):
        close(desk, visit, Role.MANAGER)
    close(desk, visit)
    assert (tasks(desk), visit.requests[0].closed_at) == ([], LATER)
    with pytest.raises(RuleBroken) as refused:
        close(desk, visit)
    assert refused.value.code == "request_closed"


def test_another_organisation_s_request_is_not_there(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13))))
    with pytest.raises(NotFound):
        close(desk_of(open_clinic(desk.clinic.database)), visit)


def test_a_visit_can_be_offered_the_wanted_time(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter(stamp(at(4, 13))))
    found = offers(visit)
    assert goes_to(found) == [[(1, at(4, 13))]]
    assert found.conflicts == ()


def test_a_session_takes_those_that_must_follow_along(desk: Desk) -> None:
    session = invited_session(desk, {1: 7, 2: 35})
    session.take(session.counter(stamp(at(14, 9))))
    found = offers(session)
    assert goes_to(found) == [[(1, at(14, 9)), (2, at(42, 8))]]  # the clock changes between the two
    assert "after 21 days" in found.replans[0].changes.moves[1].why.detail


def test_where_the_wanted_time_is_taken_the_reason_and_the_closest_are_offered(desk: Desk) -> None:
    visit = invited_visit(desk)
    desk.visit(desk.patient(), 4, "consultation", 14)
    visit.take(visit.counter(stamp(at(4, 13))))
    found = offers(visit)
    assert {conflict.code for conflict in found.conflicts} == {"practitioner_taken", "room_taken"}
    starts = [moves[0][1] for moves in goes_to(found)]
    assert len({start.date() for start in starts}) == len(starts) == 3
    assert abs(starts[0] - at(4, 13)) <= timedelta(hours=1)
    assert starts == sorted(starts, key=lambda start: abs(start - at(4, 13)))


def test_where_the_rules_forbid_the_wanted_time_the_closest_that_keeps_them_is_offered(desk: Desk) -> None:
    session = invited_session(desk, {1: 7, 2: 42}, number=2)
    session.take(session.counter(stamp(at(20, 9))))
    found = offers(session)
    assert [conflict.code for conflict in found.conflicts] == ["gap_too_short"]
    assert [[day(35)], [day(36)], [day(37)]] == [[start.date() for _, start in moves] for moves in goes_to(found)]


@pytest.mark.parametrize("wanted", [at(-3, 9), datetime(2099, 12, 31, 23, 59, 59, tzinfo=at(0).tzinfo)])
def test_a_time_that_never_comes_is_refused_with_a_reason_and_others_are_offered(desk: Desk, wanted: datetime) -> None:
    visit, session = invited_visit(desk), invited_session(desk, {1: 7, 2: 42}, number=2)
    for one in (visit, session):
        one.take(one.counter(stamp(wanted)))
        found = offers(one)
        assert found.conflicts
        assert len(found.replans) == 3


def test_where_no_time_was_named_the_closest_other_times_are_offered(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.counter("COMMENT:Any other time"))
    found = offers(visit)
    starts = [moves[0][1] for moves in goes_to(found)]
    assert visit.row.starts_at not in starts
    assert starts[0].date() == day(3)
    assert found.conflicts == ()


def test_what_is_offered_can_be_done_and_ends_the_request(desk: Desk) -> None:
    session = invited_session(desk, {1: 7, 2: 35})
    session.take(session.counter(stamp(at(14, 9))))
    placements = [Placement(one.number, one.after) for one in offers(session).replans[0].changes.moves]
    series_id = session.row.series_id
    assert series_id
    desk.do(lambda context: change_sessions(context, series_id=series_id, placements=placements), now=LATER)
    assert (session.row.starts_at, request(session).is_open) == (at(14, 9), False)


def test_staff_notes_what_a_patient_says_on_the_phone(desk: Desk) -> None:
    visit = invited_visit(desk)
    visit.take(visit.mail("DECLINED"))
    said = {"appointment_id": visit.appointment_id, "answer": PatientAnswer.ACCEPTED}
    desk.do(lambda context: note_answer(context, **said), now=LATER)
    assert (visit.row.patient_answer, tasks(desk)) == (PatientAnswer.ACCEPTED, [])
    desk.do(
        lambda context: attending.cancel(
            context, appointment_id=visit.appointment_id, cancel_reason=CancelReason.CLINIC
        )
    )
    with pytest.raises(RuleBroken) as refused:
        desk.do(lambda context: note_answer(context, **said))
    assert refused.value.code == "not_booked"
