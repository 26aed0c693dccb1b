"""Phones that poll the real server: connections that stay open, workers that part, a database that comes back."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from config import Settings
from scheduler.domain.access import Role
from scheduler.operations.calendars.links import LinkOwner, issue_staff_link
from scheduler.storage.database import Database
from scheduler.storage.feeds import OwnerKind
from tests.support.clinic import open_clinic
from tests.support.live_service import LiveService

pytestmark = pytest.mark.system


def feed_path(service: LiveService) -> str:
    """The path of a new clinic's feed."""
    database = Database(service.database_url)
    clinic = open_clinic(database)
    owner = LinkOwner(OwnerKind.CLINIC, clinic.clinic_id)
    key = Settings(environment="test").link_key
    made = clinic.do(lambda context: issue_staff_link(context, key, owner=owner, device="desk"), Role.MANAGER)
    database.dispose()
    return f"/feeds/{made.token}.ics"


def test_one_connection_carries_one_answer_after_another(service: LiveService) -> None:
    path = feed_path(service)
    connection = HTTPConnection(urlsplit(service.address).netloc, timeout=30)
    told, lines, tag = [], set(), ""
    for method, known in (("GET", False), ("GET", True), ("HEAD", False), ("HEAD", True), ("GET", False)):
        connection.request(method, path, headers={"If-None-Match": tag} if known else {})
        lines.add(connection.sock and connection.sock.getsockname())
        answer = connection.getresponse()
        told.append((answer.status, len(answer.read()), answer.headers["Content-Length"]))
        tag = answer.headers["ETag"]
    size = told[0][1]
    assert told == [(200, size, str(size)), (304, 0, None), (200, 0, str(size)), (304, 0, None), (200, size, str(size))]
    assert len(lines) == 1
    connection.close()
