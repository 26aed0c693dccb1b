"""Patients ask for a move, say that they cannot come, and choose how they are told: with and without scripts."""

import pytest
from playwright.sync_api import Browser

from scheduler.storage.rows import MoveRequestRow, PatientRow
from tests.support.journeys.at_home import patient_at_home
from tests.support.journeys.house import House
from tests.support.journeys.people import PLAIN_WAYS, WAYS, Way
from tests.support.journeys.staff import reception

DAYS = {1: 7, 2: 42, 3: 77}
WORDS = "Tuesdays after four"

every_way = pytest.mark.parametrize("way", [*WAYS, *PLAIN_WAYS], ids=str)


@every_way
def test_a_wish_for_another_time_reaches_the_desk_and_moves_nothing(chrome: Browser, house: House, way: Way) -> None:
    patient = house.patient("Ravi Menon")
    series = house.desk.course(DAYS, patient_id=patient)
    with patient_at_home(chrome, house, way, patient) as ravi:
        ravi.says_who_it_is()
        ravi.asks_to_move(WORDS)
    assert house.find(MoveRequestRow.words, MoveRequestRow.patient_id == patient) == [WORDS]
    assert house.desk.dates(series) == DAYS
    with reception(chrome, house, way) as desk:
        desk.opens("/tasks")
        desk.sees("Ravi Menon", inside="#main")
        desk.presses("What can be offered?")
        desk.sees(WORDS, inside="#main")


@every_way
def test_choices_are_kept(chrome: Browser, house: House, way: Way) -> None:
    patient = house.patient("Ravi Menon")
    house.desk.course(DAYS, patient_id=patient)
    with patient_at_home(chrome, house, way, patient) as ravi:
        ravi.says_who_it_is()
        ravi.chooses(language="Deutsch", contact="By phone")
    (found,) = house.find(PatientRow, PatientRow.id == patient)
    assert (found.language.value, found.contact.value) == ("de", "phone")
