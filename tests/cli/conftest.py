"""What tests of the command line may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.storage.database import Database
from tests.support.clinic import Clinic, open_clinic
from tests.support.command_line import CommandLine


@pytest.fixture
def line(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    """The command line on an empty database, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    line = CommandLine.on(database_url)
    yield line
    line.database.dispose()


@pytest.fixture
def clinic(line: CommandLine) -> Clinic:
    """A staffed clinic in the command line's database."""
    return open_clinic(line.database)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()
