"""Every address of the service, whatever it answers: no policy that lets a page run what stands in it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from tests.support.api import Api, api_of, database_of
from tests.support.browse import Browser
from tests.support.databases import Databases
from tests.support.things import SAMPLES

PARTS = re.compile(r"<(?:(\w+):)?\w+>")
KINDS = {"uuid": SAMPLES["uuid"], "day": SAMPLES["date"]}
ELSEWHERE = ("/nothing", "/feeds/none.ics", "/feeds/none/none.ics", "/static/none.css", "/static/app.css")
"""Addresses that are in no rule of the map."""


@pytest.fixture(scope="module")
def api(databases: Databases) -> Iterator[Api]:
    url = databases.new("sqlite")
    made = api_of(url)
    yield made
    database_of(made.app).dispose()
    databases.drop(url)


def routes(app: Flask) -> list[tuple[str, str]]:
    """Method and address of each rule, with something that is not there in place of each part."""
    rules = [
        (method, PARTS.sub(lambda part: KINDS.get(part[1], "x"), rule.rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return [*rules, *(("GET", path) for path in ELSEWHERE)]


def lacks(answer: TestResponse) -> list[str]:
    """What an answer should carry and does not."""
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = {
        "default-src": re.search(r"default-src '(self|none)'", policy),
        "frame-ancestors": "frame-ancestors 'none'" in policy,
        "nothing unsafe": "unsafe" not in policy,
        "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": answer.headers.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "cache": answer.headers.get("Cache-Control"),
    }
    return [name for name, is_there in wanted.items() if not is_there]


@pytest.mark.parametrize("role", [Role.RECEPTION, None], ids=["reception", "a-stranger"])
def test_every_answer_has_them(api: Api, role: Role | None) -> None:
    browser = Browser(api, role)
    asked = routes(api.app)
    answers = {f"{how} {path}": browser.client.open(path, method=how, buffered=True) for how, path in asked}
    assert len(asked) > 200
    assert {route: lacks(answer) for route, answer in answers.items() if lacks(answer)} == {}
    assert {answer.status_code // 100 for answer in answers.values()} == {2, 3, 4}


def test_an_answer_without_them_is_found(api: Api) -> None:
    bare = Browser(api, None).get("/login")
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"):
        del bare.headers[name]
    assert lacks(bare) == ["default-src", "frame-ancestors", "nosniff", "referrer", "cache"]
