"""What is done with an appointment from its day: one form each, told afterwards, and undone within three minutes."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.operations.booking.attending import arrive
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import Desk

BACK = "/day/2026-03-02?by=room"


@pytest.fixture
def visit(desk: Desk) -> UUID:
    """A consultation of Nadia Okonjo this afternoon."""
    return desk.visit(desk.patient(), 0, "consultation")


def status(api: Api, visit: UUID) -> str:
    return str(api.get(f"/appointments/{visit}").json["status"])


def toast(browser: Browser) -> str:
    page = browser.get("/day").text
    told = page[page.index('id="toast"') : page.index('<dialog id="keys"')]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", told[told.index(">") + 1 :])).strip()


def undo_path(browser: Browser) -> str:
    found = re.search(r'formaction="(/changes/[^"]+/undo)"', browser.get("/day").text)
    assert found
    return found[1]


def test_arriving_leads_back_and_says_so_with_an_undo(api: Api, visit: UUID) -> None:
    browser = Browser(api)
    answer = browser.post(f"/appointments/{visit}/arrive", back=BACK)
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert status(api, visit) == "arrived"
    assert toast(browser) == "Nadia Okonjo has arrived. Undo"


def test_a_day_s_deeds_one_after_another(api: Api, visit: UUID) -> None:
    browser = Browser(api)
    browser.post(f"/appointments/{visit}/arrive")
    browser.post(f"/appointments/{visit}/check-in")
    assert (status(api, visit), toast(browser)) == ("checked_in", "The treatment of Nadia Okonjo has begun. Undo")
    browser.post(f"/appointments/{visit}/performed")
    assert (status(api, visit), toast(browser)) == ("fulfilled", "The treatment of Nadia Okonjo is done. Undo")


def test_who_did_not_come_is_noted_and_comes_back_by_undo(api: Api, desk: Desk, visit: UUID) -> None:
    api.clock.pass_time(timedelta(hours=7))
    browser = Browser(api)
    browser.post(f"/appointments/{visit}/no-show")
    assert (status(api, visit), toast(browser)) == ("noshow", "Nadia Okonjo did not attend. Undo")
    assert browser.post(undo_path(browser), back="/day").headers["Location"] == "/day"
    assert (status(api, visit), toast(browser)) == ("booked", "Undone. Everything is as it was.")
    assert toast(browser) == ""


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tell": "yes"}, "Cancelled. Nadia Okonjo will be told in three minutes. Undo"),
        ({}, "Cancelled. Nadia Okonjo knows already. Undo"),
    ],
)
def test_cancelling_says_whether_the_patient_is_told(api: Api, visit: UUID, fields: dict[str, str], told: str) -> None:
    browser = Browser(api)
    browser.post(f"/appointments/{visit}/cancel", reason="patient", note="Has a cold.", **fields)
    assert (status(api, visit), toast(browser)) == ("cancelled", told)


def test_a_visit_of_yesterday_was_performed_yesterday(api: Api, visit: UUID) -> None:
    api.clock.pass_time(timedelta(days=1))
    Browser(api).post(f"/appointments/{visit}/performed")
    assert status(api, visit) == "fulfilled"


def test_an_undo_is_offered_for_three_minutes_and_to_nobody_else(api: Api, visit: UUID) -> None:
    browser, other = Browser(api), Browser(api, Role.PRACTITIONER)
    browser.post(f"/appointments/{visit}/arrive")
    with browser.client.session_transaction() as session:
        other.remember(done=session["done"])
    assert toast(other) == ""
    api.clock.pass_time(timedelta(minutes=2, seconds=59))
    assert toast(browser) == "Nadia Okonjo has arrived. Undo"
    api.clock.pass_time(timedelta(seconds=2))
    assert toast(browser) == ""


def test_a_notice_can_be_closed(api: Api, visit: UUID) -> None:
    browser = Browser(api)
    browser.post(f"/appointments/{visit}/arrive")
    browser.post("/notice/close")
    assert toast(browser) == ""


def test_what_cannot_be_done_is_said_on_the_page_once(api: Api, visit: UUID) -> None:
    browser = Browser(api)
    browser.post(f"/appointments/{visit}/no-show")
    page = browser.get("/day").text
    assert "The appointment has not begun yet.</strong> Cancel it instead." in page
    assert "has not begun yet" not in browser.get("/day").text
    assert status(api, visit) == "booked"


def test_what_a_colleague_did_meanwhile_is_not_overwritten(api: Api, desk: Desk) -> None:
    series_id = desk.course({1: 0})
    one = api.get("/appointments", patient=patient_of(api, series_id)).json["items"][0]
    desk.do(lambda context: arrive(context, appointment_id=UUID(one["id"])))
    browser = Browser(api)
    browser.post(f"/appointments/{one['id']}/cancel", reason="clinic", seen=one["revision"])
    assert "The series has changed since you looked." in browser.get("/day").text
    assert status(api, one["id"]) == "arrived"


def patient_of(api: Api, series_id: UUID) -> str:
    return str(api.get(f"/series/{series_id}").json["patient_id"])


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb"])
def test_no_form_leads_away_from_here(api: Api, visit: UUID, back: str) -> None:
    assert Browser(api).post(f"/appointments/{visit}/arrive", back=back).headers["Location"] == "/day"


def test_a_cancellation_without_a_reason_is_not_taken(api: Api, visit: UUID) -> None:
    browser = Browser(api)
    browser.post(f"/appointments/{visit}/cancel")
    assert "Some of what was typed cannot be used." in browser.get("/day").text
    assert status(api, visit) == "booked"
