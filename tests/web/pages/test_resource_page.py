"""One practitioner, room or device: weeks, single days, absences, qualifications, calendar, name and use."""

import io
import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import Role
from scheduler.operations.places.absences import list_absences
from scheduler.operations.places.resources import Qualified, Resource, get_resource
from scheduler.operations.places.rosters import list_single_days
from tests.support.api import Api
from tests.support.browse import TOKEN, Browser
from tests.support.desk import NEEDLING, Desk, day

CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260301T000000Z
DTSTART:20260305T100000Z
DTEND:20260305T110000Z
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


def ada(api: Api) -> Resource:
    return api.clinic.do(lambda c: get_resource(c, resource_id=api.clinic.practitioner_id))


def home(api: Api) -> str:
    return f"/clinic/resources/{api.clinic.practitioner_id}"


def sent(api: Api, **fields: str) -> dict[str, str]:
    return {"seen": str(ada(api).revision), **fields}


def hours(api: Api) -> list[tuple[int, tuple[int, int], date | None]]:
    return [(one.hours.weekday, one.hours.minutes, one.hours.valid_from) for one in ada(api).week]


def test_a_week_of_its_own_replaces_the_one_before_and_leaves_others(api: Api) -> None:
    browser, clinic = Browser(api, Role.MANAGER), str(api.clinic.clinic_id)
    browser.post(f"{home(api)}/week", **sent(api, clinic=clinic, d0="9-12"))
    browser.post(f"{home(api)}/week", **sent(api, clinic=clinic, first="2026-06-01", last="2026-06-30", d1="10-14"))
    browser.post(f"{home(api)}/week", **sent(api, clinic=clinic, d0="13:00–17:00"))
    assert hours(api) == [(0, (780, 1020), None), (1, (600, 840), date(2026, 6, 1))]
    page = browser.get(home(api)).text
    assert "13:00–17:00" in page
    assert "from Monday 1 June 2026 until Tuesday 30 June 2026" in page


def test_a_week_that_cannot_be_read_comes_back_as_it_was_typed(api: Api) -> None:
    fields = sent(api, clinic=str(api.clinic.clinic_id), form="week", d2="early")
    answer = Browser(api, Role.MANAGER).post(f"{home(api)}/week", **fields)
    assert (answer.status_code, hours(api)) == (422, [])
    assert 'href="#week-d2"' in answer.text
    assert 'value="early"' in answer.text


def test_a_single_day_is_set_and_is_as_usual_again(api: Api) -> None:
    browser, on = Browser(api, Role.MANAGER), day(3).isoformat()

    def days() -> list[Any]:
        found = api.clinic.do(lambda c: list_single_days(c, resource_id=api.clinic.practitioner_id))
        return [(one.on, [shift.minutes for shift in one.shifts]) for one in found]

    browser.post(f"{home(api)}/days", **sent(api, on=on, hours="10:00–14:00"))
    assert days() == [(day(3), [(600, 840)])]
    browser.post(f"{home(api)}/days", **sent(api, on=on))
    assert days() == [(day(3), [])]
    browser.post(f"{home(api)}/days", **sent(api, on=on, clear="yes"))
    assert days() == []


def test_a_day_off_shows_whom_it_affects_first(api: Api, desk: Desk) -> None:
    desk.visit(desk.patient(), 7, "consultation")
    browser, fields = Browser(api, Role.MANAGER), sent(api, on=day(7).isoformat())
    looked = browser.post(f"{home(api)}/days", **fields)
    known = re.search(r'name="known" value="(\w+)"', looked.text)
    assert known
    assert "Nadia Okonjo" in looked.text
    saved = browser.post(f"{home(api)}/days", **fields, known=known[1])
    assert saved.headers["Location"] == f"/affected?resource={api.clinic.practitioner_id}"
    assert "Nadia Okonjo" in browser.get(saved.headers["Location"]).text


def test_a_roster_is_published(api: Api) -> None:
    Browser(api, Role.MANAGER).post(f"{home(api)}/roster", **sent(api, until="2026-06-30"))
    assert ada(api).roster_until == date(2026, 6, 30)


def test_a_qualification_is_given_with_its_end_and_taken_away(api: Api) -> None:
    browser = Browser(api, Role.MANAGER)
    browser.post(
        f"{home(api)}/qualifications",
        **sent(api, protocol=NEEDLING, valid_until="2027-01-31", renewal_expected="yes"),
    )
    assert Qualified(NEEDLING, date(2027, 1, 31), True) in ada(api).qualifications
    assert "until Sunday 31 January 2027" in browser.get(home(api)).text
    browser.post(f"{home(api)}/qualifications/end", **sent(api, protocol=NEEDLING))
    assert NEEDLING not in {one.protocol for one in ada(api).qualifications}


def test_who_leaves_shows_whom_it_affects_and_comes_back(api: Api, desk: Desk) -> None:
    desk.visit(desk.patient(), 7, "consultation")
    browser = Browser(api, Role.MANAGER)
    looked = browser.post(f"{home(api)}/use", **sent(api, active="no"))
    known = re.search(r'name="known" value="(\w+)"', looked.text)
    assert ada(api).active
    assert known
    browser.post(f"{home(api)}/use", **sent(api, active="no", known=known[1]))
    assert not ada(api).active
    browser.post(f"{home(api)}/use", **sent(api, active="yes"))
    assert ada(api).active


def test_a_resource_is_renamed(api: Api) -> None:
    Browser(api, Role.MANAGER).post(f"{home(api)}/name", **sent(api, name="Ada Lovelace"))
    assert ada(api).name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("role", "number", "status"),
    [
        (Role.RECEPTION, 0, 303),
        (Role.RECEPTION, 1, 422),
        (Role.PRACTITIONER, 0, 303),
        (Role.PRACTITIONER, 1, 422),
        (Role.MANAGER, 1, 303),
    ],
)
def test_who_is_no_manager_enters_absences_of_today_only(api: Api, role: Role, number: int, status: int) -> None:
    fields = {"first": day(number).isoformat(), "start": "10:00", "end": "24:00"}
    answer = Browser(api, role).post(f"{home(api)}/absences", **fields)
    found = api.clinic.do(lambda c: list_absences(c, resource_id=api.clinic.practitioner_id)).items
    assert (answer.status_code, len(found)) == (status, int(status == 303))


def test_a_practitioner_enters_nobody_else_s_absence(api: Api) -> None:
    path = f"/clinic/resources/{api.clinic.room_id}/absences"
    browser = Browser(api, Role.PRACTITIONER)
    tries = browser.get(f"{path}/new"), browser.post(path, first=day(0).isoformat())
    assert [answer.status_code for answer in tries] == [403, 403]


def test_an_absence_is_taken_back(api: Api) -> None:
    browser = Browser(api)
    browser.post(f"{home(api)}/absences", first=day(0).isoformat(), start="10:00", label="Ill")
    path = re.search(r'formaction="([^"]*/end)"', browser.get(home(api)).text)
    assert path
    browser.post(path[1])
    assert "No absence is entered." in browser.get(home(api)).text


def test_a_calendar_link_belongs_to_its_owner_and_to_managers(api: Api) -> None:
    path = f"{home(api)}/links"
    for role in (Role.PRACTITIONER, Role.MANAGER):
        made = Browser(api, role).post(path, device="Phone", privacy="discreet").headers["Location"]
        assert "webcal://" in Browser(api, role).get(made).text
    assert "webcal://" not in Browser(api).get(home(api)).text
    assert Browser(api).post(path, device="Phone").status_code == 403


def busy(browser: Browser, path: str, data: bytes, **fields: str) -> Any:
    token = TOKEN.search(browser.get("/day").text)
    assert token
    form = {"csrf_token": token[1], "file": (io.BytesIO(data), "own.ics"), **fields}
    return browser.client.post(f"{path}/busy", data=form, headers={"Accept": "text/html"})


@pytest.mark.parametrize(("fields", "kept"), [({"look": "yes"}, 0), ({}, 1)])
def test_an_own_calendar_is_looked_into_or_taken_over(api: Api, fields: dict[str, str], kept: int) -> None:
    answer = busy(Browser(api, Role.PRACTITIONER), home(api), CALENDAR, **fields)
    found = api.clinic.do(lambda c: list_absences(c, resource_id=api.clinic.practitioner_id)).items
    assert (answer.status_code, "Nothing is saved yet." in answer.text, len(found)) == (200, bool(fields), kept)


def test_what_is_no_calendar_is_refused_in_words(api: Api) -> None:
    browser = Browser(api, Role.PRACTITIONER)
    for data in (b"", b"no calendar"):
        assert busy(browser, home(api), data).headers["Location"] == f"{home(api)}#calendar"
        assert 'class="refused" role="alert"' in browser.get(home(api)).text


def test_another_clinic_of_nobody_is_no_place_of_a_week(api: Api) -> None:
    answer = Browser(api, Role.MANAGER).post(f"{home(api)}/week", **sent(api, clinic=str(UUID(int=5)), d0="9-12"))
    assert answer.status_code == 404
