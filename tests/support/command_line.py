"""The command line in the test's own process, called as a person would call it."""

from dataclasses import dataclass
from typing import Any

from click.testing import Result
from flask import Flask

from config import Settings
from scheduler import create_app
from scheduler.storage.database import Database
from scheduler.web.service import NAME
from tests.support.api import Clock


@dataclass(frozen=True)
class CommandLine:
    """Commands on one database, at a clock that stands still."""

    app: Flask
    clock: Clock

    @classmethod
    def on(cls, database_url: str, **settings: Any) -> "CommandLine":
        clock = Clock()
        given = {"environment": "test", "log_level": "ERROR", "database_url": database_url} | settings
        return cls(create_app(Settings(**given), clock), clock)

    @property
    def database(self) -> Database:
        database: Database = self.app.extensions[NAME].database
        return database

    def run(self, *words: str, answers: str | None = None) -> Result:
        """One command; ``answers`` are typed when it asks. Only what is no answer of ours is raised."""
        runner = self.app.test_cli_runner()
        return runner.invoke(self.app.cli, words, input=answers, catch_exceptions=False)
