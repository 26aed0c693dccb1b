"""Affected plans: the change that moves least for an appointment that cannot take place as it is. Stores nothing."""

from dataclasses import dataclass, replace
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.slots import Slot
from scheduler.operations.booking.appointments import Appointment, get_appointment
from scheduler.operations.booking.replanning import Replan, Replans, WantedMove, replan, replan_near, replan_series
from scheduler.operations.context import Context
from scheduler.storage.free_time import FreeTime
from scheduler.storage.visits import load_visit


@dataclass(frozen=True, slots=True)
class AffectedPlan:
    """The appointment as it stands and what moves least; without a plan, ``obstacles`` say why."""

    appointment: Appointment
    plan: Replan | None
    obstacles: tuple[str, ...]


def affected_plan(context: Context, free_time: FreeTime, *, appointment_id: UUID) -> AffectedPlan:
    """What moves least so that every rule holds again: of the series, or a time close by for a visit.

    Raises ``NotFound``.
    """
    require(context.actor, Action.BOOK)
    appointment = get_appointment(context, appointment_id=appointment_id)
    try:
        found = _replans(context, free_time, appointment)
    except RuleBroken as refusal:
        return AffectedPlan(appointment, None, (refusal.detail,))
    obstacles = dict.fromkeys(one.detail for one in found.conflicts)
    return AffectedPlan(appointment, next(iter(found.replans), None), tuple(obstacles))


def _replans(context: Context, free_time: FreeTime, appointment: Appointment) -> Replans:
    if appointment.series_id:
        return replan_series(context, free_time, series_id=appointment.series_id, limit=1)
    visit = load_visit(context.tx, context.organisation_id, appointment.id, context.now)
    free = replace(visit, series=replace(visit.series, start_on=visit.around.today))
    found = replan(context, free_time, free, limit=1)
    if any(one.changes.moves for one in found.replans):
        return found
    move = WantedMove(appointment.id, Slot(appointment.starts_at, {}))
    return replan_near(context, free_time, free, move=move, limit=1)
