"""The list of affected patients: called from the page, with what moves least, and shown before anything is saved."""

import re
from uuid import UUID

import pytest
from sqlalchemy import func, select

from scheduler.domain.access import Role
from scheduler.operations.messages.call_list import list_calls
from scheduler.operations.places.absences import add_absence
from scheduler.storage.rows import AbsenceRow, AppointmentRow
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.clinic import STAFF
from tests.support.desk import Desk, at, day
from tests.support.queries import counted


def practitioner(desk: Desk) -> UUID:
    return next(id_ for kind, id_ in desk.place.resources.items() if kind == "practitioner")


def booked(desk: Desk, number: int = 7) -> UUID:
    """The appointment of a series that begins on that day."""
    series_id = desk.series(desk.patient())
    desk.book(series_id, {1: number})
    return desk.read(
        lambda tx: tx.scalars(select(AppointmentRow.id).where(AppointmentRow.series_id == series_id)).one()
    )


def absent(desk: Desk, number: int = 7) -> UUID:
    who, times = practitioner(desk), {"starts_at": at(number, 5), "ends_at": at(number, 20)}
    return desk.do(lambda c: add_absence(c, resource_id=who, seen=None, **times), Role.MANAGER).absence.id


def absence_form(number: int = 7, **more: str) -> dict[str, str]:
    return {"first": day(number).isoformat(), "start": "00:00", "end": "24:00", "label": "Ill", **more}


def absences(desk: Desk) -> int:
    ours = select(func.count()).where(AbsenceRow.organisation_id == desk.clinic.organisation_id)
    return desk.read(lambda tx: tx.execute(ours).scalar_one())


def test_an_absence_that_hits_nobody_is_saved_at_once(api: Api, desk: Desk) -> None:
    home = f"/clinic/resources/{practitioner(desk)}"
    answer = Browser(api, Role.MANAGER).post(f"{home}/absences", **absence_form())
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{home}?saved=1#absences")
    assert absences(desk) == 1


def test_who_is_affected_is_shown_before_an_absence_is_saved(api: Api, desk: Desk) -> None:
    appointment_id = booked(desk)
    browser, path = Browser(api, Role.MANAGER), f"/clinic/resources/{practitioner(desk)}/absences"
    looked = browser.post(path, **absence_form())
    assert (looked.status_code, absences(desk)) == (200, 0)
    assert "Nadia Okonjo" in looked.text
    assert 'href="tel:+49305550142"' in looked.text
    known = re.search(r'name="known" value="(\w+)"', looked.text)
    assert known
    saved = browser.post(path, **absence_form(known=known[1]))
    assert (saved.status_code, absences(desk)) == (303, 1)
    assert f'id="a-{appointment_id}"' in browser.get(saved.headers["Location"]).text


def test_who_was_booked_meanwhile_is_shown_again(api: Api, desk: Desk) -> None:
    booked(desk)
    path = f"/clinic/resources/{practitioner(desk)}/absences"
    answer = Browser(api, Role.MANAGER).post(path, **absence_form(known="0" * 64))
    assert (answer.status_code, absences(desk)) == (200, 0)


@pytest.mark.parametrize(
    ("outcome", "told"), [("called", "Called"), ("accepted", "Agreed"), ("no_answer", "No answer")]
)
def test_what_came_of_a_call_stands_beside_the_patient(api: Api, desk: Desk, outcome: str, told: str) -> None:
    appointment_id, absence_id = booked(desk), absent(desk)
    browser, back = Browser(api), f"/affected?absence={absence_id}"
    answer = browser.post(f"/affected/{appointment_id}/call", outcome=outcome, back=back)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{back}#a-{appointment_id}")
    tags = re.findall(r'<span class="tag (?:ok|warn)"><svg.*?</svg>([^<]*)</span>', browser.get(back).text)
    left = "1 still to reach" if outcome == "no_answer" else "All reached"
    assert tags == [left.replace("1 still", "One still"), told]


def test_nobody_answered_stays_on_the_call_list_and_an_answer_takes_it_off(api: Api, desk: Desk) -> None:
    appointment_id, browser = booked(desk), Browser(api)
    absent(desk)
    for outcome in ("no_answer", "no_answer"):
        browser.post(f"/affected/{appointment_id}/call", outcome=outcome)
    (call,) = desk.do(lambda c: list_calls(c)).items
    assert call.no_answers == 2
    assert call.say.startswith("The appointment on Monday 9 March, 10:00, cannot take place as planned.")
    browser.post(f"/affected/{appointment_id}/call", outcome="accepted")
    assert desk.do(lambda c: list_calls(c)).items == ()


def test_what_moves_least_is_told_beside_the_patient_and_leads_to_the_series(api: Api, desk: Desk) -> None:
    appointment_id = booked(desk)
    absent(desk)
    page = Browser(api).get(f"/affected/{appointment_id}/plan", **{"HX-Request": "true"}).text
    assert page.lstrip().startswith("<div")
    assert "Moves least:" in page
    assert "?replan=1" in page


def test_a_visit_is_moved_from_the_list(api: Api, desk: Desk) -> None:
    visit_id = desk.visit(desk.patient(), 7, "consultation")
    absence_id, browser = absent(desk), Browser(api)
    page = browser.get(f"/affected/{visit_id}/plan").text
    place = re.search(r'name="place" value="([^"]*)"', page)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert place
    assert seen
    back = f"/affected?absence={absence_id}"
    taken = browser.post(f"/affected/{visit_id}/take", place=place[1], seen=seen[1], back=back)
    assert taken.headers["Location"] == back
    assert "Nobody is affected" in browser.get(back).text


@pytest.mark.parametrize("role", STAFF)
def test_a_manager_sees_the_list_and_neither_calls_nor_moves(api: Api, desk: Desk, role: Role) -> None:
    booked(desk)
    absent(desk)
    page = Browser(api, role).get("/affected").text
    can = role is not Role.MANAGER
    assert ("Nadia Okonjo" in page, 'value="no_answer"' in page, "/plan?" in page) == (True, can, can)


def test_lists_of_what_is_not_ours_are_not_there(api: Api) -> None:
    nothing = UUID(int=7)
    answers = [
        Browser(api).get(f"/affected?{what}={nothing}").status_code for what in ("absence", "closure", "resource")
    ]
    assert answers == [404, 404, 404]


def test_the_list_costs_the_same_number_of_queries_for_many(api: Api, desk: Desk) -> None:
    browser, counts = Browser(api), []
    for number, hours in ((7, (9,)), (8, (10, 11, 12))):
        for hour in hours:
            desk.visit(desk.patient(f"Patient {hour}"), number, "consultation", hour)
        path = f"/affected?absence={absent(desk, number)}"
        assert browser.get(path).text.count('class="name"') == len(hours)
        with counted(api.clinic.database.engine) as sent:
            browser.get(path)
        counts.append(len(sent))
    assert counts[0] == counts[1]
