"""Tasks: what waits for somebody, derived from what is stored and never stored itself."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.refusals import NotAllowed
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.pages import Page, page_of
from scheduler.operations.tasks.task_kinds import Task, TaskKind, Wanted
from scheduler.operations.tasks.task_sources import SOURCES
from scheduler.storage.rows import ClinicRow, PatientRow


def list_tasks(
    context: Context,
    *,
    kinds: Collection[TaskKind] = (),
    clinic_id: UUID | None = None,
    after: int | None = None,
    limit: int = 25,
) -> Page[Task]:
    """What is to be done, by kind, a page at a time. Raises ``NotFound`` for an unknown clinic."""
    if require(context.actor, Action.SEE_PATIENTS) is Allowance.OWN:
        raise NotAllowed("The task list is for the staff.", action=Action.SEE_PATIENTS.value)
    clinics = _clinics(context, clinic_id)
    place, last = (0, None) if after is None else _place(after)
    found: list[Task] = []
    for number, kind in enumerate(TaskKind):
        left = limit + 1 - len(found)
        if number >= place and left > 0 and (not kinds or kind in kinds):
            found += SOURCES[kind](context, Wanted(clinics, last if number == place else None, left))
    page = page_of(found, limit, _key)
    return Page(_with_phones(context, page.items), page.last)


ID_BITS = 128


def _key(task: Task) -> int:
    """A task's place in the list: the number of its kind, then its id."""
    return list(TaskKind).index(task.kind) << ID_BITS | task.id.int


def _place(key: int) -> tuple[int, UUID]:
    return key >> ID_BITS, UUID(int=key & (1 << ID_BITS) - 1)


def _clinics(context: Context, clinic_id: UUID | None) -> Sequence[Any]:
    """The clinics in question, with their zones."""
    if clinic_id is not None:
        return [clinic_of(context, clinic_id)]
    mine = ClinicRow.organisation_id == context.organisation_id
    return context.tx.execute(select(ClinicRow.id, ClinicRow.zone).where(mine)).all()


def _with_phones(context: Context, tasks: Sequence[Task]) -> tuple[Task, ...]:
    ids = {task.patient_id for task in tasks if task.patient_id}
    rows = context.tx.execute(select(PatientRow.id, PatientRow.phone).where(PatientRow.id.in_(ids)))
    phones = {row.id: row.phone for row in rows}
    return tuple(replace(task, phone=phones[task.patient_id]) if task.patient_id else task for task in tasks)
