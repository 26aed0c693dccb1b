"""Tasks of the waitlist: a slot was given back that somebody wants, and a window is about to close."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from scheduler.domain.clinic_days import clinic_date
from scheduler.operations.context import Context
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.operations.waitlist.freed_slots import FreedSlot, freed_slots, who_would_come
from scheduler.operations.waitlist.waiting import WaitlistEntry, entries_at
from scheduler.storage.rows import WaitlistRow

SOON = timedelta(days=7)


def slots_to_offer(context: Context, wanted: Wanted) -> list[Task]:
    """Freed slots that somebody on the waitlist wants, by the id of the appointment that gave them back."""
    return _first(wanted, (task for clinic in _with_people(context, wanted) for task in _offers(context, clinic)))


def closing_windows(context: Context, wanted: Wanted) -> list[Task]:
    """Sessions on the waitlist whose window closes within a week, by the id of the entry."""
    return _first(wanted, (task for clinic in _with_people(context, wanted) for task in _closing(context, clinic)))


def _with_people(context: Context, wanted: Wanted) -> list[Any]:
    """The clinics where somebody waits: without a waitlist nothing more is asked."""
    ids = [clinic.id for clinic in wanted.clinics]
    query = select(WaitlistRow.clinic_id).where(WaitlistRow.clinic_id.in_(ids), WaitlistRow.ended_at.is_(None))
    busy = set(context.tx.scalars(query.distinct()))
    return [clinic for clinic in wanted.clinics if clinic.id in busy]


def _first(wanted: Wanted, tasks: Iterable[Task]) -> list[Task]:
    ordered = sorted(tasks, key=lambda task: task.id)
    return list(islice((task for task in ordered if wanted.after is None or task.id > wanted.after), wanted.limit))


def _offers(context: Context, clinic: Any) -> Iterator[Task]:
    waiting = entries_at(context, clinic.id)
    for slot in freed_slots(context, clinic_id=clinic.id):
        if who_would_come(waiting, slot):
            yield _offer(slot, clinic.zone)


def _offer(slot: FreedSlot, zone: str) -> Task:
    return Task(
        TaskKind.FREED_SLOT,
        slot.id,
        None,
        None,
        clinic_id=slot.clinic_id,
        on=clinic_date(slot.starts_at, zone),
        wanted_at=slot.starts_at,
        resource=slot.practitioner,
        resource_id=slot.practitioner_id,
    )


def _closing(context: Context, clinic: Any) -> Iterator[Task]:
    today = clinic_date(context.now, clinic.zone)
    for entry in entries_at(context, clinic.id):
        last = entry.waiting.last if entry.waiting else None
        if entry.series_id and entry.appointment_id is None and last is not None and last <= today + SOON:
            yield _window(entry)


def _window(entry: WaitlistEntry) -> Task:
    waiting = entry.waiting
    return Task(
        TaskKind.CLOSING_WINDOW,
        entry.id,
        entry.patient_id,
        entry.patient,
        clinic_id=entry.clinic_id,
        series_id=entry.series_id,
        session=entry.session,
        on=waiting.first if waiting else None,
        until=waiting.last if waiting else None,
    )
