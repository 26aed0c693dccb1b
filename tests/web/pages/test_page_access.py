"""Who may see and do what on pages: every row of the table, every role, one's own, another's and what never was."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from scheduler.domain.access import TABLE, Allowance, Role, allowance
from scheduler.web.pages import ENDPOINTS
from scheduler.web.pages.registry import ANYBODY, PageEndpoint
from tests.support.api import Api, database_of
from tests.support.browse import Browser
from tests.support.clinic import open_clinic
from tests.support.things import SAMPLES, Things, passkey_of, smallest, things_of

ROLES = (Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER)
GUARDED = [endpoint for endpoint in ENDPOINTS if endpoint.action is not ANYBODY]
NAMING = [endpoint for endpoint in GUARDED if any(kind is UUID for kind in endpoint.parts.values())]
FORMS = [endpoint for endpoint in ENDPOINTS if endpoint.method == "POST"]
ABSENT = SAMPLES["uuid"]
ANSWERS = {"POST /day/{on}/move/{appointment_id}": (409,)}
"""What the smallest form gets that is told otherwise: an appointment that has changed since it was looked at."""


@pytest.fixture(scope="module")
def theirs(application: Api) -> Things:
    """The things of another organisation in the same database."""
    return things_of(open_clinic(database_of(application.app)))


def named(endpoint: PageEndpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


ALIASES = {
    "/tasks/dead-letters/": {"message_id": "dead_letter_id"},
    "/tasks/moves/": {"request_id": "move_request_id"},
    "/personal-links/": {"link_id": "personal_link_id"},
}
"""What an address calls otherwise than `things_of` does."""


def thing(endpoint: PageEndpoint, name: str, things: Any) -> str:
    """The thing that a part of a path or a field of a form names."""
    names: dict[str, str] = next((of for start, of in ALIASES.items() if endpoint.path.startswith(start)), {})
    return str(things[names.get(name, name)])


def path_of(endpoint: PageEndpoint, things: Any) -> str:
    parts = {
        name: thing(endpoint, name, things) if kind is UUID else "2026-03-05" for name, kind in endpoint.parts.items()
    }
    return endpoint.path.format(**parts)


def asked(browser: Browser, endpoint: PageEndpoint, things: Any) -> int:
    path = path_of(endpoint, things)
    answer = browser.get(path) if endpoint.method == "GET" else browser.post(path, **smallest_form(endpoint, things))
    return answer.status_code


def smallest_form(endpoint: PageEndpoint, things: Any) -> dict[str, Any]:
    """What a form needs to be taken, so that the thing itself is looked for. Fields that name a thing name this one."""
    if endpoint.form is None:
        return {}
    schema = endpoint.form.model_json_schema()
    fields = smallest(schema | {"type": "object"}, schema.get("$defs", {}))
    naming = [name for name in fields if endpoint.form.model_fields[name].annotation is UUID]
    return fields | {name: thing(endpoint, f"{name.removesuffix('_id')}_id", things) for name in naming}


class Nothing(dict[str, str]):
    """An identifier of nothing, whatever is asked for."""

    def __missing__(self, name: str) -> str:
        return ABSENT


def someone_who_may(endpoint: PageEndpoint) -> Role:
    assert endpoint.action is not None
    may = TABLE[endpoint.action]
    return next(role for width in Allowance for role in ROLES if may.get(role) is width)


def test_every_page_asks_for_a_right_or_says_that_it_asks_for_none() -> None:
    assert [named(one) for one in ENDPOINTS if one.action is not ANYBODY and one.action not in TABLE] == []
    assert len({one.name for one in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("endpoint", GUARDED, ids=named)
def test_a_stranger_is_asked_to_log_in(application: Api, endpoint: PageEndpoint) -> None:
    browser = Browser(application, None)
    path = path_of(endpoint, Nothing())
    answer = browser.get(path) if endpoint.method == "GET" else browser.client.post(path)
    wanted = path if endpoint.method == "GET" else "/"
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={wanted}")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("endpoint", GUARDED, ids=named)
def test_a_role_without_the_right_is_refused_whatever_it_asks_about(
    application: Api, endpoint: PageEndpoint, role: Role
) -> None:
    assert endpoint.action is not None
    status, width = asked(Browser(application, role), endpoint, Nothing()), allowance({role}, endpoint.action)
    assert (status == 403) == (width is None) or width is Allowance.REQUEST


@pytest.mark.parametrize("endpoint", NAMING, ids=named)
def test_another_s_thing_and_one_that_never_was_are_not_told_apart(
    application: Api, theirs: Things, endpoint: PageEndpoint
) -> None:
    browser = Browser(application, someone_who_may(endpoint))
    answers = [asked(browser, endpoint, things) for things in (theirs, Nothing())]
    assert answers == [404, 404]


@pytest.mark.parametrize("endpoint", NAMING, ids=named)
def test_one_s_own_thing_is_there(application: Api, endpoint: PageEndpoint) -> None:
    api = replace(application, clinic=open_clinic(database_of(application.app)))
    role = someone_who_may(endpoint)
    browser, things = Browser(api, role), dict(things_of(api.clinic))
    if "passkey_id" in endpoint.parts:
        things["passkey_id"] = api.clinic.do(passkey_of(api.clinic.users[role]))
    assert asked(browser, endpoint, things) in ANSWERS.get(named(endpoint), (200, 303, 422))


@pytest.mark.parametrize("endpoint", FORMS, ids=named)
def test_a_form_that_no_page_of_ours_made_does_nothing(application: Api, endpoint: PageEndpoint) -> None:
    role = someone_who_may(endpoint) if endpoint.action else Role.RECEPTION
    browser = Browser(application, role)
    browser.get("/day")
    answers = [
        browser.client.post(path_of(endpoint, Nothing()), data=sent, headers={"Accept": "text/html"})
        for sent in ({}, {"csrf_token": "made up"})
    ]
    assert [answer.status_code for answer in answers] == [400, 400]


@pytest.mark.parametrize("told", ["x", ABSENT, 7, None])
def test_a_session_that_names_nobody_is_a_stranger_s(application: Api, told: Any) -> None:
    browser = Browser(application, None)
    browser.remember(login=told)
    assert browser.get("/day").headers["Location"] == "/login?next=/day"


def test_a_session_that_is_not_signed_by_us_is_a_stranger_s(application: Api) -> None:
    browser = Browser(application, None)
    browser.client.set_cookie("interval", "eyJ1c2VyIjoiMSJ9.made.up")
    assert browser.get("/day").status_code == 303
