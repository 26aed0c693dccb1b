"""What tests of the whole system may ask for: a live service and a clinic in its database."""

from collections.abc import Iterator

import pytest

from tests.support.crowded_clinic import CrowdedClinic, crowded_clinic
from tests.support.databases import ENGINES, Databases
from tests.support.live_service import LiveService, live_service


@pytest.fixture(scope="package", params=ENGINES)
def service(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveService]:
    """Gunicorn on SQLite, and once more on PostgreSQL; all tests share the two, each with a clinic of its own."""
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server")
    url = databases.new(request.param)
    with live_service(url, tmp_path_factory.mktemp("service")) as running:
        yield running
    databases.drop(url)


@pytest.fixture
def clinic(service: LiveService) -> Iterator[CrowdedClinic]:
    """A clinic in the service's database."""
    with crowded_clinic(service.database_url) as made:
        yield made
