"""The application in the test's own process, called as a program would call it."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from config import Settings
from scheduler import create_app
from scheduler.domain.access import Role
from scheduler.storage.database import Database
from scheduler.web.service import NAME
from tests.support.clinic import Clinic, open_clinic
from tests.support.rows import NOW

BASE = "/api/v1"


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, time: timedelta) -> None:
        self.now += time


@dataclass(frozen=True)
class Api:
    """Calls with the token of one role. A body that is no bytes is sent as JSON."""

    app: Flask
    clinic: Clinic
    clock: Clock
    role: Role | None = Role.RECEPTION
    extra: dict[str, str] = field(default_factory=dict)

    def as_role(self, role: Role | None) -> "Api":
        return replace(self, role=role)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None, **headers: Any) -> TestResponse:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: Any) -> TestResponse:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: Any) -> TestResponse:
        return self.call("DELETE", path, **headers)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | str | None = None,
        key: str | None = None,
        seen: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """One call. ``key`` is its Idempotency-Key, ``seen`` the revision for If-Match."""
        sent = self._headers(body, key, seen) | (headers or {})
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return self.app.test_client().open(BASE + path, method=method, data=data, query_string=query, headers=sent)

    def _headers(self, body: Any, key: str | None, seen: int | None) -> dict[str, str]:
        given = {
            "Authorization": f"Bearer {self.clinic.tokens[self.role]}" if self.role else None,
            "Content-Type": None if body is None else "application/json",
            "Idempotency-Key": key,
            "If-Match": None if seen is None else f'"{seen}"',
        }
        return {name: value for name, value in given.items() if value is not None}


def api_of(database_url: str, **settings: Any) -> Api:
    """The application on this database, with a clinic of its own and a clock that stands still."""
    clock = Clock()
    app = create_app(Settings(environment="test", database_url=database_url, log_level="ERROR", **settings), clock)
    return Api(app, open_clinic(database_of(app)), clock)


def database_of(app: Flask) -> Database:
    """The application's own database."""
    database: Database = app.extensions[NAME].database
    return database
