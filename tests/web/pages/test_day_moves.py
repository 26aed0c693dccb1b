"""Moving an appointment from the day: previewed by the server, saved as previewed, and a rival's change shown."""

import re
from functools import partial
from uuid import UUID

from scheduler.domain.access import Role
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.booking.appointments import get_appointment
from scheduler.operations.places.resources import add_resource
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.desk import Desk, day, desk_of
from tests.web.pages.test_day_page import text_of


def path(appointment_id: UUID, more: str = "", number: int = 0) -> str:
    return f"/day/{day(number)}/move/{appointment_id}{more}"


def visit(desk: Desk, name: str = "Nadia Okonjo", hour: int = 15) -> UUID:
    return desk.visit(desk.patient(name), 0, "consultation", hour)


def start(desk: Desk, appointment_id: UUID) -> str:
    told = desk.do(lambda context: get_appointment(context, appointment_id=appointment_id))
    return told.starts_at.isoformat()


def fields(page: str) -> dict[str, str]:
    form = page[page.index('id="move-form"') :]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))


def test_a_free_time_is_previewed_then_taken_and_can_be_undone(api: Api) -> None:
    desk, browser = desk_of(api.clinic), Browser(api)
    one = visit(desk)
    preview = browser.get(path(one, f"?to={day(0)}&at=16:30"))
    assert "This would move The visit Mon 2 Mar, 15:00, Ada Mon 2 Mar, 16:30, Ada" in text_of(preview.text)
    assert start(desk, one) == "2026-03-02T14:00:00+00:00"
    assert browser.post(path(one), **fields(preview.text)).headers["Location"] == f"/day/{day(0)}"
    assert start(desk, one) == "2026-03-02T15:30:00+00:00"
    told = browser.get(f"/day/{day(0)}").text
    assert "Moved. Nadia Okonjo will be told in three minutes." in text_of(told)
    undo = re.search(r'formaction="(/changes/[^"]+)"', told)
    assert undo
    browser.post(undo[1])
    assert start(desk, one) == "2026-03-02T14:00:00+00:00"


def test_a_taken_time_says_by_whom_and_offers_others(api: Api) -> None:
    desk = desk_of(api.clinic)
    one, _ = visit(desk), visit(desk, "Zoë Ångström", 16)
    page = Browser(api).get(path(one, f"?to={day(0)}&at=16:00")).text
    assert 'data-verdict="no"' in page
    assert "Ada is taken at that time." in text_of(page)
    assert re.search(rf'<a href="/day/{day(0)}/move/{one}\?to=[^"]+">', page)


def test_a_rival_who_was_faster_is_told_and_nothing_has_moved(api: Api) -> None:
    desk, browser = desk_of(api.clinic), Browser(api)
    one = visit(desk)
    seen = fields(browser.get(path(one, f"?to={day(0)}&at=16:00")).text)
    visit(desk, "Zoë Ångström", 16)
    answer = browser.post(path(one), **seen)
    assert answer.status_code == 409
    assert "Just taken: somebody else has changed something meanwhile." in text_of(answer.text)
    assert 'data-verdict="no"' in answer.text
    assert start(desk, one) == "2026-03-02T14:00:00+00:00"


def test_a_session_takes_along_what_must_follow(api: Api) -> None:
    desk, browser = desk_of(api.clinic), Browser(api)
    series = desk.course({1: 7, 2: 35})
    first = next(one.booking.appointment_id for one in desk.sheet(series).snapshot.series.sessions if one.booking)
    preview = browser.get(path(first, f"?to={day(10)}&at=10:00", 7)).text
    assert "These 2 would move together" in text_of(preview)
    places = re.findall(r'name="place" value="([^"]*)"', preview)
    browser.post(path(first, number=7), **{**fields(preview), "place": places})
    assert desk.dates(series)[1] == 10


def test_another_room_is_previewed_then_taken(api: Api) -> None:
    desk, browser = desk_of(api.clinic), Browser(api)
    one = visit(desk)
    room = partial(add_resource, clinic_id=api.clinic.clinic_id, kind=ResourceKind.ROOM, name="Room 2")
    other = api.clinic.do(room, Role.MANAGER).id
    preview = browser.get(path(one, f"?to={day(0)}&at=15:00&room={other}"))
    assert "Mon 2 Mar, 15:00, Ada, Room 1 Mon 2 Mar, 15:00, Ada, Room 2" in text_of(preview.text)
    browser.post(path(one), **fields(preview.text))
    told = desk.do(lambda context: get_appointment(context, appointment_id=one))
    assert told.room_id == other


def test_what_was_typed_wrongly_is_said_beside_its_field(api: Api) -> None:
    page = Browser(api).get(path(visit(desk_of(api.clinic)), "?to=soon&at=noon"))
    assert page.status_code == 422
    assert [name for name in ("move-to-fault", "move-at-fault") if f'id="{name}"' not in page.text] == []


def test_a_manager_moves_nothing(api: Api) -> None:
    assert Browser(api, Role.MANAGER).get(path(visit(desk_of(api.clinic)))).status_code == 403
