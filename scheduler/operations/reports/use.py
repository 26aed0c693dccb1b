"""Use: how much of their working time practitioners and rooms were taken, by week.

*Claimed* are the minutes for which an appointment occupies the resource, each phase only whom and what it needs, in the
week of the appointment's clinic date; what was cancelled, and the time that a no-show gave back, is not claimed.
*Worked* are the minutes of opening and working hours, without closures and absences. Somebody treated beyond those
hours is used for more than all of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.protocol import ResourceKind
from scheduler.operations.context import Context
from scheduler.operations.places.locked_hours import resources_at
from scheduler.operations.reports.periods import monday_of
from scheduler.operations.reports.scope import APPOINTMENTS, CLAIMS, Scope
from scheduler.storage.minutes import minutes_between
from scheduler.storage.rows import ResourceRow
from scheduler.storage.working_time import working_stretches

KINDS = (ResourceKind.PRACTITIONER, ResourceKind.ROOM)
Minutes = Mapping[tuple[UUID, date], int]


@dataclass(frozen=True, slots=True)
class Minutely:
    """Minutes that were claimed, of those that were worked."""

    claimed: int
    worked: int

    @property
    def share(self) -> float | None:
        """``None`` where nobody worked."""
        return self.claimed / self.worked if self.worked else None


@dataclass(frozen=True, slots=True)
class Use:
    """One practitioner or room, with a figure for each week of the period, in order."""

    resource_id: UUID
    kind: ResourceKind
    name: str
    weeks: tuple[Minutely, ...]

    @property
    def all(self) -> Minutely:
        return Minutely(sum(one.claimed for one in self.weeks), sum(one.worked for one in self.weeks))


def use_of(context: Context, scope: Scope) -> tuple[Use, ...]:
    """The practitioners and rooms in use, by name; a practitioner who may see only their own sees only themselves."""
    rows = _resources(context, scope)
    ids = [row.id for row in rows]
    claimed, worked = _claimed(context, scope, ids), _worked(context, scope, ids)
    return tuple(_use(row, scope, claimed, worked) for row in rows)


def _use(row: Any, scope: Scope, claimed: Minutes, worked: Minutes) -> Use:
    weeks = ((row.id, monday) for monday in scope.period.mondays)
    return Use(row.id, row.kind, row.name, tuple(Minutely(claimed.get(w, 0), worked.get(w, 0)) for w in weeks))


def _resources(context: Context, scope: Scope) -> Sequence[Any]:
    r = ResourceRow
    query = select(r.id, r.kind, r.name).where(r.id.in_(resources_at(context, scope.clinic_id)), r.kind.in_(KINDS))
    if scope.is_own:
        query = query.where(r.id == scope.practitioner_id)
    return context.tx.execute(query.where(r.active).order_by(r.name, r.id)).all()


def _claimed(context: Context, scope: Scope, ids: Sequence[UUID]) -> Minutes:
    keys = (CLAIMS.c.subject_id, APPOINTMENTS.c.on_date)
    minutes = func.sum(minutes_between(CLAIMS.c.starts_at, CLAIMS.c.ends_at))
    query = (
        select(*keys, minutes)
        .join(APPOINTMENTS, APPOINTMENTS.c.id == CLAIMS.c.appointment_id)
        .where(APPOINTMENTS.c.clinic_id == scope.clinic_id, CLAIMS.c.subject_id.in_(ids))
        .where(APPOINTMENTS.c.on_date.between(scope.period.first, scope.period.last))
    )
    found = Counter[tuple[UUID, date]]()
    for subject_id, on, number in context.tx.execute(query.group_by(*keys)):
        found[subject_id, monday_of(on)] += int(number)
    return found


def _worked(context: Context, scope: Scope, ids: Sequence[UUID]) -> Minutes:
    found = Counter[tuple[UUID, date]]()
    working = working_stretches(context.tx, scope.clinic_id, ids, scope.period.first, scope.period.last)
    for resource_id, stretches in working.items():
        for start, end in stretches:
            for on, minutes in _by_date(start, end, scope.zone):
                found[resource_id, monday_of(on)] += minutes
    return found


def _by_date(start: datetime, end: datetime, zone: str) -> Iterator[tuple[date, int]]:
    """The minutes of a stretch. One that runs on through midnights, where a clinic never closes, counts by its day."""
    while end - start > timedelta(days=1):
        yield clinic_date(start, zone), 1440
        start += timedelta(days=1)
    yield clinic_date(start, zone), (end - start) // timedelta(minutes=1)
