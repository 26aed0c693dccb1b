"""A cold sore is reported two days before session 3: proposed, confirmed, told; healed, lifted, and planned anew."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from tests.support.journeys.house import UNDO_TIME, House
from tests.support.journeys.people import WAYS, Way
from tests.support.journeys.staff import practitioner, reception

DAYS = {1: -68, 2: -33, 3: 2, 4: 37}
HEALED = timedelta(days=9)
REPORTED = "Tingles since this morning."


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_what_it_hits_is_released_and_what_moves_least_is_offered(chrome: Browser, house: House, way: Way) -> None:
    patient = house.patient("Mirela Costin")
    series = house.course_under_way(patient, DAYS, performed=(1, 2))
    session_3 = house.booked(patient)[0]
    house.pass_time(UNDO_TIME)
    house.post_to(patient)

    with reception(chrome, house, way) as desk:
        desk.opens_series(series)
        desk.proposes_hold("Cold sore now", site="Lips", said=REPORTED)
    assert (house.holds(patient), house.booked(patient)[0]) == (["proposed"], session_3)

    with practitioner(chrome, house, way) as ada:
        ada.opens("/tasks")
        ada.presses("Decide about the hold")
        ada.sees(REPORTED, "Session 3 on Wednesday 4 March at 10:00 is cancelled", inside="#main")
        ada.presses("Confirm the hold")
        ada.sees("At risk", inside=".tbl")
    assert (house.holds(patient), len(house.booked(patient))) == (["active"], 1)
    assert house.desk.at_risk(series, house.now) == [4]
    assert house.is_free(session_3)
    house.pass_time(UNDO_TIME)
    (told,) = house.post_to(patient)
    assert "cancelled: Wed 4 Mar 10:00" in told

    house.pass_time(HEALED)
    with practitioner(chrome, house, way) as ada:
        ada.opens_series(series)
        ada.lifts_hold("No lesion left.")
    assert (house.holds(patient), len(house.booked(patient))) == (["lifted"], 1)

    with reception(chrome, house, way) as desk:
        desk.opens_series(series)
        desk.presses("Show what moves least")
        desk.saves()
        desk.sees("Mirela Costin", inside="#toast")
    assert len(house.booked(patient)) == 2
    assert house.desk.at_risk(series, house.now) == []
