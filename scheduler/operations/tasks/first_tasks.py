"""First tasks: the top of the list of tasks and how long it is, for what is looked at again and again."""

from dataclasses import dataclass, field
from uuid import UUID

from scheduler.operations.context import Context
from scheduler.operations.tasks.task_kinds import Task
from scheduler.operations.tasks.tasks import list_tasks

COUNTED = 50
"""Beyond so many it is only said that there are more."""
CLINICS = 1000
State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FirstTasks:
    """The most pressing tasks at a clinic, how many there are, and whether more than are counted."""

    items: tuple[Task, ...]
    number: int
    are_more: bool


@dataclass(frozen=True, slots=True)
class KeptTasks:
    """What was worked out last for each clinic. It holds until somebody does something, a minute at most."""

    known: dict[UUID, tuple[State, FirstTasks]] = field(default_factory=dict)

    def first(self, context: Context, clinic_id: UUID, change: int, shown: int) -> FirstTasks:
        """The first tasks, as of the organisation's latest ``change``. Raises as ``list_tasks`` does."""
        state = (change, int(context.now.timestamp()) // 60)
        kept = self.known.get(clinic_id)
        if kept and kept[0] == state:
            return kept[1]
        found = list_tasks(context, clinic_id=clinic_id, limit=COUNTED)
        first = FirstTasks(found.items[:shown], len(found.items), found.last is not None)
        if len(self.known) >= CLINICS:
            self.known.clear()
        self.known[clinic_id] = (state, first)
        return first
