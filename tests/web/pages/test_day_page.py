"""The day of a clinic, as its page tells it."""

import re
import zlib
from datetime import timedelta

import pytest

from scheduler.domain.access import Role
from scheduler.operations.booking.attending import arrive
from tests.support.api import Api, database_of
from tests.support.browse import Browser
from tests.support.desk import day, desk_of
from tests.support.full_day import PATIENTS, STAFF, full_day
from tests.support.hold_orders import place, wish
from tests.support.queries import counted
from tests.support.rows import NOW

LATE_MORNING = timedelta(hours=2, minutes=39)
SMALLEST_PAGE = 60_000


def text_of(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_the_first_address_leads_to_the_day(shared_api: Api) -> None:
    assert Browser(shared_api).get("/").headers["Location"] == "/day"


def test_today_is_the_clinic_s_date_with_its_weekday_in_words(shared_api: Api) -> None:
    page = Browser(shared_api).get("/day").text
    assert "<h1>Monday 2 March</h1>" in page
    assert "<title>Monday 2 March, day view – Interval</title>" in page


def test_another_year_is_named(shared_api: Api) -> None:
    assert "<h1>Monday 4 January 2027</h1>" in Browser(shared_api).get("/day/2027-01-04").text


@pytest.mark.parametrize("path", ["/day/2026-02-30", "/day/today", "/day/20260302"])
def test_what_is_no_date_is_no_address(shared_api: Api, path: str) -> None:
    assert Browser(shared_api).get(path).status_code == 404


def test_a_full_day_shows_every_name_whole_and_every_status_with_its_word(api: Api) -> None:
    api.clock.pass_time(LATE_MORNING)
    full_day(api.clinic, api.clock.now)
    page = Browser(api).get("/day").text
    assert [name for name in (*PATIENTS, *STAFF[:4]) if name not in page] == []
    words = ("Booked", "Confirmed", "Waiting", "In session", "Done", "Did not attend", "On hold", "At risk", "Lunch")
    assert [word for word in words if word not in text_of(page)] == []


@pytest.mark.parametrize("by", ["practitioner", "room"])
def test_each_appointment_stands_once_in_the_grid(api: Api, by: str) -> None:
    made = full_day(api.clinic, api.clock.now).appointments
    page = Browser(api).get(f"/day?by={by}").text
    assert sorted(re.findall(r'id="a-([0-9a-f-]{36})"', page)) == sorted(str(one) for one in made)


def test_a_column_for_each_room(api: Api) -> None:
    full_day(api.clinic, api.clock.now, practitioners=2)
    heads = re.findall(r'<a id="head-[^>]*><span[^>]*>([^<]*)<', Browser(api).get("/day?by=room").text)
    assert heads == ["Room 1", "Treatment 1", "Treatment 2"]


def test_reception_never_learns_why_somebody_is_on_hold_and_a_practitioner_does(api: Api) -> None:
    desk = desk_of(api.clinic)
    patient_id = desk.patient("Nadia Okonjo")
    desk.book(desk.series(patient_id), {1: 7})
    place(desk, patient_id, wish(0, 30))
    full = full_day(api.clinic, api.clock.now)
    clinical = ("tretinoin", "Used it")
    for role, told in ((Role.RECEPTION, False), (Role.MANAGER, False), (Role.PRACTITIONER, True)):
        page = Browser(api, role).get(f"/day?open={full.held}").text
        assert any(word in page for word in clinical) is told
        assert "On hold until Monday 9 March." in text_of(page)


def test_a_day_on_which_nobody_works_names_the_next_one(api: Api) -> None:
    closure = {"starts_on": "2026-03-05", "ends_on": "2026-03-06", "label": "Spring cleaning"}
    closed = api.as_role(Role.MANAGER).post(f"/clinics/{api.clinic.clinic_id}/closures", closure, seen=1)
    assert closed.status_code == 201
    told = text_of(Browser(api).get("/day/2026-03-05").text)
    assert "No one is working on Thursday 5 March Closed: Spring cleaning" in told
    assert "The next open day is Saturday 7 March, with 9 hours free across one practitioner." in told


def test_a_closed_day_leads_a_manager_to_its_opening_and_tells_others_who_may(api: Api) -> None:
    closure = {"starts_on": "2026-03-05", "ends_on": "2026-03-05", "label": "Spring cleaning"}
    api.as_role(Role.MANAGER).post(f"/clinics/{api.clinic.clinic_id}/closures", closure, seen=1)
    manager, reception = (Browser(api, role).get("/day/2026-03-05").text for role in (Role.MANAGER, Role.RECEPTION))
    assert 'id="open-day" href="/clinic/closures"' in manager
    assert "A manager can open this day." in reception
    assert 'id="open-day"' not in reception


def test_the_number_of_queries_is_the_same_for_10_appointments_and_for_120(api: Api) -> None:
    browser, needed = Browser(api), []
    for practitioners, each in ((1, 10), (8, 14)):
        full_day(api.clinic, api.clock.now, practitioners=practitioners, each=each)
        browser.get("/day")
        api.clock.pass_time(timedelta(minutes=1))
        with counted(database_of(api.app).engine) as sent:
            page = browser.get("/day").text
        needed.append((page.count('class="appt '), len(sent)))
    (few, once), (many, often) = needed
    assert (few, many) == (10, 122)
    assert often == once


def test_what_needs_attention_is_worked_out_once_for_all_who_look(api: Api) -> None:
    full_day(api.clinic, api.clock.now, practitioners=2)
    first, second = Browser(api), Browser(api, Role.PRACTITIONER)
    first.get("/day")
    with counted(database_of(api.app).engine) as sent:
        second.get("/day")
    assert [one for one in sent if "FROM outbox" in one or "FROM busy_files" in one] == []


def test_a_panel_says_what_can_be_done_now(api: Api) -> None:
    desk = desk_of(api.clinic)
    visit = desk.visit(desk.patient(), 0, "consultation")
    asked = f"/day?open={visit}"
    assert deeds(api, Role.RECEPTION, asked) == ["arrive"]
    assert deeds(api, Role.MANAGER, asked) == []
    desk.do(lambda context: arrive(context, appointment_id=visit))
    assert deeds(api, Role.RECEPTION, asked) == ["check-in", "performed"]
    api.clock.pass_time(timedelta(days=1))
    assert deeds(api, Role.RECEPTION, f"/day/{day(0)}?open={visit}") == ["performed", "no-show"]


def deeds(api: Api, role: Role, path: str) -> list[str]:
    page = Browser(api, role).get(path).text
    panel = page[page.index('id="panel"') :]
    return re.findall(r'formaction="/appointments/[^/]+/([a-z-]+)"', panel[: panel.index("</aside>")])


def test_an_appointment_that_has_gone_says_so(shared_api: Api) -> None:
    told = text_of(Browser(shared_api).get("/day?open=00000000-0000-7000-8000-000000000000").text)
    assert "No longer on this day" in told


def test_a_script_that_wants_the_panel_gets_no_more(api: Api) -> None:
    visit = desk_of(api.clinic).visit(desk_of(api.clinic).patient(), 0, "consultation")
    page = Browser(api).get(f"/day?open={visit}", **{"HX-Target": "panel"}).text
    assert page.strip().startswith('<aside class="panel" id="panel"')
    assert "<html" not in page


def test_who_polls_learns_of_a_deed_and_of_the_minute_and_else_of_nothing(api: Api) -> None:
    desk, browser = desk_of(api.clinic), Browser(api)
    visit = desk.visit(desk.patient(), 0, "consultation")
    first = browser.get(f"/day/{day(0)}/live")
    known = {"If-None-Match": first.headers["ETag"]}
    with counted(database_of(api.app).engine) as sent:
        assert browser.get(f"/day/{day(0)}/live", **known).status_code == 304
    assert len(sent) == 3
    desk.do(lambda context: arrive(context, appointment_id=visit))
    after = browser.get(f"/day/{day(0)}/live", **known)
    assert (after.status_code, "Waiting" in after.text) == (200, True)
    api.clock.pass_time(timedelta(minutes=1))
    assert browser.get(f"/day/{day(0)}/live", **{"If-None-Match": after.headers["ETag"]}).status_code == 200


def test_what_is_polled_is_the_same_bytes_as_long_as_nothing_happens(api: Api) -> None:
    full_day(api.clinic, api.clock.now)
    browser = Browser(api)
    assert browser.get(f"/day/{day(0)}/live").data == browser.get(f"/day/{day(0)}/live").data


def test_a_day_takes_as_many_queries_for_three_practitioners_as_for_one(api: Api) -> None:
    browser = Browser(api)
    full_day(api.clinic, api.clock.now, practitioners=1, each=6)
    browser.get("/day")
    with counted(database_of(api.app).engine) as once:
        short = browser.get("/day")
    full_day(api.clinic, api.clock.now, practitioners=3, each=8)
    browser.get("/day")
    with counted(database_of(api.app).engine) as thrice:
        longer = browser.get("/day")
    assert len(longer.data) > len(short.data)
    assert len(thrice) == len(once)


def test_eight_practitioners_with_120_appointments_are_a_small_page(api: Api) -> None:
    made = full_day(api.clinic, api.clock.now, practitioners=8, each=15).appointments
    page = Browser(api).get("/day").data
    assert len(made) == 120
    assert len(zlib.compress(page, 6)) < SMALLEST_PAGE


def test_a_day_sheet_is_a_table_of_every_appointment(api: Api) -> None:
    full_day(api.clinic, api.clock.now, practitioners=2, each=5)
    page = Browser(api).get(f"/day/{day(0)}/sheet").text
    assert page.count('<th scope="row"') == 10
    assert "Contains patient information: destroy after use." in page


def test_the_clinic_is_chosen_on_this_browser(api: Api) -> None:
    added = api.as_role(Role.MANAGER).post("/clinics", {"name": "Harbour", "zone": "Europe/London", "country": "GB"})
    browser = Browser(api)
    assert "Main street" in browser.get("/day").text
    assert browser.post("/clinic-choice", clinic=added.json["id"], back="/day").headers["Location"] == "/day"
    assert '<span dir="auto">Harbour</span>' in browser.get("/day").text


def test_a_name_that_is_markup_stays_text(api: Api) -> None:
    desk = desk_of(api.clinic)
    desk.visit(desk.patient("<b>Eve</b> & “Co”"), 0, "consultation")
    page = Browser(api).get("/day").text
    assert "<b>Eve" not in page
    assert "&lt;b&gt;Eve&lt;/b&gt; &amp; “Co”" in page


def test_the_now_line_stands_where_the_clock_is_and_on_no_other_day(api: Api) -> None:
    api.clock.pass_time(LATE_MORNING)
    browser = Browser(api)
    assert '<b class="a100 a50 a9">11:39</b>' in browser.get("/day").text
    assert 'class="now' not in browser.get(f"/day/{day(1)}").text
    assert api.clock.now == NOW + LATE_MORNING
