"""What needs attention, beside a day: the first of the tasks, and how many there are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.words import say, short_day

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that waits for somebody, in words."""

    icon: str
    text: str
    detail: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Waits:
    """What is shown of all that waits, and how much there is: empty without any, with a plus when it is more."""

    shown: tuple[Attention, ...]
    count: str


def attention_of(call: PageCall, clinic_id: UUID, change: int) -> Waits:
    """The most pressing tasks at a clinic, in words that every role may read: no reason of a hold is among them."""
    found = call.service.kept_tasks.first(call.context, clinic_id, change, SHOWN)
    count = f"{found.number}{'+' if found.are_more else ''}" if found.number else ""
    return Waits(tuple(map(_attention, found.items)), count)


def _attention(task: Task) -> Attention:
    icon, sentence = _kind(task.kind, task.patient or task.resource or "")
    return Attention(icon, sentence, _when(task), _path(task))


def _kind(kind: TaskKind, who: str) -> tuple[str, str]:
    kinds = {
        TaskKind.OVERRIDE_REQUEST: ("shield-alert", say("%(who)s, a date outside the rules is asked for", who=who)),
        TaskKind.OVERDUE_HOLD: ("hourglass", say("%(who)s, hold to be looked at again", who=who)),
        TaskKind.CLASH: ("calendar-x", say("%(who)s, cannot take place as booked", who=who)),
        TaskKind.DECLINED: ("ban", say("%(who)s, has declined", who=who)),
        TaskKind.MOVE_REQUEST: ("arrow-right", say("%(who)s, asks for another time", who=who)),
        TaskKind.CALL: ("phone", say("%(who)s, please call", who=who)),
        TaskKind.PROPOSED_HOLD: ("circle-pause", say("%(who)s, hold to be decided", who=who)),
        TaskKind.FREED_SLOT: ("calendar-plus", say("%(who)s is free again: ask the waitlist", who=who)),
        TaskKind.CLOSING_WINDOW: ("hourglass", say("%(who)s, few allowed days are left", who=who)),
        TaskKind.LAPSED_WINDOW: ("hourglass", say("%(who)s, no allowed day is left", who=who)),
        TaskKind.VISIT_TO_CLOSE: ("clock", say("%(who)s, did the visit take place?", who=who)),
        TaskKind.IMPORT_TO_DECIDE: ("triangle-alert", say("%(who)s, imported against the rules", who=who)),
        TaskKind.DEAD_LETTER: ("mail-warning", say("%(who)s, message not delivered", who=who)),
        TaskKind.UNREAD_CALENDAR: ("calendar-x", say("%(who)s, own calendar cannot be read", who=who)),
    }
    return kinds[kind]


def _when(task: Task) -> str:
    """The date that the task is about, and the session."""
    told: list[str] = [short_day(task.on)] if isinstance(task.on, date) else []
    if task.session is not None:
        told.append(say("session %(session)d", session=task.session))
    return ", ".join(told)


def _path(task: Task) -> str | None:
    """Where the appointment stands in its day."""
    if task.appointment_id is None or task.on is None:
        return None
    return f"/day/{task.on.isoformat()}?open={task.appointment_id}"
