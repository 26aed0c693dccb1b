"""Open days: the next date on which somebody works at a clinic, and how much time is free then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from scheduler.domain.access import Action, require
from scheduler.domain.clinic_days import day_bounds
from scheduler.domain.intervals import joined, without
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.rosters import Instants, working_time
from scheduler.operations.context import Context, clinic_of
from scheduler.operations.places.locked_hours import resources_at
from scheduler.storage.rows import ClaimRow, ResourceRow
from scheduler.storage.working_time import clinic_hours, rosters

FURTHEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A clinic date, how many practitioners work then, and their free time in minutes."""

    on: date
    practitioners: int
    free_minutes: int


def next_open_day(context: Context, *, clinic_id: UUID, after: date) -> OpenDay | None:
    """The next date on which a practitioner works; ``None`` when there is none within 60 days. Raises ``NotFound``."""
    require(context.actor, Action.SEE_SCHEDULE)
    zone = clinic_of(context, clinic_id).zone
    first, last = after + timedelta(1), after + FURTHEST
    hours = clinic_hours(context.tx, clinic_id, first, last)
    people = _practitioners(context, clinic_id)
    found = rosters(context.tx, clinic_id, zone, people, first, last)
    for number in range((last - first).days):
        on = first + timedelta(number)
        working = {one: times for one, roster in found.items() if (times := working_time(hours, roster, on, on))}
        if working:
            return OpenDay(on, len(working), _free(context, working, day_bounds(on, zone)))
    return None


def _practitioners(context: Context, clinic_id: UUID) -> list[UUID]:
    return list(context.tx.connection().execute(_PEOPLE, {"ids": resources_at(context, clinic_id)}).scalars())


def _free(context: Context, working: Mapping[UUID, list[Instants]], day: Instants) -> int:
    """Minutes in which somebody works and nothing is claimed; keeps count as taken."""
    taken: dict[UUID, list[tuple[datetime, datetime]]] = {}
    asked = {"ids": list(working), "begin": day[0], "end": day[1]}
    for row in context.tx.connection().execute(_CLAIMS, asked):
        taken.setdefault(row.subject_id, []).append((row.starts_at, row.ends_at))
    free = (end - start for one, times in working.items() for start, end in without(times, joined(taken.get(one, ()))))
    return int(sum(free, timedelta()).total_seconds()) // 60


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_PEOPLE = select(ResourceRow.id).where(
    ResourceRow.id.in_(_IDS), ResourceRow.active, ResourceRow.kind == ResourceKind.PRACTITIONER
)
_CLAIMS = select(ClaimRow.subject_id, ClaimRow.starts_at, ClaimRow.ends_at).where(
    ClaimRow.subject_id.in_(_IDS), ClaimRow.ends_at > bindparam("begin"), ClaimRow.starts_at < bindparam("end")
)
