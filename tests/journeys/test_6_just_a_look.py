"""A caller wants “just a look” first: a consultation is booked as a single visit, and the series begins from it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from scheduler.storage.rows import AppointmentRow
from tests.support.journeys.house import UNDO_TIME, House
from tests.support.journeys.people import PLAIN_WAYS, WAYS, Way
from tests.support.journeys.staff import reception

NAME = "Cosima Wells"
NEEDLING = "Microneedling, rejuvenation"


@pytest.mark.parametrize("way", [*WAYS, *PLAIN_WAYS], ids=str)
def test_a_newcomer_has_a_look_and_then_a_series(chrome: Browser, house: House, way: Way) -> None:
    with reception(chrome, house, way) as desk:
        desk.adds_a_newcomer(NAME, "030 5550777")
        desk.chooses("Consultation")
        desk.books_visit()
    patient = house.patient_called(NAME)
    (look,) = house.booked(patient)
    assert house.series_of(patient) == []
    house.pass_time(UNDO_TIME)

    house.pass_time(timedelta(hours=2))
    with reception(chrome, house, way) as desk:
        desk.opens(f"/day/{look:%Y-%m-%d}")
        desk.opens_appointment_of(NAME)
        desk.presses("Performed", inside="#panel")
        desk.sees(NAME, inside="#toast")
        desk.opens(f"/patients/{patient}")
        desk.presses("Book", inside="#main")
        desk.chooses(NEEDLING, site="Face", sessions=3)
        desk.books_all()
    assert house.find(AppointmentRow.status, AppointmentRow.patient_id == patient)[0].value == "fulfilled"
    (series,) = house.series_of(patient)
    booked = house.booked(patient)
    assert (len(booked), sorted(house.desk.dates(series, house.now))) == (3, [1, 2, 3])
    assert booked[0] > look
