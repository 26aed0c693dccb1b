"""What every request needs and no module may keep for itself: the database, the clock, the address and the keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from flask import current_app

from scheduler.domain.logins import Demand
from scheduler.operations.tasks.first_tasks import KeptTasks
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime

Clock = Callable[[], datetime]

NAME = "interval"


def real_clock() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """One running service. ``public_url`` is where people reach it; a request's Host header is never believed.

    ``demand`` says of whom a second factor is demanded. ``proxies`` is how many of ours stand before the service, each
    of which adds the address that it saw to X-Forwarded-For.
    """

    database: Database
    clock: Clock
    public_url: str
    secret_key: str = field(repr=False)
    link_key: str = field(repr=False)
    production: bool = False
    demand: Demand = Demand.NOBODY
    proxies: int = 0
    free_time: FreeTime = field(default_factory=FreeTime, repr=False)
    kept_tasks: KeptTasks = field(default_factory=KeptTasks, repr=False)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def url(self, path: str) -> str:
        """The full address of a path of ours."""
        return self.public_url + path


def this_service() -> Service:
    """The service that answers the current request."""
    return cast(Service, current_app.extensions[NAME])
