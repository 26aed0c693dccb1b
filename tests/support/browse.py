"""The pages as a browser gets them, in the test's own process: signed in, with forms that are sent whole."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from scheduler.domain.access import Role
from scheduler.domain.logins import Demand
from scheduler.operations.staff.devices import device_for
from scheduler.operations.staff.logins import open_login
from scheduler.storage.rows import AccountRow
from tests.support.api import Api

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """One browser. ``role`` is whose session it has; ``None`` for a stranger."""

    api: Api
    role: Role | None = Role.RECEPTION
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.api.app.test_client()
        if self.role is not None:
            self.remember(login=login_of(self.api, self.role))

    def remember(self, **values: Any) -> None:
        """Put something into the session."""
        with self.client.session_transaction() as session:
            session.update(values)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Look at a page; no redirect is followed."""
        return self.client.get(path, headers={"Accept": "text/html", **headers})

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with the token of a page that this browser has seen."""
        token = TOKEN.search(self.get("/day").text)
        sent = {"csrf_token": token[1] if token else "", **fields}
        return self.client.post(path, data=sent, headers={"Accept": "text/html"})


def login_of(api: Api, role: Role) -> str:
    """The secret of a new log-in of this user, as of the clinic's clock."""
    now = api.clock.now

    def work(tx: Session) -> str:
        user_id = api.clinic.users[role]
        if tx.get(AccountRow, user_id) is None:
            owner = {"organisation_id": api.clinic.organisation_id, "user_id": user_id}
            tx.add(AccountRow(**owner, login=f"{role}.{user_id}@clinic.example", made_at=now))
            tx.flush()
        return open_login(tx, user_id, device_for(tx, None, "A browser", now), Demand.NOBODY, now).secret

    return api.clinic.database.write(work)


def signed_cookie(api: Api, role: Role, **more: Any) -> str:
    """The session cookie of somebody who has just logged in, for a real browser."""
    serializer = api.app.session_interface.get_signing_serializer(api.app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"login": login_of(api, role), **more}))
