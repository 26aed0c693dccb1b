"""A browser at the way in, in the test's own process: it sees forms, fills them in and follows where it is sent."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from scheduler.operations.context import Context
from scheduler.operations.demos import BEGUN, FINISHED, mark_demo
from scheduler.operations.staff.accounts import give_login
from scheduler.storage.database import Database
from tests.support.accounts import PASSWORD
from tests.support.api import Api, Clock
from tests.support.clinic import Clinic, open_clinic

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
KEYS = {"secret_key": "qW3eR5tY7uI9oP1aS2dF4gH6jK8lZ0xC", "link_key": "mN1bV3cX5zA7sD9fG2hJ4kL6qW8eR0tY"}
"""Keys that production accepts."""
HTML = {"Accept": "text/html"}
ADDRESSES = count(int(IPv4Address("198.18.0.1")))


@dataclass
class Visit:
    """One browser at a network address of its own. ``base`` is the address that it believes to talk to."""

    api: Api
    base: str = "http://localhost:8000"
    environ: dict[str, str] = field(default_factory=lambda: {"REMOTE_ADDR": str(IPv4Address(next(ADDRESSES)))})
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.api.app.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        """Look at a page; no redirect is followed."""
        return self.client.get(path, base_url=self.base, headers=HTML | headers, environ_base=self.environ)

    def send(self, page: str, path: str | None = None, **fields: str) -> TestResponse:
        """Fill in a form that stands on a page, and send it to where it leads."""
        found = TOKEN.search(self.get(page).text)
        return self.send_as_it_is(path or page, csrf_token=found[1] if found else "", **fields)

    def send_as_it_is(self, path: str, **fields: Any) -> TestResponse:
        """Send a form that no page of ours made."""
        return self.client.post(path, base_url=self.base, data=fields, headers=HTML, environ_base=self.environ)

    def log_in(self, login: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """What somebody does at the log-in page."""
        return self.send("/login", login=login, password=password, **fields)

    def who(self) -> str | None:
        """The name that the account page shows in its bar, or ``None`` when it asks who is there."""
        found = re.search(r'class="whose">([^<]*)<', self.get("/account").text)
        return found[1] if found else None

    def cookie(self, name: str) -> str | None:
        """The value of a cookie that the browser holds."""
        found = self.client.get_cookie(name, domain=self.base.split("//")[1].split(":")[0])
        return found.value if found else None


def application(database_url: str, **settings: Any) -> Flask:
    """The application on this database, in which nobody has set anything up."""
    given = {"environment": "test", "log_level": "ERROR", "database_url": database_url} | settings
    return create_app(Settings(**given), Clock())


def visit_to(app: Flask, clinic: Any = None, **more: Any) -> Visit:
    """A browser before this application."""
    return Visit(Api(app, clinic, Clock()), **more)


def a_demo(database: Database) -> Clinic:
    """An organisation that counts as a whole demo, with an account for each role."""
    clinic = open_clinic(database)

    def work(context: Context) -> None:
        for action in (BEGUN, FINISHED):
            mark_demo(context, action)
        for role, user_id in clinic.users.items():
            give_login(context, user_id=user_id, login=f"{role}.{user_id}")

    clinic.do(work, Role.MANAGER)
    return clinic


def problem_code(answer: TestResponse) -> str | None:
    """The code at the end of an error page."""
    found = re.search(r"<code>(\w+)</code>", answer.text)
    return found[1] if found else None


def told(answer: TestResponse) -> str | None:
    """What a page says was not right."""
    found = re.search(r'id="refusal">.*?<strong>(.*?)</strong>', answer.text, re.S)
    return found[1] if found else None
