"""One practitioner's week, as its page tells it."""

import re
from datetime import date

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from tests.support.api import Api, database_of
from tests.support.browse import Browser
from tests.support.desk import day, desk_of
from tests.support.queries import counted
from tests.web.pages.test_day_page import text_of


def week(api: Api, on: date | None = None, more: str = "") -> str:
    ada = desk_of(api.clinic).place.resources[ResourceKind.PRACTITIONER]
    return f"/week/{ada}/{(on or day(0)).isoformat()}{more}"


def test_seven_days_stand_beside_each_other_with_their_cards(api: Api) -> None:
    desk = desk_of(api.clinic)
    made = [desk.visit(desk.patient(), number, "consultation") for number in (0, 2, 5, 7)]
    page = Browser(api).get(week(api, day(3))).text
    heads = re.findall(r'<a id="head-[^>]*><span[^>]*>([^<]*)<', page)
    assert heads == ["Mon 2 Mar", "Tue 3 Mar", "Wed 4 Mar", "Thu 5 Mar", "Fri 6 Mar", "Sat 7 Mar", "Sun 8 Mar"]
    assert re.findall(r'class="appt[^>]* id="a-([0-9a-f-]{36})"', page) == [str(one) for one in made[:3]]
    assert f'href="/day/{day(2)}?open={made[1]}"' in page
    assert "Mon 2 Mar – Sun 8 Mar" in text_of(page)


def test_a_practitioner_is_one_click_from_the_own_week(api: Api) -> None:
    browser = Browser(api, Role.PRACTITIONER)
    assert f'id="own-week" href="{week(api)}"' in browser.get("/day").text
    assert browser.get("/week").headers["Location"] == week(api)
    assert Browser(api).get("/week").headers["Location"] == "/day"
    assert 'id="own-week"' not in Browser(api).get("/day").text


def test_who_polls_a_week_learns_of_a_deed_and_else_of_nothing(api: Api) -> None:
    desk, browser, path = desk_of(api.clinic), Browser(api), week(api, more="/live")
    known = {"If-None-Match": browser.get(path).headers["ETag"]}
    with counted(database_of(api.app).engine) as sent:
        assert browser.get(path, **known).status_code == 304
    assert len(sent) == 3
    desk.visit(desk.patient("Zoë Ångström"), 1, "consultation")
    assert "Zoë Ångström" in browser.get(path, **known).text


def test_a_week_takes_as_many_queries_for_five_appointments_as_for_one(api: Api) -> None:
    desk, browser, path = desk_of(api.clinic), Browser(api), week(api)
    desk.visit(desk.patient(), 0, "consultation")
    browser.get(path)
    with counted(database_of(api.app).engine) as once:
        browser.get(path)
    for number in (1, 2, 3, 4):
        desk.visit(desk.patient(), number, "consultation")
    browser.get(path)
    with counted(database_of(api.app).engine) as often:
        browser.get(path)
    assert len(often) == len(once)


def test_the_week_in_which_clocks_go_back_keeps_the_hours_of_the_wall(api: Api) -> None:
    page = Browser(api).get(week(api, date(2026, 10, 25))).text
    assert re.findall(r'<span class="[^"]*">(\d\d:00)</span>', page)[:2] == ["09:00", "10:00"]


def test_a_room_and_nobody_have_no_week(shared_api: Api) -> None:
    room = desk_of(shared_api.clinic).place.resources[ResourceKind.ROOM]
    for missing in (room, "00000000-0000-7000-8000-000000000000"):
        assert Browser(shared_api).get(f"/week/{missing}/{day(0)}").status_code == 404
