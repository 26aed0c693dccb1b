"""What every test may ask for. Tests of the pure parts ask for nothing here."""

import secrets
import shutil
from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.databases import ENGINES, Databases
from tests.support.every_calendar import checked_answers
from tests.support.postgres import Cluster, NoServer
from tests.support.skips import say_skips, skip_reasons, skips_are_forbidden

# A busy machine is no fault of the code. With CI set, Hypothesis also repeats the same examples in every run.
hypothesis.settings.register_profile(
    "interval", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("interval")

RUN = pytest.StashKey[Databases]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[RUN] = Databases.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        config.stash[RUN].end()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and skips_are_forbidden() and skip_reasons(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if reasons := skip_reasons(config):
        say_skips(terminalreporter, reasons)


@pytest.fixture(scope="session", autouse=True)
def every_calendar_is_checked() -> Iterator[None]:
    """Whatever a test is about: a calendar with a fault in an answer fails it."""
    with checked_answers():
        yield


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Makes databases on request: `databases.new("sqlite")`, `databases.new("postgresql", migrated=False)`."""
    return Databases.joined()


@pytest.fixture(scope="session")
def postgres_server(databases: Databases) -> str:
    """The address of a running PostgreSQL server that the whole test run shares."""
    try:
        return databases.server()
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The address of a migrated database without rows, once on SQLite and once on PostgreSQL."""
    yield from _one(request, databases)


@pytest.fixture(params=ENGINES, scope="module")
def module_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """As `database_url`, but one database for all tests of a module."""
    yield from _one(request, databases)


@pytest.fixture
def durable_postgres(databases: Databases) -> Iterator[Cluster]:
    """A PostgreSQL server of the test's own, which may be killed and must lose nothing."""
    cluster = Cluster(databases.folder / f"durable-{secrets.token_hex(4)}", durable=True)
    try:
        cluster.create()
    except NoServer as reason:
        pytest.skip(str(reason))
    yield cluster
    cluster.kill()
    shutil.rmtree(cluster.folder)


def _one(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server")
    url = databases.new(request.param)
    yield url
    databases.drop(url)
