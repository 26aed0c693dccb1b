"""Move offers: what reception can offer to a patient who wants another time, worked out when it is asked for."""

from dataclasses import replace

from scheduler.domain.access import Action, require
from scheduler.domain.slots import Slot
from scheduler.operations.booking.replanning import Replans, WantedMove, replan, replan_near, snapshot_to_move
from scheduler.operations.context import Context
from scheduler.operations.messages.move_requests import MoveRequest
from scheduler.storage.free_time import FreeTime

OFFERS = 3


def move_offers(context: Context, free_time: FreeTime, request: MoveRequest) -> Replans:
    """The least-moving changes that bring the appointment to the wanted time.

    Where that time cannot be had, or none was named, the changes that bring it closest, each on another day; what
    speaks against the wanted time stands beside them. Raises ``RuleBroken`` (``nothing_to_plan``), ``NotFound``.
    """
    require(context.actor, Action.BOOK)
    snapshot = snapshot_to_move(context, request.series_id, request.appointment_id)
    move = WantedMove(request.appointment_id, Slot(request.wanted_at or request.starts_at, {}))
    exact = replan(context, free_time, snapshot, move=move, limit=1) if request.wanted_at else None
    if exact and exact.replans:
        return exact
    near = replan_near(context, free_time, snapshot, move=move, limit=OFFERS)
    return replace(near, conflicts=exact.conflicts) if exact else near
