"""The stage on which the demo clinic's history is played: every deed at the instant at which it would have happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar
from uuid import UUID

from scheduler.domain.access import Actor
from scheduler.operations.context import Context
from scheduler.storage.database import Database
from scheduler.storage.free_time import FreeTime

T = TypeVar("T")
Scene = Callable[[datetime], None]
"""What happens at an instant."""


class Agenda:
    """What is still to happen, in the order of time; what lies after the end never does."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._scenes: list[tuple[datetime, int, Scene]] = []
        self._order = count()

    def at(self, instant: datetime, scene: Scene) -> None:
        """Let something happen. What would lie in the past happens next."""
        heappush(self._scenes, (instant, next(self._order), scene))

    def play(self, told: Callable[[datetime], None]) -> None:
        """Let everything happen until the end; ``told`` hears the instant of each scene."""
        latest = datetime.min.replace(tzinfo=self.end.tzinfo)
        while self._scenes and self._scenes[0][0] <= self.end:
            instant, _, scene = heappop(self._scenes)
            latest = max(latest, instant)
            told(latest)
            scene(latest)


@dataclass(frozen=True, slots=True)
class Place:
    """A clinic of the demo: its zone, the weekdays on which it is open (Monday 0), and who treats what there."""

    clinic_id: UUID
    zone: str
    weekdays: frozenset[int]
    practitioners: tuple[UUID, ...]
    protocols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo clinic while its history is played. ``seed`` decides all that chance decides."""

    database: Database
    agenda: Agenda
    seed: int
    organisation_id: UUID
    manager: Actor
    reception: Actor
    practitioners: Mapping[UUID, Actor]
    places: tuple[Place, ...]
    free_time: FreeTime = field(default_factory=FreeTime)

    @property
    def now(self) -> datetime:
        """The instant at which the history ends: the real present."""
        return self.agenda.end

    def do(self, who: Actor, at: datetime, deed: Callable[[Context], T]) -> T:
        """One operation, committed."""
        return self.database.write(lambda tx: deed(Context(tx, who, at)))

    def look(self, who: Actor, at: datetime, question: Callable[[Context], T]) -> T:
        """One question, which stores nothing."""
        with self.database.read() as tx:
            return question(Context(tx, who, at))
