"""The first address: the demo shows itself and lets in with one click; anywhere else it leads to the log-in."""

from collections.abc import Iterator

import pytest

from scheduler.domain.access import Role
from tests.support.api import Api, database_of
from tests.support.browse import Browser
from tests.support.desk import desk_of
from tests.support.entrance import Visit, a_demo, application, visit_to


@pytest.fixture
def demo(database_url: str) -> Iterator[Visit]:
    app = application(database_url)
    clinic = a_demo(database_of(app))
    desk = desk_of(clinic)
    desk.visit(desk.patient(), 3, "consultation")
    yield visit_to(app, clinic)
    database_of(app).dispose()


def test_the_demo_offers_every_role_in_one_click(demo: Visit) -> None:
    page = demo.get("/")
    assert page.status_code == 200
    for role in ("reception", "practitioner", "manager", "patient"):
        assert f'action="/login/as/{role}"' in page.text


def test_one_click_opens_the_page_of_a_patient(demo: Visit) -> None:
    path = demo.send("/", "/login/as/patient").location
    assert (path.startswith("/p/"), demo.get(path).status_code, demo.who()) == (True, 200, None)


def test_outside_the_demo_strangers_are_asked_who_they_are(api: Api) -> None:
    assert Browser(api, None).get("/").location == "/login?next=/"


def test_an_empty_database_is_set_up_first(database_url: str) -> None:
    app = application(database_url)
    assert visit_to(app).get("/").location == "/welcome"
    database_of(app).dispose()


def test_whoever_is_in_goes_on_to_the_day(api: Api) -> None:
    assert Browser(api, Role.PRACTITIONER).get("/").location == "/day"
