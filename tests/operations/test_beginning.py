"""Beginning: looking at plans stores nothing, the first booking stores the series, a keep goes without a trace."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import SeriesState
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.beginning import book_new, give_back, keep_new, plan_new
from scheduler.operations.booking.deeds import Deed
from scheduler.operations.booking.keeping import Keep
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.planning import Plans, plan_series
from scheduler.operations.booking.series import SeriesRequest
from scheduler.operations.booking.undoing import undo
from scheduler.operations.housekeeping import tidy
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime
from scheduler.storage.rows import ClaimRow, KeepRow, SeriesRow, SessionRow
from tests.support.clinic import open_clinic
from tests.support.desk import NEEDLING, Desk, desk_of
from tests.support.rows import NOW

LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield desk_of(open_clinic(database))
    database.dispose()


@pytest.fixture
def wanted(desk: Desk) -> SeriesRequest:
    return SeriesRequest(desk.place.clinic_id, desk.patient(), NEEDLING, 4, ("face",))


def plans(desk: Desk, wanted: SeriesRequest, keep_id: UUID | None = None) -> Plans:
    return desk.do(lambda context: plan_new(context, FreeTime(), wanted, Wishes(), keep_id))


def best(found: Plans) -> list[Placement]:
    return [Placement(one.number, one.slot) for one in found.plans[0].plan.placements]


def book(desk: Desk, wanted: SeriesRequest, placements: list[Placement], keep_id: UUID | None = None) -> Deed:
    return desk.do(lambda context: book_new(context, wanted, placements, keep_id=keep_id))


def keep(desk: Desk, wanted: SeriesRequest, placements: list[Placement], keep_id: UUID | None = None) -> Keep:
    return desk.do(lambda context: keep_new(context, wanted, placements, keep_id=keep_id))


def count(desk: Desk, row: type) -> int:
    return desk.read(lambda tx: tx.scalar(select(func.count()).select_from(row)) or 0)


def states(desk: Desk) -> list[SeriesState]:
    return desk.read(lambda tx: list(tx.scalars(select(SeriesRow.state).order_by(SeriesRow.id))))


def test_looking_at_plans_stores_nothing_and_shows_what_a_stored_draft_would_get(
    desk: Desk, wanted: SeriesRequest
) -> None:
    looked = plans(desk, wanted)
    assert (count(desk, SeriesRow), len(looked.plans)) == (0, 5)
    stored = desk.series(wanted.patient_id)
    same = desk.do(lambda context: plan_series(context, FreeTime(), series_id=stored, wishes=Wishes()))
    assert same.plans == looked.plans


def test_the_series_is_stored_with_its_first_booking(desk: Desk, wanted: SeriesRequest) -> None:
    deed = book(desk, wanted, best(plans(desk, wanted)))
    assert (states(desk), sorted(desk.dates(deed.about_id))) == ([SeriesState.ACTIVE], [1, 2, 3, 4])


def test_a_booking_that_is_undone_leaves_no_series_that_anybody_meant(desk: Desk, wanted: SeriesRequest) -> None:
    placements = best(plans(desk, wanted))
    deed = book(desk, wanted, placements)
    back = desk.do(lambda context: undo(context, deed_id=deed.id))
    assert (states(desk), count(desk, ClaimRow)) == ([SeriesState.ENTERED_IN_ERROR], 0)
    desk.do(lambda context: undo(context, deed_id=back.id))
    assert (states(desk), sorted(desk.dates(deed.about_id))) == ([SeriesState.ACTIVE], [1, 2, 3, 4])


def test_a_slot_that_is_taken_leaves_no_series_behind(desk: Desk, wanted: SeriesRequest) -> None:
    placements = best(plans(desk, wanted))
    book(desk, wanted, placements)
    rival = SeriesRequest(desk.place.clinic_id, desk.patient("Wen Li"), NEEDLING, 4, ("face",))
    with pytest.raises(RuleBroken):
        book(desk, rival, placements)
    assert count(desk, SeriesRow) == 1


def test_what_is_kept_is_free_for_its_own_caller_only(desk: Desk, wanted: SeriesRequest) -> None:
    placements = best(plans(desk, wanted))
    kept = keep(desk, wanted, placements)
    assert states(desk) == [SeriesState.ENTERED_IN_ERROR]
    assert best(plans(desk, wanted, kept.id)) == placements
    assert placements[0] not in [one for plan in plans(desk, wanted).plans for one in plan.plan.placements]


def test_booking_uses_what_was_kept_and_leaves_one_series(desk: Desk, wanted: SeriesRequest) -> None:
    placements = best(plans(desk, wanted))
    kept = keep(desk, wanted, placements)
    deed = book(desk, wanted, placements, kept.id)
    assert (states(desk), count(desk, KeepRow), len(desk.dates(deed.about_id))) == ([SeriesState.ACTIVE], 0, 4)


def test_another_plan_can_be_kept_instead(desk: Desk, wanted: SeriesRequest) -> None:
    first, second = plans(desk, wanted).plans[:2]
    kept = keep(desk, wanted, [Placement(1, first.plan.placements[0].slot)])
    again = keep(desk, wanted, [Placement(1, second.plan.placements[0].slot)], kept.id)
    assert desk.read(lambda tx: list(tx.scalars(select(KeepRow.id)))) == [again.id]
    assert count(desk, SeriesRow) == 1


def test_slots_given_back_leave_nothing(desk: Desk, wanted: SeriesRequest) -> None:
    kept = keep(desk, wanted, best(plans(desk, wanted)))
    desk.do(lambda context: give_back(context, kept.id))
    assert [count(desk, row) for row in (KeepRow, ClaimRow, SeriesRow, SessionRow)] == [0, 0, 0, 0]
    desk.do(lambda context: give_back(context, kept.id))


def test_a_keep_that_runs_out_takes_its_series_along_and_no_other(desk: Desk, wanted: SeriesRequest) -> None:
    keep(desk, wanted, best(plans(desk, wanted)))
    draft = desk.series(wanted.patient_id)
    desk.clinic.database.write(lambda tx: tidy(tx, LATER))
    assert [count(desk, row) for row in (KeepRow, ClaimRow)] == [0, 0]
    assert desk.read(lambda tx: list(tx.scalars(select(SeriesRow.id)))) == [draft]
