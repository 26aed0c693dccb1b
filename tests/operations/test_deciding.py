"""Decisions about series: a lapsed window is continued, restarted, omitted or given up; a hold is waited for or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.changes import CancelReason
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound, Refusal, RuleBroken, Stale
from scheduler.domain.series import SeriesState, SessionState
from scheduler.operations.booking.attending import perform
from scheduler.operations.booking.deciding import Choice, Decided, Decision, Occasion, decide
from scheduler.operations.booking.undoing import undo
from scheduler.storage.rows import AppointmentRow, AuditPersonalRow, AuditRow, SeriesRow
from tests.support.clinic import open_clinic
from tests.support.desk import NEEDLING, Desk, at, day, desk_of
from tests.support.hold_orders import place, wish
from tests.support.rows import NOW
from tests.support.versions import new_protocol_version

LATE = at(50)
"""Session 1 was performed on day 0, so the window of session 2 has lapsed."""


def lapsed(desk: Desk, sessions: int = 4, booked: Mapping[int, int] | None = None) -> UUID:
    """A series whose session 1 was performed on day 0, with later sessions booked."""
    series_id = desk.course({1: 0, **(booked or {})}, sessions)
    (first, *_) = desk.sheet(series_id).snapshot.series.sessions
    assert first.booking is not None
    appointment_id = first.booking.appointment_id
    desk.do(lambda c: perform(c, appointment_id=appointment_id), now=at(0, 17))
    return series_id


def decided(
    desk: Desk,
    series_id: UUID,
    choose: Choice,
    on: Occasion = Occasion.LAPSE,
    *,
    session: int | None = None,
    now: datetime = LATE,
    role: Role = Role.PRACTITIONER,
    seen: int | None = None,
) -> Decided:
    decision = Decision(on, choose, "Was abroad.", session)
    return desk.do(lambda c: decide(c, series_id=series_id, decision=decision, seen=seen), role, now)


def refused(desk: Desk, series_id: UUID, choose: Choice, on: Occasion = Occasion.LAPSE, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        decided(desk, series_id, choose, on, **more)
    return refusal.value


def test_a_lapsed_window_is_continued_from_the_day_of_the_decision(desk: Desk) -> None:
    series = lapsed(desk)
    assert desk.sheet(series, LATE).lapsed
    decided(desk, series, Choice.CONTINUE)
    assert desk.sheet(series, LATE).snapshot.series.session(2).continued == (day(50), day(64))
    desk.book(series, {2: 64}, now=LATE)
    assert desk.dates(series, LATE) == {2: 64}


def test_a_continued_window_can_lapse_and_be_continued_again(desk: Desk) -> None:
    series = lapsed(desk)
    decided(desk, series, Choice.CONTINUE)
    assert refused(desk, series, Choice.CONTINUE, now=at(64)).code == "not_lapsed"
    decided(desk, series, Choice.CONTINUE, now=at(65))
    assert desk.sheet(series, at(65)).snapshot.series.session(2).continued == (day(65), day(79))


def test_continuing_can_be_undone(desk: Desk) -> None:
    series = lapsed(desk)
    deed = decided(desk, series, Choice.CONTINUE).deed
    desk.do(lambda c: undo(c, deed_id=deed.id), now=LATE)
    assert desk.sheet(series, LATE).snapshot.series.session(2).continued is None


def test_a_window_that_is_open_leaves_nothing_to_decide(desk: Desk) -> None:
    series = lapsed(desk)
    for choose in (Choice.CONTINUE, Choice.RESTART, Choice.OMIT, Choice.CEASE):
        assert refused(desk, series, choose, now=at(42)).code == "not_lapsed"


def test_a_restart_makes_a_new_series_under_the_current_version_and_revokes_the_old(desk: Desk) -> None:
    series = lapsed(desk, 5, {3: 70})
    new_protocol_version(desk.clinic, NEEDLING, max_sessions=4)
    made = decided(desk, series, Choice.RESTART)
    assert made.new_series_id is not None
    old, new = desk.sheet(series, LATE).snapshot.series, desk.sheet(made.new_series_id, LATE).snapshot.series
    assert (old.state, old.protocol.version, desk.dates(series, LATE)) == (SeriesState.REVOKED, 1, {})
    assert (new.state, new.protocol.version, len(new.sessions)) == (SeriesState.DRAFT, 2, 4)
    assert (new.start_on, new.sites, new.patient_id) == (day(50), ("face",), old.patient_id)
    row = desk.read(lambda tx: tx.get_one(SeriesRow, made.new_series_id))
    assert row.restarted_from_id == series


def test_a_restart_is_undone_with_the_series_that_it_made(desk: Desk) -> None:
    series = lapsed(desk, 5, {3: 70})
    made = decided(desk, series, Choice.RESTART)
    assert made.new_series_id is not None
    desk.do(lambda c: undo(c, deed_id=made.deed.id), now=LATE)
    assert desk.sheet(series, LATE).snapshot.series.state is SeriesState.ACTIVE
    assert desk.dates(series, LATE) == {3: 70}
    assert desk.sheet(made.new_series_id, LATE).snapshot.series.state is SeriesState.ENTERED_IN_ERROR


def test_a_restart_whose_new_series_is_booked_cannot_be_undone(desk: Desk) -> None:
    series = lapsed(desk)
    made = decided(desk, series, Choice.RESTART)
    assert made.new_series_id is not None
    desk.book(made.new_series_id, {1: 55}, now=LATE)
    with pytest.raises(RuleBroken) as refusal:
        desk.do(lambda c: undo(c, deed_id=made.deed.id), now=LATE)
    assert refusal.value.code == "changed_since"


def test_a_lapsed_session_is_omitted_while_the_minimum_remains(desk: Desk) -> None:
    series = lapsed(desk)
    decided(desk, series, Choice.OMIT)
    assert desk.sheet(series, LATE).snapshot.series.session(2).state is SessionState.OMITTED
    assert refused(desk, series, Choice.OMIT, now=at(200)).code == "too_few_sessions"


def test_ceasing_revokes_the_series_and_cancels_what_lies_ahead(desk: Desk) -> None:
    series = lapsed(desk, 4, {3: 70})
    decided(desk, series, Choice.CEASE)
    assert desk.sheet(series, LATE).snapshot.series.state is SeriesState.REVOKED
    reasons = select(AppointmentRow.cancel_reason).where(
        AppointmentRow.series_id == series, AppointmentRow.cancel_reason.is_not(None)
    )
    assert desk.read(lambda tx: list(tx.scalars(reasons))) == [CancelReason.CLINIC]
    assert [found.hour for found in desk.claims(desk.clinic.practitioner_id)] == [9]


def test_a_named_session_must_be_the_one_that_has_lapsed(desk: Desk) -> None:
    series = lapsed(desk)
    assert refused(desk, series, Choice.CONTINUE, session=1).code == "session_not_due"
    assert refused(desk, series, Choice.CONTINUE, session=3).code == "no_window"
    assert refused(desk, series, Choice.CONTINUE, session=5).code == "session_unknown"
    assert refused(desk, series, Choice.CONTINUE, session=0).code == "session_unknown"
    decided(desk, series, Choice.CONTINUE, session=2)


@pytest.mark.parametrize(
    ("on", "choose"),
    [(Occasion.LAPSE, Choice.DEFER), (Occasion.HOLD, Choice.CONTINUE), (Occasion.HOLD, Choice.RESTART)],
)
def test_a_choice_that_answers_something_else_is_refused(desk: Desk, on: Occasion, choose: Choice) -> None:
    refusal = refused(desk, lapsed(desk), choose, on)
    assert (type(refusal), refusal.code) == (Invalid, "choice_not_offered")


def test_a_decision_wants_the_revision_that_was_seen(desk: Desk) -> None:
    series = lapsed(desk)
    revision = desk.sheet(series).snapshot.series.revision
    assert isinstance(refused(desk, series, Choice.CONTINUE, seen=revision - 1), Stale)
    assert decided(desk, series, Choice.CONTINUE, seen=revision).deed.revision == revision + 1


@pytest.mark.parametrize("on", Occasion)
@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER])
def test_only_a_practitioner_decides(desk: Desk, on: Occasion, role: Role) -> None:
    assert isinstance(refused(desk, lapsed(desk), Choice.CEASE, on, role=role), NotAllowed)


def test_the_trail_names_choice_reason_and_protocol(desk: Desk) -> None:
    series = lapsed(desk)
    deed = decided(desk, series, Choice.CONTINUE).deed
    query = select(AuditRow).where(AuditRow.action == "decided_to_continue", AuditRow.about_id == series)
    row = desk.read(lambda tx: tx.scalars(query).one())
    assert (row.reason, row.rule_version, row.facts["session"]) == ("Was abroad.", f"{NEEDLING}@1", 2)
    assert row.facts["deed_id"] == str(deed.id)


def held(desk: Desk) -> tuple[UUID, UUID]:
    """A series of four whose session 2 a hold has released, and the hold."""
    patient = desk.patient()
    series = desk.course({1: 0, 2: 35, 3: 70}, patient_id=patient)
    hold = place(desk, patient, wish(30, 40)).hold
    assert hold is not None
    return series, hold.id


def test_a_series_on_hold_waits_loses_the_session_or_ends(desk: Desk) -> None:
    series, _ = held(desk)
    decided(desk, series, Choice.DEFER, Occasion.HOLD, now=NOW)
    assert desk.dates(series) == {1: 0, 3: 70}
    decided(desk, series, Choice.OMIT, Occasion.HOLD, now=NOW)
    assert desk.sheet(series).snapshot.series.session(2).state is SessionState.OMITTED
    decided(desk, series, Choice.CEASE, Occasion.HOLD, now=NOW)
    assert desk.sheet(series).snapshot.series.state is SeriesState.REVOKED


def test_a_booked_session_that_is_omitted_is_cancelled(desk: Desk) -> None:
    series, _ = held(desk)
    decided(desk, series, Choice.OMIT, Occasion.HOLD, session=3, now=NOW)
    assert desk.dates(series) == {1: 0}


def test_the_reason_of_a_decision_about_a_hold_stands_with_the_hold(desk: Desk) -> None:
    series, hold = held(desk)
    decided(desk, series, Choice.DEFER, Occasion.HOLD, now=NOW)
    about_series = select(AuditRow.reason).where(AuditRow.action == "decided_to_defer", AuditRow.about_id == series)
    about_hold = (
        select(AuditPersonalRow.values)
        .join(AuditRow)
        .where(AuditRow.action == "decided_about_series", AuditRow.about_id == hold)
    )
    assert desk.read(lambda tx: tx.execute(about_series).scalar_one()) is None
    assert desk.read(lambda tx: tx.execute(about_hold).scalar_one()) == {"reason": "Was abroad."}


def test_without_a_hold_there_is_nothing_to_decide_about_one(desk: Desk) -> None:
    series = desk.course({1: 0})
    assert refused(desk, series, Choice.DEFER, Occasion.HOLD, now=NOW).code == "not_on_hold"


def test_a_hold_that_has_expired_asks_for_nothing(desk: Desk) -> None:
    series, _ = held(desk)
    decided(desk, series, Choice.DEFER, Occasion.HOLD, now=at(40))
    assert refused(desk, series, Choice.DEFER, Occasion.HOLD, now=at(41)).code == "not_on_hold"


def test_another_organisations_series_is_not_there(desk: Desk) -> None:
    elsewhere = desk_of(open_clinic(desk.clinic.database))
    theirs = lapsed(elsewhere)
    assert isinstance(refused(desk, theirs, Choice.CONTINUE), NotFound)
