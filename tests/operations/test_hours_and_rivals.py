"""Hours that change while somebody books: whichever comes second knows of the first."""

from collections.abc import Iterator
from typing import Any

import pytest

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Refusal
from scheduler.operations.context import Context
from scheduler.operations.places.absences import add_absence
from scheduler.operations.places.affected import Affected
from scheduler.operations.places.closures import close
from scheduler.operations.places.rosters import set_single_day
from scheduler.storage.database import Database
from tests.support.clinic import open_clinic
from tests.support.desk import Desk, at, day, desk_of
from tests.support.together import together

ROUNDS = 12


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database = Database(database_url)
    yield desk_of(open_clinic(database))
    database.dispose()


def absent(context: Context, desk: Desk, number: int) -> tuple[Affected, ...]:
    ada = desk.place.resources[ResourceKind.PRACTITIONER]
    return add_absence(context, resource_id=ada, starts_at=at(number, 0), ends_at=at(number, 23), seen=None).affected


def closed(context: Context, desk: Desk, number: int) -> tuple[Affected, ...]:
    dates = {"starts_on": day(number), "ends_on": day(number)}
    return close(context, clinic_id=desk.place.clinic_id, label="Works", seen=None, **dates).affected


def off(context: Context, desk: Desk, number: int) -> tuple[Affected, ...]:
    ada = desk.place.resources[ResourceKind.PRACTITIONER]
    return set_single_day(context, resource_id=ada, on=day(number), shifts=[], seen=None).affected


@pytest.mark.parametrize("change", [absent, closed, off])
def test_a_booking_beside_a_change_of_hours_is_refused_or_named(desk: Desk, change: Any) -> None:
    patient = desk.patient()
    for number in range(1, ROUNDS):

        def book(number: int = number) -> int:
            try:
                desk.visit(patient, number, "consultation")
            except Refusal:
                return 0
            return 1

        def alter(number: int = number) -> int:
            affected = desk.do(lambda context: change(context, desk, number), Role.MANAGER)
            return len([one for one in affected if one.on_date == day(number)])

        booked, named = together([book, alter])
        assert booked == named
