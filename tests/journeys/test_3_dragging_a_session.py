"""A practitioner drags session 2 to next week: the page shows which follow and why; all move together, or nothing."""

import pytest
from playwright.sync_api import Browser

from tests.support.journeys.house import UNDO_TIME, House
from tests.support.journeys.people import PLAIN_WAYS, WAYS, Way
from tests.support.journeys.staff import practitioner

DAYS = {1: 7, 2: 35, 3: 65, 4: 107}
MOVED = {1: 7, 2: 42, 3: 70, 4: 107}
"""Session 3 comes 28 days after session 2, and session 4 stays where it was."""

every_way = pytest.mark.parametrize("way", [*WAYS, *PLAIN_WAYS], ids=str)


@every_way
def test_what_follows_is_shown_and_moves_with_it(chrome: Browser, house: House, way: Way) -> None:
    patient = house.patient("Joan Merriweather")
    series = house.desk.course(DAYS, patient_id=patient)
    phone = house.phone_of(patient)
    house.pass_time(UNDO_TIME)
    house.post_to(patient)
    with practitioner(chrome, house, way) as ada:
        ada.opens_series(series)
        ada.moves(2, weeks=1)
        ada.sees("Mon 6 Apr", "Mon 13 Apr", "Wed 6 May", "Mon 11 May", inside=".tbl")
        assert house.desk.dates(series, house.now) == DAYS
        ada.saves()
        ada.sees("Joan Merriweather", "Undo", inside="#toast")
    booked = house.booked(patient)
    assert house.desk.dates(series, house.now) == MOVED
    assert (phone.poll(), phone.starts_on_the_wall) == (200, booked)
    house.pass_time(UNDO_TIME)
    told = "Mon 13 Apr 10:00, not Mon 6 Apr 10:00; Mon 11 May 10:00, not Wed 6 May 10:00"
    assert house.post_to(patient) == [f"Main street: Appointments moved: {told}."]


@every_way
def test_what_is_discarded_or_undone_moves_nothing(chrome: Browser, house: House, way: Way) -> None:
    patient = house.patient("Joan Merriweather")
    series = house.desk.course(DAYS, patient_id=patient)
    with practitioner(chrome, house, way) as ada:
        ada.opens_series(series)
        ada.moves(2, weeks=1)
        ada.discards()
        ada.sees("Mon 6 Apr", inside=".tbl")
        assert house.desk.dates(series, house.now) == DAYS
        ada.moves(2, weeks=1)
        ada.saves()
        ada.undoes()
    assert house.desk.dates(series, house.now) == DAYS
