"""A practitioner calls in ill: one list of all whom that affects, each with a phone number and what moves least."""

from datetime import datetime, time

import pytest
from playwright.sync_api import Browser

from scheduler.storage.rows import AbsenceRow
from tests.support.desk import day
from tests.support.journeys.house import UNDO_TIME, House
from tests.support.journeys.people import PLAIN_WAYS, WAYS, Way
from tests.support.journeys.staff import reception

every_way = pytest.mark.parametrize("way", [*WAYS, *PLAIN_WAYS], ids=str)
HOURS = {"Nadia Okonjo": 10, "Joan Merriweather": 13, "Wen Li": 16}
PHONE = "+49 30 5550142"


@every_way
def test_everybody_is_called_from_one_list_and_moved_as_little_as_can_be(
    chrome: Browser, house: House, way: Way
) -> None:
    patients = {name: house.patient(name, phone=PHONE) for name in HOURS}
    for name, hour in HOURS.items():
        house.desk.visit(patients[name], 0, "consultation", hour)
    house.pass_time(UNDO_TIME)
    house.post_to(patients["Wen Li"])
    with reception(chrome, house, way) as maya:
        maya.opens_column_of("Ada")
        maya.takes_out("09:30", "18:00", "Ill")
        maya.sees(*HOURS, PHONE, "3 still to reach", inside="#main")
        maya.notes_call_with("Nadia Okonjo", "No answer")
        maya.notes_call_with("Joan Merriweather", "Agreed")
        maya.sees("2 still to reach", inside="#main")
        maya.moves_visit_of("Wen Li")
    here = AbsenceRow.organisation_id == house.api.clinic.organisation_id
    assert house.find(AbsenceRow.label, here) == ["Ill"]
    stays = {name: house.booked(patients[name]) for name in ("Nadia Okonjo", "Joan Merriweather")}
    assert stays == {name: [datetime.combine(day(0), time(HOURS[name]))] for name in stays}
    assert house.booked(patients["Wen Li"]) == [datetime.combine(day(1), time(16))]
    house.pass_time(UNDO_TIME)
    (told,) = house.post_to(patients["Wen Li"])
    assert "Tue 3 Mar 16:00, not Mon 2 Mar 16:00" in told
