"""What tests of the web may ask for."""

from collections.abc import Iterator

import pytest

from tests.support.api import Api, api_of, database_of
from tests.support.databases import Databases
from tests.support.desk import Desk, desk_of


@pytest.fixture
def api(module_database_url: str) -> Iterator[Api]:
    """The application with a fresh clinic, called by reception unless another role is chosen.

    The database has other clinics too: those of the other tests of the module.
    """
    yield from _one(module_database_url)


@pytest.fixture(scope="module")
def shared_api(module_database_url: str) -> Iterator[Api]:
    """As `api`, but one clinic for all tests of a module: for calls that change nothing."""
    yield from _one(module_database_url)


def _one(database_url: str) -> Iterator[Api]:
    made = api_of(database_url)
    yield made
    database_of(made.app).dispose()


@pytest.fixture
def desk(api: Api) -> Desk:
    """The desk of that clinic."""
    return desk_of(api.clinic)


@pytest.fixture(scope="module")
def application(databases: Databases) -> Iterator[Api]:
    """One application for all tests of a module, on SQLite: for walks over every route."""
    url = databases.new("sqlite")
    yield from _one(url)
    databases.drop(url)
