"""Queries of whole requests: as many for three rows as for one."""

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api, database_of
from tests.support.desk import Desk, day
from tests.support.hold_orders import propose, wish
from tests.support.queries import counted

HOURS = (9, 11, 13)
LISTS = (f"/days/{day(7)}", "/tasks", "/patients", "/appointments", "/holds", "/resources")


def asked(api: Api, path: str) -> tuple[int, int]:
    """How many statements one request sends, once the process is warm, and how long its answer is."""
    api.get(path)
    with counted(database_of(api.app).engine) as sent:
        answer = api.get(path)
    assert answer.status_code == 200
    return len(sent), len(answer.data)


def someone_more(api: Api, desk: Desk, number: int) -> None:
    """A patient with a booked session, and a hold that waits for a practitioner; and one more room."""
    patient_id = desk.patient(f"Nadia {number}")
    desk.book(desk.series(patient_id), {1: 7}, HOURS[number])
    propose(desk, patient_id, wish(300, 301))
    room = {"kind": "room", "name": f"Room {number}", "clinic_id": str(api.clinic.clinic_id)}
    assert api.as_role(Role.MANAGER).post("/resources", room).status_code == 201


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(api: Api, desk: Desk, path: str) -> None:
    someone_more(api, desk, 0)
    once, length = asked(api, path)
    for number in (1, 2):
        someone_more(api, desk, number)
    thrice, longer = asked(api, path)
    assert (thrice, longer > length) == (once, True)


def test_a_series_takes_as_many_queries_with_three_appointments_as_with_one(api: Api, desk: Desk) -> None:
    one, three = desk.course({1: 7}), desk.course({1: 8, 2: 43, 3: 78})
    assert asked(api, f"/series/{three}")[0] == asked(api, f"/series/{one}")[0]
