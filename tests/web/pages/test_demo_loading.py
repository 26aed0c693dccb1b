"""The demo is loaded by a press on the first page of an empty service: once, and nowhere else."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from scheduler.demo.opening import begin_demo
from scheduler.storage.rows import OrganisationRow, PatientRow
from tests.support.api import database_of
from tests.support.clinic import open_clinic
from tests.support.entrance import KEYS, Visit, a_demo, application, problem_code, visit_to
from tests.support.rows import NOW
from tests.support.together import together

AT_MOST_SECONDS = 120
LOADING = "/welcome/demo"


@pytest.fixture
def empty(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An empty service, which keeps the demo's tokens in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    app = application(database_url)
    yield app
    database_of(app).dispose()


def count(app: Flask, row: type[OrganisationRow | PatientRow]) -> int:
    with database_of(app).read() as tx:
        return tx.scalar(select(func.count()).select_from(row)) or 0


def pressed(visit: Visit) -> str:
    return visit.send("/welcome", LOADING, size="small").location


def waited(visit: Visit) -> str:
    """Where the page that shows the loading leads once it is done."""
    until = time.monotonic() + AT_MOST_SECONDS
    while (answer := visit.get(LOADING)).status_code == 200 and time.monotonic() < until:
        time.sleep(0.2)
    return answer.location


def half_a_demo(app: Flask) -> None:
    database_of(app).write(lambda tx: begin_demo(tx, NOW))


def test_of_two_presses_at_once_one_loads_it_and_both_lead_to_the_roles(empty: Flask) -> None:
    visits = [visit_to(empty), visit_to(empty)]
    for visit in visits:
        visit.get("/welcome")
    assert together([lambda visit=visit: pressed(visit) for visit in visits]) == [LOADING, LOADING]  # type: ignore[misc]
    assert waited(visits[0]) == "/"
    assert (count(empty, OrganisationRow), count(empty, PatientRow)) == (1, 30)
    assert 'action="/login/as/reception"' in visits[1].get("/").text
    assert visits[0].send("/", "/login/as/manager").location == "/"


def test_while_it_is_loaded_every_way_in_leads_to_the_page_that_looks_again(empty: Flask) -> None:
    half_a_demo(empty)
    visit = visit_to(empty)
    assert [visit.get(path).location for path in ("/", "/login", "/welcome")] == ["/welcome", "/welcome", LOADING]
    page = visit.get(LOADING)
    assert (page.status_code, "The demo clinic is being loaded" in page.text) == (200, True)
    assert page.headers["Refresh"].startswith(f"4; url={LOADING}?deeds=")
    assert page.headers["Refresh"].endswith("&looks=0")


def test_a_load_that_stands_still_says_what_to_do(empty: Flask) -> None:
    half_a_demo(empty)
    visit = visit_to(empty)
    path, told = LOADING, []
    for _ in range(16):
        page = visit.get(path)
        told.append('role="alert"' in page.text)
        path = page.headers["Refresh"].split("url=")[1]
    assert told == [False] * 15 + [True]
    assert "demo load --if-empty" in page.text


def test_a_press_where_half_a_demo_is_begins_no_second_one(empty: Flask) -> None:
    visit = visit_to(empty)
    visit.get("/welcome")
    half_a_demo(empty)
    assert visit.send("/login/code", LOADING).status_code == 400
    assert visit.send(LOADING, LOADING).location == LOADING
    assert count(empty, OrganisationRow) == 1


def test_beside_anything_else_nothing_is_offered_and_nothing_loaded(empty: Flask) -> None:
    open_clinic(database_of(empty))
    visit = visit_to(empty)
    sent = visit.send("/login", LOADING, size="small")
    assert (visit.get(LOADING).status_code, sent.status_code, problem_code(sent)) == (404, 404, "no_such_address")
    assert count(empty, OrganisationRow) == 1


def test_a_whole_demo_is_not_loaded_again(empty: Flask) -> None:
    a_demo(database_of(empty))
    visit = visit_to(empty)
    assert (visit.send("/", LOADING).location, visit.get(LOADING).location) == (LOADING, "/")
    assert count(empty, OrganisationRow) == 1


def test_in_production_it_is_neither_offered_nor_loaded(database_url: str) -> None:
    app = application(database_url, environment="production", public_url="https://clinic.test", **KEYS)
    visit = visit_to(app, base="https://clinic.test")
    assert LOADING not in visit.get("/welcome").text
    assert visit.send("/welcome", LOADING, size="small").status_code == 404
    assert count(app, OrganisationRow) == 0
    half_a_demo(app)
    assert (visit.get("/welcome").status_code, visit.get(LOADING).status_code) == (404, 404)
    database_of(app).dispose()


def test_a_foreign_page_loads_nothing(empty: Flask) -> None:
    assert visit_to(empty).send_as_it_is(LOADING, size="small").status_code == 400
    assert count(empty, OrganisationRow) == 0
