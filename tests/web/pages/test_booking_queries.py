"""Queries of booking: as many for three of anything as for one."""

import pytest

from tests.support.api import Api, database_of
from tests.support.browse import Browser
from tests.support.crowded_clinic import add_of_each
from tests.support.desk import NEEDLING, Desk
from tests.support.queries import counted


def asked(api: Api, path: str) -> int:
    """How many statements one page sends, once the process is warm."""
    browser = Browser(api)
    browser.get(path)
    with counted(database_of(api.app).engine) as sent:
        assert browser.get(path).status_code == 200
    return len(sent)


def test_the_search_takes_as_many_queries_for_three_patients_as_for_one(api: Api, desk: Desk) -> None:
    desk.patient("Nadia One")
    once = asked(api, "/book?q=nadia")
    for name in ("Nadia Two", "Nadia Three"):
        desk.patient(name)
    assert asked(api, "/book?q=nadia") == once


@pytest.mark.parametrize("what", [f"protocol:{NEEDLING}&site=face", "visit:consultation"])
def test_the_panel_takes_as_many_queries_for_three_of_everything_as_for_one(api: Api, desk: Desk, what: str) -> None:
    patient = desk.patient()
    desk.course({1: 0, 2: 35}, patient_id=patient)
    path = f"/book?patient={patient}&what={what}&day=1&since=16:00"
    once = asked(api, path)
    for number in (1, 2):
        add_of_each(api.clinic, number)
        desk.series(patient)
    assert asked(api, path) == once
