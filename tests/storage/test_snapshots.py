"""Snapshots: what is read of several series together is what is read of each by itself."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from scheduler.domain.access import Role
from scheduler.domain.refusals import NotFound
from scheduler.operations.booking.attending import perform
from scheduler.storage.database import Database
from scheduler.storage.rows import ClosureRow, OpeningHoursRow
from scheduler.storage.snapshots import load_snapshot, load_snapshots
from scheduler.storage.types import new_id
from tests.support.clinic import open_clinic
from tests.support.desk import PEEL, Desk, at, day, desk_of, second_clinic
from tests.support.hold_orders import propose, wish
from tests.support.queries import counted
from tests.support.rows import NOW


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield desk_of(open_clinic(database))
    database.dispose()


@pytest.fixture
def courses(desk: Desk) -> list[UUID]:
    """Series of three patients in two clinics, with all that can bear on them."""
    nadia, omar, yu = (desk.patient(name) for name in ("Nadia", "Omar", "Yu"))
    elsewhere = second_clinic(desk, "America/New_York")
    made = [
        desk.course({1: 0, 2: 30}, patient_id=nadia),
        desk.series(nadia, 4, PEEL),
        desk.series(omar, place=elsewhere),
    ]
    desk.book(made[2], {1: 1}, place=elsewhere)
    made.append(desk.series(yu))
    desk.visit(yu, 3, "consultation")
    propose(desk, omar, wish(60, 70))
    first = desk.sheet(made[0]).snapshot.series.session(1).booking
    assert first is not None
    desk.do(lambda c: perform(c, appointment_id=first.appointment_id, partial=True), Role.PRACTITIONER, at(0, 17))
    desk.clinic.database.write(lambda tx: _close(tx, desk, elsewhere.clinic_id))
    return made


def _close(tx: Session, desk: Desk, elsewhere: UUID) -> None:
    owner = {"organisation_id": desk.clinic.organisation_id}
    tx.add(ClosureRow(**owner, clinic_id=desk.clinic.clinic_id, starts_on=day(90), ends_on=day(91), label="Fair"))
    tx.add(ClosureRow(**owner, clinic_id=elsewhere, starts_on=day(95), ends_on=day(95), label="Holiday"))
    tx.query(OpeningHoursRow).filter_by(clinic_id=elsewhere, weekday=6).delete()


def test_several_are_read_as_each_is_by_itself_in_the_order_asked_for(desk: Desk, courses: list[UUID]) -> None:
    wanted = [courses[2], courses[0], courses[3], courses[1]]
    organisation = desk.clinic.organisation_id
    alone = tuple(desk.read(lambda tx, one=one: load_snapshot(tx, organisation, one, NOW)) for one in wanted)
    assert desk.read(lambda tx: load_snapshots(tx, organisation, wanted, NOW)) == alone
    assert [len(one.around.others) for one in alone] == [0, 0, 0, 2]
    assert [len(one.all_holds) for one in alone] == [1, 0, 0, 0]
    assert [one.around.closures[0][2] for one in alone] == ["Holiday", "Fair", "Fair", "Fair"]
    assert [sorted(one.around.closed_weekdays) for one in alone] == [[6], [], [], []]
    assert alone[1].series.session(1).partial


def test_what_is_not_there_or_not_ones_own_is_left_out(desk: Desk, courses: list[UUID]) -> None:
    organisation = desk.clinic.organisation_id
    wanted = [new_id(), courses[1], new_id()]
    assert [one.series.id for one in desk.read(lambda tx: load_snapshots(tx, organisation, wanted, NOW))] == [
        courses[1]
    ]
    assert desk.read(lambda tx: load_snapshots(tx, new_id(), courses, NOW)) == ()
    assert desk.read(lambda tx: load_snapshots(tx, organisation, [], NOW)) == ()


def test_one_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.read(lambda tx: load_snapshot(tx, desk.clinic.organisation_id, new_id(), NOW))


def test_the_number_of_queries_does_not_grow_with_the_series(desk: Desk, courses: list[UUID]) -> None:
    organisation = desk.clinic.organisation_id
    desk.read(lambda tx: load_snapshots(tx, organisation, courses, NOW))
    for how_many in (1, 2, 4):
        with counted(desk.clinic.database.engine) as sent:
            found = desk.read(lambda tx, n=how_many: load_snapshots(tx, organisation, courses[:n], NOW))
        assert (len(found), len(sent)) == (how_many, 8)
