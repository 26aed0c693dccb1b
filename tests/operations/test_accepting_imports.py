"""Imports that break a rule, accepted as they are: the task goes, the reason stays, and some cannot be."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.refusals import NotAllowed, RuleBroken
from scheduler.operations.booking.attending import perform
from scheduler.operations.booking.deciding import Choice, Decided, Decision, Occasion, decide
from scheduler.operations.booking.undoing import undo
from scheduler.operations.tasks.task_kinds import TaskKind
from scheduler.operations.tasks.tasks import list_tasks
from scheduler.storage.rows import AppointmentRow, AuditRow
from tests.operations.test_importing_series import imported, told
from tests.support.desk import Desk, at, day
from tests.support.hold_orders import place, wish
from tests.support.rows import NOW

REASON = "Agreed with the patient at the other clinic."


def accept(
    desk: Desk,
    series_id: UUID,
    session: int | None = None,
    role: Role = Role.PRACTITIONER,
    now: datetime = NOW,
) -> Decided:
    decision = Decision(Occasion.IMPORT, Choice.ACCEPT, REASON, session)
    return desk.do(lambda c: decide(c, series_id=series_id, decision=decision), role, now)


def refused(desk: Desk, series_id: UUID, session: int | None = None) -> str:
    with pytest.raises(RuleBroken) as refusal:
        accept(desk, series_id, session)
    return refusal.value.code


def to_decide(desk: Desk, series_id: UUID) -> list[tuple[int | None, str | None]]:
    tasks = desk.do(lambda c: list_tasks(c, kinds=[TaskKind.IMPORT_TO_DECIDE], limit=100)).items
    return [(task.session, task.note) for task in tasks if task.series_id == series_id]


def test_a_session_that_was_performed_too_early_is_accepted_with_a_reason(desk: Desk) -> None:
    series_id = imported(desk, desk.patient(), "2026-01-05|2026-01-12", "")
    ((session, note),) = to_decide(desk, series_id)
    assert (session, str(note).startswith("imported, decide: Performed early")) == (2, True)
    deed = accept(desk, series_id).deed
    assert to_decide(desk, series_id) == []
    query = select(AuditRow).where(AuditRow.about_id == series_id).order_by(AuditRow.number.desc()).limit(1)
    row = desk.read(lambda tx: tx.scalars(query).one())
    assert (row.action, row.actor_id) == ("decided_to_accept", desk.clinic.users[Role.PRACTITIONER])
    assert [(step["session"], step["note_before"]) for step in row.facts["changes"]] == [(2, note)]
    assert REASON in str(row.reason)
    desk.do(lambda c: undo(c, deed_id=deed.id), Role.PRACTITIONER)
    assert to_decide(desk, series_id) == [(2, note)]


def test_a_booking_after_hours_is_safe_once_it_is_accepted(desk: Desk) -> None:
    series_id = imported(desk, desk.patient(), "2026-02-16", "2026-03-23T20:00:00+01:00")
    before = told(desk, series_id)
    deed = accept(desk, series_id).deed
    assert (told(desk, series_id), to_decide(desk, series_id)) == ((False, None, None), [])
    desk.do(lambda c: undo(c, deed_id=deed.id), Role.PRACTITIONER)
    assert told(desk, series_id) == before


def test_a_gap_that_is_too_short_is_accepted_by_an_override_for_that_date(desk: Desk) -> None:
    series_id = imported(desk, desk.patient(), "2026-02-16", "2026-03-09T10:00:00+01:00")
    accept(desk, series_id)
    assert told(desk, series_id) == (False, None, None)
    booking = desk.sheet(series_id).snapshot.series.session(2).booking
    assert booking is not None
    assert booking.override is not None
    assert (booking.override.on, booking.override.reason) == (day(7), REASON)


@pytest.mark.parametrize(
    ("booked", "held", "code"),
    [
        ("2026-03-05T10:00:00+01:00", False, "below_absolute_minimum"),
        ("2026-03-23T10:00:00+01:00", True, "on_hold"),
    ],
)
def test_nobody_accepts_what_no_override_allows(desk: Desk, booked: str, held: bool, code: str) -> None:
    patient_id = desk.patient()
    if held:
        place(desk.clinic, patient_id, wish(0, 30))
    series_id = imported(desk, patient_id, "2026-02-16", booked)
    before = to_decide(desk, series_id)
    assert (refused(desk, series_id), len(before), to_decide(desk, series_id)) == (code, 1, before)


def test_what_has_been_performed_meanwhile_can_still_be_accepted(desk: Desk) -> None:
    series_id = imported(desk, desk.patient(), "2026-02-16", "2026-03-23T20:00:00+01:00")
    id_ = desk.read(lambda tx: tx.scalars(select(AppointmentRow.id).where(AppointmentRow.series_id == series_id)).one())
    desk.do(lambda c: perform(c, appointment_id=id_, on=day(21)), now=at(21, 21))
    assert [session for session, _ in to_decide(desk, series_id)] == [2]
    accept(desk, series_id, 2, now=at(21, 22))
    assert to_decide(desk, series_id) == []


def test_reception_leaves_it_to_a_practitioner(desk: Desk) -> None:
    series_id = imported(desk, desk.patient(), "2026-02-16", "2026-03-23T20:00:00+01:00")
    with pytest.raises(NotAllowed):
        accept(desk, series_id, role=Role.RECEPTION)


def test_where_nothing_breaks_a_rule_there_is_nothing_to_accept(desk: Desk) -> None:
    late = imported(desk, desk.patient(), "2026-02-16", "2026-03-23T20:00:00+01:00")
    assert refused(desk, late, 1) == "nothing_imported"
    assert refused(desk, desk.course({1: 5})) == "nothing_imported"
