"""The clinic's pages: what is on file, hours, closures, settings; previews come before anything is stored."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduler.domain.access import Role
from scheduler.domain.rosters import WeeklyHours
from scheduler.operations.places.absences import add_absence
from scheduler.operations.places.clinics import get_clinic
from scheduler.operations.places.closures import list_closures
from scheduler.operations.places.resources import get_resource
from scheduler.storage.rows import ClosureRow
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.clinic import STAFF
from tests.support.desk import Desk, at, day
from tests.support.queries import counted


def nine_to_six(**other: str) -> dict[str, str]:
    return {f"d{number}": "09:00–18:00" for number in range(7)} | {"seen": "1"} | other


def closures(api: Api) -> list[tuple[str, str]]:
    found = api.clinic.do(lambda c: list_closures(c, clinic_id=api.clinic.clinic_id, limit=100)).items
    return [(one.starts_on.isoformat(), one.label) for one in found]


@pytest.mark.parametrize("role", STAFF)
def test_everybody_sees_who_is_there_and_a_manager_changes_it(api: Api, desk: Desk, role: Role) -> None:
    page = Browser(api, role).get("/clinic").text
    manages = role is Role.MANAGER
    assert f'href="/clinic/resources/{api.clinic.room_id}"' in page
    assert ('href="/clinic/settings"' in page, "/clinic/resources/new" in page) == (manages, manages)


def test_who_is_away_next_is_told_in_the_list(api: Api, desk: Desk) -> None:
    times = {"starts_at": at(3, 9), "ends_at": at(3, 11)}
    api.clinic.do(lambda c: add_absence(c, resource_id=api.clinic.room_id, seen=None, **times), Role.MANAGER)
    assert "away: Thursday 5 March, 10:00–12:00" in Browser(api).get("/clinic").text


def test_the_list_costs_the_same_number_of_queries_for_many(api: Api) -> None:
    browser, counts = Browser(api, Role.MANAGER), []
    for number in range(2):
        for name in range(4 * number):
            browser.post("/clinic/resources", kind="room", name=f"Room {name}")
        browser.get("/clinic")
        with counted(api.clinic.database.engine) as sent:
            browser.get("/clinic")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_device_is_added_and_a_type_of_no_device_is_refused_beside_the_form(api: Api) -> None:
    browser = Browser(api, Role.MANAGER)
    answer = browser.post("/clinic/resources", kind="device", name="Pen 9", type="microneedling-pen")
    id_ = UUID(re.search(r"resources/([0-9a-f-]+)", answer.headers["Location"])[1])  # type: ignore[index]
    made = api.clinic.do(lambda c: get_resource(c, resource_id=id_))
    assert (made.name, made.type, made.clinic_id) == ("Pen 9", "microneedling-pen", api.clinic.clinic_id)
    wrong = browser.post("/clinic/resources", kind="room", name="Room 9", type="laser")
    assert (wrong.status_code, "Error:" in wrong.text, 'value="Room 9"' in wrong.text) == (422, True, True)


def test_settings_are_saved_and_a_phone_that_is_none_is_refused_with_what_was_typed(api: Api) -> None:
    browser, settings = Browser(api, Role.MANAGER), "/clinic/settings"
    saved = browser.post(settings, seen="1", name="Harbour", address="Quay 1\nWexcombe", phone="+49 30 1234567")
    clinic = api.clinic.do(lambda c: get_clinic(c, clinic_id=api.clinic.clinic_id))
    assert saved.headers["Location"] == "/clinic/settings?saved=1"
    assert (clinic.name, clinic.address, clinic.phone) == ("Harbour", "Quay 1\nWexcombe", "+49 30 1234567")
    wrong = browser.post(settings, seen="2", name="Harbour", phone="none")
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert 'value="none"' in wrong.text


def test_who_saved_meanwhile_is_not_overwritten_unseen(api: Api) -> None:
    browser = Browser(api, Role.MANAGER)
    browser.post("/clinic/settings", seen="1", name="First")
    again = browser.post("/clinic/settings", seen="1", name="Second")
    assert (again.status_code, "On file now:" in again.text, 'value="Second"' in again.text) == (412, True, True)


def test_opening_hours_are_read_as_people_write_them(api: Api) -> None:
    sent = nine_to_six(d0="8-12, 13.30 – 17:00", d6="")
    assert Browser(api, Role.MANAGER).post("/clinic/hours", **sent).headers["Location"] == "/clinic"
    opening = api.clinic.do(lambda c: get_clinic(c, clinic_id=api.clinic.clinic_id)).opening
    assert opening[:2] == (WeeklyHours(0, (480, 720)), WeeklyHours(0, (810, 1020)))
    assert {one.weekday for one in opening} == set(range(6))


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("nine to five", "Monday: Write hours such as 08:00–12:00, 13:00–17:00."),
        ("17:00–09:00", "Monday: Each stretch must end after it begins, by 24:00 at the latest."),
        ("9-12, 11-13", "Monday: The stretches of a day must not overlap."),
    ],
)
def test_hours_that_make_no_sense_are_told_beside_their_day(api: Api, typed: str, fault: str) -> None:
    answer = Browser(api, Role.MANAGER).post("/clinic/hours", **nine_to_six(d0=typed))
    assert answer.status_code == 422
    assert f'href="#hours-d0">{fault}' in answer.text
    assert f'value="{typed}"' in answer.text


def test_shorter_hours_show_whom_they_affect_before_they_are_saved(api: Api, desk: Desk) -> None:
    desk.visit(desk.patient(), 7, "consultation")
    sent, browser = nine_to_six(d0="09:00–12:00"), Browser(api, Role.MANAGER)
    looked = browser.post("/clinic/hours", **sent)
    known = re.search(r'name="known" value="(\w+)"', looked.text)
    assert looked.status_code == 200
    assert known
    assert "Nadia Okonjo" in looked.text
    assert len(api.clinic.do(lambda c: get_clinic(c, clinic_id=api.clinic.clinic_id)).opening) == 7
    saved = browser.post("/clinic/hours", **sent, known=known[1])
    assert saved.headers["Location"] == "/affected"
    assert "Nadia Okonjo" in browser.get("/affected").text


def test_a_closure_shows_whom_it_affects_and_is_taken_back(api: Api, desk: Desk) -> None:
    desk.visit(desk.patient(), 7, "consultation")
    browser, sent = Browser(api, Role.MANAGER), {"first": day(7).isoformat(), "label": "Works"}
    known = re.search(r'name="known" value="(\w+)"', browser.post("/clinic/closures", **sent).text)
    assert closures(api) == []
    assert known
    saved = browser.post("/clinic/closures", **sent, known=known[1])
    assert closures(api) == [(day(7).isoformat(), "Works")]
    assert "Nadia Okonjo" in browser.get(saved.headers["Location"]).text
    ours = select(ClosureRow.id).where(ClosureRow.clinic_id == api.clinic.clinic_id)
    closure_id = desk.read(lambda tx: tx.scalars(ours).one())
    browser.post(f"/clinic/closures/{closure_id}/end")
    assert closures(api) == []


def test_public_holidays_are_shown_before_they_close_the_clinic(api: Api) -> None:
    browser = Browser(api, Role.MANAGER)
    page = browser.get("/clinic/closures/holidays?year=2027").text
    assert "Friday 26 March 2027" in page
    assert closures(api) == []
    assert browser.post("/clinic/closures/holidays", year="2027").headers["Location"] == "/clinic/closures?saved=1"
    assert ("2027-03-26", "Good Friday") in closures(api)
    assert "are on file already." in browser.get("/clinic/closures/holidays?year=2027").text


def test_a_link_to_the_clinic_s_calendar_is_made_and_revoked(api: Api) -> None:
    browser = Browser(api, Role.MANAGER)
    made = browser.post("/clinic/settings/links", device="Front desk", privacy="detailed").headers["Location"]
    page = browser.get(made).text
    assert "Front desk" in page
    assert "patients by name" in page
    link_id = re.search(r"shown=([0-9a-f-]+)", made)
    assert link_id
    browser.post(f"/clinic/links/{link_id[1]}/revoke")
    assert "Front desk" not in browser.get("/clinic/settings").text
