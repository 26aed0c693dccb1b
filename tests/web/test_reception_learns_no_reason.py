"""Reception never learns a clinical reason: words are planted wherever one stands, and every answer is searched."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from scheduler.storage.rows import AppointmentRow, ClearanceRow, HoldRow
from scheduler.web.api import ENDPOINTS as CALLS
from scheduler.web.pages import ENDPOINTS as PAGES
from tests.support.api import Api, database_of
from tests.support.browse import Browser
from tests.support.clinic import open_clinic
from tests.support.rows import NOW
from tests.support.things import things_of
from tests.web.pages.test_page_access import Nothing, smallest_form
from tests.web.pages.test_page_access import path_of as path_of_page
from tests.web.test_ownership import NAMING, path_of, smallest_body

PLANTED = {
    HoldRow: {"note": "zqholdnote", "decision_note": "zqdecision"},
    ClearanceRow: {"code": "zqclearcode", "answer": "zqanswer", "reason": "zqclearreason"},
    AppointmentRow: {"override_reason": "zqoverride"},
}
WORDS = frozenset(word for columns in PLANTED.values() for word in columns.values())


@pytest.fixture
def api(application: Api) -> Api:
    return replace(application, clinic=open_clinic(database_of(application.app)))


@pytest.fixture
def things(api: Api) -> Any:
    """One of each thing, with a word of its own wherever a reason is kept."""
    found = Nothing(things_of(api.clinic))

    def plant(tx: Session) -> None:
        for row, columns in PLANTED.items():
            ours: Any = update(row).where(row.organisation_id == api.clinic.organisation_id)
            tx.execute(ours.values(**columns, **beside(row)))

    def beside(row: Any) -> dict[str, Any]:
        """What a row has beside such a text."""
        if row is AppointmentRow:
            return {"override_on": row.on_date, "override_reference": row.on_date}
        return {"decided_by": api.clinic.users[Role.PRACTITIONER], "decided_at": NOW} if row is HoldRow else {}

    api.clinic.database.write(plant)
    return found


def answers(api: Api, role: Role, things: Any) -> Iterator[tuple[str, str]]:
    """Every answer that this role gets, errors and the day after a deed too, by what was asked for. GETs come first."""
    browser = Browser(api, role)
    for page in sorted(PAGES, key=lambda page: page.method):
        path = path_of_page(page, things)
        if page.method == "GET":
            yield f"GET {page.path}", text_of(browser.get(path))
        elif page.path.startswith(("/logout", "/login", "/welcome", "/account")):
            continue
        else:
            answer = browser.post(path, **smallest_form(page, things))
            yield f"POST {page.path}", text_of(answer) + answer.headers.get("Location", "")
            yield f"the day after {page.path}", browser.get("/day").text
    calls = api.as_role(role)
    for call in [*(call for call in CALLS if call.method == "GET"), *(call for call in NAMING if call.method != "GET")]:
        body = smallest_body(call) if call.json_body else None
        yield f"{call.method} {call.path}", text_of(calls.call(call.method, path_of(call, things), body, seen=1))


def text_of(answer: TestResponse) -> str:
    """What can be read in an answer, which may be a picture."""
    return answer.get_data().decode(errors="replace")


def learnt(api: Api, role: Role, things: Any) -> dict[str, set[str]]:
    found = {asked: {word for word in WORDS if word in text} for asked, text in answers(api, role, things)}
    return {asked: words for asked, words in found.items() if words}


def test_no_page_and_no_answer_tells_reception(api: Api, things: Any) -> None:
    assert learnt(api, Role.RECEPTION, things) == {}


def test_the_same_walk_tells_a_practitioner_all_of_it(api: Api, things: Any) -> None:
    """Else the words would be nowhere to be found, and the search above could not fail."""
    told = learnt(api, Role.PRACTITIONER, things)
    assert set().union(*told.values()) == WORDS
