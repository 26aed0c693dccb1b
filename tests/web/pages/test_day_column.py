"""A column of the day, opened: running late, away for a while, and who is affected."""

import re
from datetime import timedelta

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import day, desk_of
from tests.web.pages.test_day_page import text_of

ON = day(0).isoformat()


def ada(api: Api) -> object:
    """The clinic's one practitioner."""
    return desk_of(api.clinic).place.resources[ResourceKind.PRACTITIONER]


def column(api: Api, more: str = "", on: str = ON) -> str:
    return f"/day/{on}/column/{ada(api)}{more}"


def booked(api: Api, name: str = "Nadia Okonjo", hour: int = 15) -> None:
    desk = desk_of(api.clinic)
    desk.visit(desk.patient(name), 0, "consultation", hour)


def test_who_runs_late_is_marked_told_to_everybody_and_on_time_again_with_one_press(api: Api) -> None:
    booked(api)
    reception, other = Browser(api), Browser(api, Role.PRACTITIONER)
    live = f"/day/{ON}/live"
    known = {"If-None-Match": other.get(live).headers["ETag"]}
    assert other.get(live, **known).status_code == 304
    assert reception.post(column(api, "/late"), minutes="20").headers["Location"] == column(api)
    told = text_of(other.get(live, **known).text)
    assert told.count("about 20 min late") == 3  # at the head of the column, on the card and in the rail
    assert "About 20 minutes late. No appointment has moved." in text_of(reception.get(column(api)).text)
    assert "about 20 min late" not in text_of(reception.get(f"/day/{day(1)}").text)
    reception.post(column(api, "/on-time"))
    assert "min late" not in text_of(other.get(live).text)


def test_what_has_begun_tells_of_no_delay(api: Api) -> None:
    booked(api)
    Browser(api).post(column(api, "/late"), minutes="20")
    api.clock.pass_time(timedelta(hours=9))
    page = Browser(api).get("/day").text
    assert text_of(page).count("about 20 min late") == 1


def test_a_practitioner_marks_the_own_column_and_a_manager_sees_how(api: Api) -> None:
    assert Browser(api, Role.PRACTITIONER).post(column(api, "/late"), minutes="5").status_code == 303
    assert Browser(api, Role.MANAGER).post(column(api, "/on-time")).status_code == 303


def test_a_delay_of_no_sense_comes_back_with_what_was_typed(api: Api) -> None:
    page = Browser(api).post(column(api, "/late"), minutes="900")
    assert page.status_code == 422
    assert 'value="900"' in page.text
    assert "Error: " in page.text[: page.text.index("</title>")]


def test_nothing_is_stored_before_it_has_been_looked_at(api: Api) -> None:
    booked(api)
    browser = Browser(api)
    preview = text_of(browser.get(column(api, "?look=yes&start=14:00&end=17:00&label=Ill")).text)
    assert "Take out 14:00 to 17:00? One appointment cannot take place as booked: 15:00 Nadia Okonjo" in preview
    assert "Taken out of the plan" not in text_of(browser.get(column(api)).text)
    led = browser.post(column(api, "/away"), start="14:00", end="17:00", label="Ill").headers["Location"]
    assert "Nadia Okonjo" in browser.get(led).text
    panel = text_of(browser.get(column(api)).text)
    assert "14:00–17:00 Ill One appointment cannot take place as booked: 15:00 Nadia Okonjo" in panel
    assert f'href="{led}"' in browser.get(column(api)).text


def test_what_was_taken_out_is_taken_back(api: Api) -> None:
    browser = Browser(api)
    browser.post(column(api, "/away"), start="14:00", end="17:00", label="Ill")
    absence = re.search(r'name="absence" value="([^"]+)"', browser.get(column(api)).text)
    assert absence
    browser.post(column(api, "/back"), absence=absence[1])
    assert "Taken out of the plan" not in text_of(browser.get(column(api)).text)


def test_a_stretch_of_no_sense_says_what_is_wrong_beside_the_fields(api: Api) -> None:
    page = Browser(api).get(column(api, "?look=yes&start=15:00&end=noon&label="))
    assert page.status_code == 422
    assert 'id="away-end-fault"' in page.text
    assert "Give a time such as 13:30." in page.text
    reversed_ = Browser(api).post(column(api, "/away"), start="15:00", end="14:00")
    assert "It must end after it begins." in reversed_.text


def test_reception_blocks_today_and_only_a_manager_another_day(api: Api) -> None:
    tomorrow = day(1).isoformat()
    assert "Another day than today is blocked by a manager." in Browser(api).get(column(api, on=tomorrow)).text
    sent = {"start": "14:00", "end": "17:00"}
    assert Browser(api).post(column(api, "/away", tomorrow), **sent).status_code == 403
    assert Browser(api, Role.MANAGER).post(column(api, "/away", tomorrow), **sent).status_code == 303


def test_a_column_that_is_not_of_this_clinic_is_no_page(shared_api: Api) -> None:
    missing = f"/day/{ON}/column/00000000-0000-7000-8000-000000000000"
    assert Browser(shared_api).get(missing).status_code == 404


def test_it_leads_to_all_whom_to_call_about_this_column(api: Api) -> None:
    booked(api)
    browser = Browser(api)
    assert "to be called about" not in browser.get(column(api)).text
    browser.post(column(api, "/away"), start="14:00", end="16:00", label="Ill")
    page = browser.get(column(api)).text
    assert "One appointment to be called about" in text_of(page)
    assert "Nadia Okonjo" in browser.get(f"/affected?resource={ada(api)}").text
    assert f'href="/affected?resource={ada(api)}"' in page
