"""What tests of operations may ask for."""

from collections.abc import Iterator

import pytest

from scheduler.storage.database import Database
from tests.support.clinic import Clinic, open_clinic
from tests.support.desk import Desk, desk_of
from tests.support.post import PostRoom
from tests.support.rows import Ground


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """An organisation with one clinic in an open transaction that is never committed."""
    database = Database(database_url)
    with database.read() as tx:
        yield Ground(tx)
    database.dispose()


@pytest.fixture
def clinic(module_database_url: str) -> Iterator[Clinic]:
    """A staffed clinic of its own, whose operations are committed; its neighbours are those of the module's tests."""
    database = Database(module_database_url)
    yield open_clinic(database)
    database.dispose()


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    """The desk of that clinic."""
    return desk_of(clinic)


@pytest.fixture
def room(desk: Desk) -> PostRoom:
    """Where the desk's messages are written and sent."""
    return PostRoom(desk)
