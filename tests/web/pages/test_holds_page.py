"""The list of holds: by state, with what each reader may know."""

import re
from dataclasses import replace
from datetime import timedelta

from scheduler.domain.access import Role
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import Desk, day
from tests.support.hold_orders import place, wish

LABEL = "Cold sore now"


def names(page: str) -> list[str]:
    return re.findall(r'class="name"[^>]*>([^<]*)<', page)


def test_a_practitioner_reads_why_and_decides_and_reception_reads_until_when_and_whom_to_ask(
    api: Api, desk: Desk
) -> None:
    patient_id = desk.patient()
    series_id = desk.series(patient_id)
    hold_id = place(desk, patient_id, wish(0, 0, "hsv-active")).hold.id
    path = f'href="/holds/{hold_id}?series={series_id}"'
    practitioner, reception = (Browser(api, role).get("/holds").text for role in (Role.PRACTITIONER, Role.RECEPTION))
    assert (LABEL in practitioner, path in practitioner) == (True, True)
    assert (LABEL in reception, path in reception) == (False, False)
    assert "Ask " in reception


def test_each_state_has_its_list(api: Api, desk: Desk) -> None:
    place(desk, desk.patient("Held"), wish(0, 0, "hsv-active"))
    browser = Browser(api)
    assert names(browser.get("/holds").text) == ["Held"]
    assert names(browser.get("/holds?state=overdue").text) == []
    assert "There is no such hold." in browser.get("/holds?state=lifted").text
    assert browser.get("/holds?state=asleep").status_code == 422
    api.clock.pass_time(timedelta(days=11))
    assert names(Browser(api).get("/holds?state=overdue").text) == ["Held"]


def test_an_overdue_hold_names_the_appointments_that_wait_for_it(api: Api, desk: Desk) -> None:
    patient_id = desk.patient()
    desk.course({1: 11}, patient_id=patient_id)
    place(desk, patient_id, replace(wish(0, 0, "hsv-active"), ends_on=None, review_on=day(10)))
    api.clock.pass_time(timedelta(days=10))
    assert "waits for it: Friday 13 March, 10:00" in Browser(api).get("/holds?state=overdue").text


def test_a_long_list_is_turned_page_by_page(api: Api, desk: Desk) -> None:
    for number in range(27):
        place(desk, desk.patient(f"Patient {number}"), wish(0, 0, "hsv-active"))
    first = Browser(api).get("/holds").text
    more = re.search(r'rel="next" href="([^"]*)"', first)
    assert more
    second = Browser(api).get(more[1].replace("&amp;", "&")).text
    assert sorted(names(first) + names(second)) == sorted(f"Patient {number}" for number in range(27))
