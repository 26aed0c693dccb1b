"""Delays: a practitioner who runs late today. It is told to whoever looks at the day, and moves no appointment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from scheduler.domain.access import Action, Allowance, require
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.context import Context, clinic_of, record
from scheduler.operations.places.locked_hours import locked_resource, resource_of
from scheduler.storage.rows import DelayRow, ResourceRow

LONGEST = 480
"""Minutes; who is later than that is away."""


def run_late(context: Context, *, resource_id: UUID, minutes: int) -> None:
    """Note that a practitioner runs so many minutes late today; what was noted before is replaced.

    Reception may for anybody, a practitioner for themselves. Raises ``NotAllowed``, ``NotFound``, and ``Invalid`` for
    less than a minute or more than eight hours.
    """
    if not 1 <= minutes <= LONGEST:
        detail = Phrase("Give the delay in minutes, from 1 to %(longest)s.", longest=LONGEST)
        raise Invalid(detail, code="delay_out_of_range", errors=[{"field": "minutes", "detail": detail}])
    resource, today = _practitioner(context, resource_id)
    row = context.tx.get(DelayRow, (resource_id, today), populate_existing=True)
    if row is None:
        owner = {"organisation_id": resource.organisation_id, "clinic_id": resource.clinic_id}
        row = DelayRow(**owner, resource_id=resource_id, on_date=today)
        context.tx.add(row)
    row.minutes, row.noted_at, row.noted_by = minutes, context.now, context.actor.user_id
    _note(context, resource, "delay_noted", on=today.isoformat(), minutes=minutes)


def end_delay(context: Context, *, resource_id: UUID) -> None:
    """The practitioner is on time again; nothing happens where no delay is noted. Raises as ``run_late`` does."""
    resource, today = _practitioner(context, resource_id)
    row = context.tx.get(DelayRow, (resource_id, today), populate_existing=True)
    if row is not None:
        context.tx.delete(row)
        _note(context, resource, "delay_ended", on=today.isoformat())


@dataclass(frozen=True, slots=True)
class Delay:
    """By how many minutes a practitioner runs late on today's clinic date; none when on time."""

    practitioner_id: UUID
    on: date
    minutes: int


def show_delay(context: Context, *, resource_id: UUID) -> Delay:
    """How late a practitioner runs today. Raises ``NotFound``, and ``NotAllowed`` for a patient."""
    if require(context.actor, Action.SEE_SCHEDULE) is Allowance.OWN:
        raise NotAllowed("Who runs late is for the staff.", action=Action.SEE_SCHEDULE.value)
    resource = _person(resource_of(context, resource_id))
    on = _today(context, resource)
    return Delay(resource_id, on, delays_on(context, on).get(resource_id, 0))


def delays_on(context: Context, on: date) -> Mapping[UUID, int]:
    """The minutes by which practitioners of the organisation run late on a clinic date."""
    asked = {"organisation": context.organisation_id, "on": on}
    rows = context.tx.connection().execute(_DELAYS, asked)
    return {row.resource_id: row.minutes for row in rows}


_DELAYS = select(DelayRow.resource_id, DelayRow.minutes).where(
    DelayRow.organisation_id == bindparam("organisation"), DelayRow.on_date == bindparam("on")
)


def _practitioner(context: Context, resource_id: UUID) -> tuple[ResourceRow, date]:
    """The locked practitioner, whom the actor may mark, and today at their clinic."""
    width = require(context.actor, Action.BLOCK_SAME_DAY)
    resource = _person(locked_resource(context, resource_id, None))
    if width is Allowance.OWN and context.actor.resource_id != resource_id:
        raise NotAllowed("You may mark your own column only.", code="not_your_own", remedy="Ask reception.")
    return resource, _today(context, resource)


def _person(resource: ResourceRow) -> ResourceRow:
    if resource.kind is not ResourceKind.PRACTITIONER:
        raise NotFound("There is no such practitioner.", resource_id=str(resource.id))
    return resource


def _today(context: Context, resource: ResourceRow) -> date:
    return clinic_date(context.now, clinic_of(context, resource.clinic_id).zone)


def _note(context: Context, resource: ResourceRow, action: str, **facts: Any) -> None:
    context.tx.flush()
    record(context, action, "resource", resource.id, clinic_id=resource.clinic_id, **facts)
