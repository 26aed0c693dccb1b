"""The rail beside a day: who waits, who comes next, and what needs attention."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from scheduler.domain.series import AppointmentStatus
from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.web.pages.day_cards import late_words, minutes_late, minutes_waited, session_of
from scheduler.web.pages.words import clock, counted, say, short_day, words

SOONEST = 6
"""How many who come next are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who waits or comes: when, who, and a detail."""

    id: UUID
    time: str
    patient: str
    detail: str
    is_late: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that waits for somebody, in words."""

    icon: str
    text: str
    detail: str
    path: str | None


def waiting(appointments: Iterable[DayAppointment], names: dict[UUID, str], zone: str, now: datetime) -> list[Line]:
    """Those who are here and not yet called in, who came first on top."""
    here = [one for one in appointments if one.status is AppointmentStatus.ARRIVED]
    here.sort(key=lambda one: one.arrived_at or one.starts_at)
    return [_waiting(one, names, zone, now) for one in here]


def _waiting(one: DayAppointment, names: dict[UUID, str], zone: str, now: datetime) -> Line:
    minutes = minutes_waited(one, now) or 0
    since = counted("waiting %(number)d min", "waiting %(number)d min", minutes)
    who = names.get(one.practitioner_id) if one.practitioner_id else None
    detail = f"{since}, {who}" if who else since
    return Line(one.id, clock(one.starts_at, zone), one.patient, detail, False, one.revision)


def arriving(appointments: Iterable[DayAppointment], zone: str, now: datetime) -> list[Line]:
    """Those who are expected: who should be here already, then who comes next."""
    expected = [one for one in appointments if one.status is AppointmentStatus.BOOKED and one.ends_at > now]
    return [_arriving(one, zone, now) for one in expected[:SOONEST]]


def _arriving(one: DayAppointment, zone: str, now: datetime) -> Line:
    late = minutes_late(one, now)
    session = session_of(one)
    detail = late_words(late) if late else ", ".join(filter(None, (words().translated(one.treatment), session)))
    return Line(one.id, clock(one.starts_at, zone), one.patient, detail, bool(late), one.revision)


def attention(tasks: Iterable[Task]) -> Iterator[Attention]:
    """Tasks in words that every role may read: no reason of a hold is among them."""
    for task in tasks:
        icon, sentence = _kind(task.kind, task.patient or task.resource or "")
        yield Attention(icon, sentence, _when(task), _path(task))


def _kind(kind: TaskKind, who: str) -> tuple[str, str]:
    kinds = {
        TaskKind.OVERRIDE_REQUEST: ("shield-alert", say("%(who)s, a date outside the rules is asked for", who=who)),
        TaskKind.OVERDUE_HOLD: ("hourglass", say("%(who)s, hold to be looked at again", who=who)),
        TaskKind.CLASH: ("calendar-x", say("%(who)s, cannot take place as booked", who=who)),
        TaskKind.DECLINED: ("ban", say("%(who)s, has declined", who=who)),
        TaskKind.MOVE_REQUEST: ("arrow-right", say("%(who)s, asks for another time", who=who)),
        TaskKind.CALL: ("phone", say("%(who)s, please call", who=who)),
        TaskKind.PROPOSED_HOLD: ("circle-pause", say("%(who)s, hold to be decided", who=who)),
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
