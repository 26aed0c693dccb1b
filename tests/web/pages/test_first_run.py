"""The first page of an empty service, and the one click into the demo."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.api import database_of
from tests.support.clinic import open_clinic
from tests.support.entrance import KEYS, a_demo, application, problem_code, told, visit_to

PASSWORD = "three warm lamps"
LENA = {"organisation": "Skin & Co", "name": "Lena Wolf", "login": "lena@clinic.example"}


@pytest.fixture
def empty(database_url: str) -> Iterator[Flask]:
    app = application(database_url)
    yield app
    database_of(app).dispose()


def test_the_first_one_sets_it_up_and_is_in_as_its_manager(empty: Flask) -> None:
    visit = visit_to(empty)
    assert visit.get("/login").location == "/welcome"
    weak = visit.send("/welcome", password="lena wolf!", again="lena wolf!", **LENA)
    assert (weak.status_code, told(weak)) == (422, "This password would soon be guessed.")
    assert 'value="Skin &amp; Co"' in weak.text
    assert "lena wolf!" not in weak.text
    done = visit.send("/welcome", password=PASSWORD, again=PASSWORD, **LENA)
    assert (done.location, visit.who()) == ("/", "Lena Wolf")


def test_there_is_no_second_first_one(empty: Flask) -> None:
    late = visit_to(empty)
    late.get("/welcome")
    visit_to(empty).send("/welcome", password=PASSWORD, again=PASSWORD, **LENA)
    sent = late.send("/login", "/welcome", password=PASSWORD, again=PASSWORD, **LENA)
    assert (late.get("/welcome").status_code, sent.status_code, problem_code(sent)) == (404, 404, "no_such_address")
    assert late.who() is None


def test_where_managers_need_a_second_factor_the_first_one_sets_it_up_next(database_url: str) -> None:
    app = application(database_url, second_factor="managers")
    visit = visit_to(app)
    done = visit.send("/welcome", password=PASSWORD, again=PASSWORD, **LENA)
    assert (done.location, visit.who()) == ("/login/second-factor?next=/", None)
    database_of(app).dispose()


@pytest.mark.parametrize("role", ["reception", "practitioner", "manager"])
def test_in_the_demo_one_click_lets_in_each_role(empty: Flask, role: str) -> None:
    a_demo(database_of(empty))
    visit = visit_to(empty)
    assert f'action="/login/as/{role}"' in visit.get("/login").text
    assert (visit.send("/login", f"/login/as/{role}").location, visit.who()) == ("/", role)


def test_in_the_demo_a_foreign_page_lets_nobody_in(empty: Flask) -> None:
    a_demo(database_of(empty))
    visit = visit_to(empty)
    visit.get("/login")
    assert visit.send_as_it_is("/login/as/manager").status_code == 400
    assert visit.send("/login", "/login/as/patient").status_code == 404


def refused(app: Flask, base: str = "http://localhost:8000") -> tuple[bool, int, str | None]:
    visit = visit_to(app, base=base)
    offered = "/login/as/" in visit.get("/login").text
    return offered, visit.send("/login", "/login/as/manager").status_code, visit.who()


def test_outside_the_demo_there_is_no_such_click(empty: Flask) -> None:
    open_clinic(database_of(empty))
    assert refused(empty) == (False, 404, None)


def test_beside_a_real_organisation_the_demo_lets_nobody_in(empty: Flask) -> None:
    a_demo(database_of(empty))
    open_clinic(database_of(empty))
    assert refused(empty) == (False, 404, None)


def test_in_production_there_is_no_such_click_whatever_the_database_holds(database_url: str) -> None:
    app = application(database_url, environment="production", public_url="https://clinic.test", **KEYS)
    a_demo(database_of(app))
    assert refused(app, "https://clinic.test") == (False, 404, None)
    database_of(app).dispose()
