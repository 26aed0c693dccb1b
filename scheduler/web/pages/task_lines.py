"""Tasks as lines of a list: who, what exactly, where it is dealt with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.operations.holds.overdue_holds import Touched
from scheduler.operations.messages.call_list import CallToMake
from scheduler.operations.tasks.task_kinds import Task, TaskKind
from scheduler.web.pages.hold_subject import decision_path
from scheduler.web.pages.retelling import retold
from scheduler.web.pages.task_words import KindWords, kind_words
from scheduler.web.pages.telling import told
from scheduler.web.pages.waitlist_words import slot_path
from scheduler.web.pages.words import clock, counted, day_with_year, long_day, say

HOLDS = (TaskKind.OVERDUE_HOLD, TaskKind.PROPOSED_HOLD)


@dataclass(frozen=True, slots=True)
class TaskPlaces:
    """What belongs to tasks besides: the zones of clinics, calls by id, the running series of patients."""

    zone: str
    calls: Mapping[UUID, CallToMake]
    series: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task. ``say`` is what to say on the phone; ``quote`` what somebody else said or wrote."""

    kind: TaskKind
    id: UUID
    who: str
    patient_path: str | None
    phone: str | None
    details: tuple[str, ...]
    quote: str | None
    say: str | None
    day_path: str | None
    series_path: str | None
    hold_path: str | None
    slot_path: str | None
    appointment_id: UUID | None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks of one kind."""

    words: KindWords
    lines: tuple[TaskLine, ...]


def groups_of(tasks: Iterable[Task], places: TaskPlaces) -> Iterator[TaskGroup]:
    """The tasks by kind, in the order in which they come."""
    known = kind_words()
    for kind, found in groupby(tasks, lambda task: task.kind):
        yield TaskGroup(known[kind], tuple(_line(task, places) for task in found))


def _line(task: Task, places: TaskPlaces) -> TaskLine:
    call = places.calls.get(task.id)
    series_id = _series_id(task, places)
    return TaskLine(
        kind=task.kind,
        id=task.id,
        who=task.patient or task.resource or "",
        patient_path=f"/patients/{task.patient_id}" if task.patient_id else None,
        phone=task.phone,
        details=tuple(one for one in _details(task, places, call) if one),
        quote=None if call else _quote(task),
        say=call.say if call else None,
        day_path=f"/day/{task.on.isoformat()}?open={task.appointment_id}" if task.appointment_id and task.on else None,
        series_path=f"/series/{series_id}" if series_id else None,
        hold_path=decision_path(task.id, series_id) if task.kind in HOLDS else None,
        slot_path=_slot_path(task, places),
        appointment_id=task.appointment_id,
    )


def _quote(task: Task) -> str | None:
    """What somebody wrote, or what an import noted, in the visitor's language."""
    return retold(task.note) if task.note and task.kind is TaskKind.IMPORT_TO_DECIDE else task.note


def _slot_path(task: Task, places: TaskPlaces) -> str | None:
    """Who of the waitlist could have a freed slot."""
    if task.kind is not TaskKind.FREED_SLOT or task.wanted_at is None or task.resource_id is None:
        return None
    return slot_path(wall_time(task.wanted_at, places.zone), task.resource_id)


def _series_id(task: Task, places: TaskPlaces) -> UUID | None:
    if task.kind is TaskKind.LAPSED_WINDOW:
        return task.id
    return task.series_id or (places.series.get(task.patient_id) if task.patient_id else None)


def _details(task: Task, places: TaskPlaces, call: CallToMake | None) -> Iterator[str | None]:
    yield say("session %(session)d", session=task.session) if task.session is not None else None
    yield _dates(task)
    if task.kind is TaskKind.FREED_SLOT and task.wanted_at:
        yield _instant(task.wanted_at, places.zone)
    elif task.wanted_at:
        yield say("wants %(when)s", when=_instant(task.wanted_at, places.zone))
    if task.kept_until:
        yield say("the slot is kept until %(when)s", when=_instant(task.kept_until, places.zone))
    yield from touched_words(task.appointments)
    if call and call.why:
        yield say("not written to: %(why)s", why=told(call.why))
    if call and call.no_answers:
        yield counted("no answer once", "no answer %(number)d times", call.no_answers)


def _instant(at: datetime, zone: str) -> str:
    return f"{long_day(clinic_date(at, zone))}, {clock(at, zone)}"


def _dates(task: Task) -> str | None:
    if task.on is None or task.kind is TaskKind.FREED_SLOT:
        return None
    if task.kind is TaskKind.CLOSING_WINDOW and task.until:
        return say("until %(day)s", day=day_with_year(task.until))
    if task.kind in HOLDS:
        first = day_with_year(task.on)
        if task.until is None:
            return say("from %(first)s for good", first=first)
        return say("from %(first)s until %(last)s", first=first, last=day_with_year(task.until))
    if task.kind is TaskKind.LAPSED_WINDOW and task.until:
        return say("the last allowed day was %(day)s", day=day_with_year(task.until))
    return day_with_year(task.on)


def touched_words(appointments: Sequence[Touched]) -> Iterator[str]:
    """The appointments of the next days that wait for a hold, if any, in one sentence."""
    times = [f"{long_day(one.on_date)}, {clock(one.starts_at, one.zone)}" for one in appointments]
    if times:
        yield say("waits for it: %(when)s", when="; ".join(times))
