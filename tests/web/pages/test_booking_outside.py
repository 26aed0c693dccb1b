"""A day outside the window from the booking panel: a practitioner decides with a reason, reception asks."""

import re
from typing import Any

import pytest

from scheduler.domain.access import Role
from scheduler.storage.rows import KeepRow
from tests.support.api import Api
from tests.support.booking_pages import asked, count, sessions
from tests.support.browse import Browser
from tests.support.desk import Desk, day


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)


@pytest.fixture
def outside(desk: Desk) -> str:
    """A time 43 days after session 1, of which 42 are allowed."""
    patient = desk.patient()
    series = desk.course({1: 7}, 3, patient)
    return f"/book?patient={patient}&what=series:{series}&pin={day(50)}T10:00"


def sent_outside(browser: Browser, path: str, reason: str = "Away until then.") -> Any:
    page = browser.get(path).text
    value = re.search(r'action="/book/outside".*?name="plan" value="([^"]+)"', page, re.S)
    return browser.post("/book/outside", asked=asked(page), plan=value[1] if value else "", reason=reason)


def test_a_practitioner_books_outside_the_window_with_a_reason(api: Api, desk: Desk, outside: str) -> None:
    browser = Browser(api, Role.PRACTITIONER)
    page = browser.get(outside).text
    assert ("lies outside its window, " in page, "Book outside the window" in page, "No plan fits." in page) == (
        True,
    ) * 3
    answer = sent_outside(browser, outside)
    assert (answer.status_code, "booked=series" in answer.location) == (303, True)
    assert sessions(desk) == [{1: 7, 2: 50}]


def test_reception_asks_for_it_and_the_time_is_kept(browser: Browser, desk: Desk, outside: str) -> None:
    assert "Ask a practitioner" in browser.get(outside).text
    answer = sent_outside(browser, outside)
    assert (answer.status_code, sessions(desk), count(desk, KeepRow)) == (303, [{1: 7}], 1)
    page = browser.get(answer.location).text
    assert ("A practitioner has been asked." in page, "told=" in asked(page)) == (True, False)


@pytest.mark.parametrize("at", [f"{day(50)}T03:00", f"{day(10)}T10:00"])
def test_what_no_reason_is_enough_for_is_not_offered(browser: Browser, outside: str, at: str) -> None:
    path = outside.rpartition("=")[0]
    assert "/book/outside" not in browser.get(f"{path}={at}").text


def test_an_override_needs_its_reason(browser: Browser, desk: Desk, outside: str) -> None:
    answer = sent_outside(browser, outside, reason=" ")
    assert (answer.status_code in (409, 422), count(desk, KeepRow)) == (True, 0)
