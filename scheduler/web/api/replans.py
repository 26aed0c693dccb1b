"""Replans: the least-moving sets of changes, offered before anything is saved."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.planning import PLANS
from scheduler.domain.replanning import Move
from scheduler.operations.booking.replanning import Replan, Replans, WantedMove, replan_series
from scheduler.web.api.fields import Day, Id, Instant
from scheduler.web.api.placements import PlacementView, slot_of
from scheduler.web.api.plans import DateRange, dates_of
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("replans")


class MoveWish(Body):
    """An appointment and where it is to go. A kind of resource that is not named stays as it is."""

    appointment_id: Id
    starts_at: Instant
    practitioner_id: Id | None = None
    room_id: Id | None = None
    device_id: Id | None = None


class ReplanQuestion(Body):
    """A move, or the reason for which whatever can no longer stay finds a new place."""

    move: MoveWish | None = None
    reason: Literal["hold", "no_show", "cancellation", "closure", "absence", "late", "early"] | None = None
    avoid: Annotated[list[DateRange], Field(max_length=50)] = Field(default_factory=list)
    limit: Annotated[int, Field(ge=1, le=PLANS)] = PLANS


class MoveView(View):
    """One session that takes a new place: from where to where, the gap that it leaves, and why."""

    session: int
    appointment_id: Id | None
    from_starts_at: Instant | None
    from_date: Day | None
    to_starts_at: Instant
    to_date: Day
    gap_days: int | None
    why: str
    reason: str


class ReplanCostView(View):
    """What a set of changes costs, in the order of importance."""

    sessions_moved: int
    days_moved: int
    days_off_target: int
    practitioner_changes: int
    weekday_changes: int
    minutes_moved: int
    last_on: Day


class ReplanView(View):
    """A set of changes. ``appointments`` can be posted to the series' changes as they stand."""

    appointments: list[PlacementView]
    moves: list[MoveView]
    cost: ReplanCostView
    sentence: str

    @classmethod
    def of_replan(cls, found: Replan, appointment_ids: dict[int, UUID]) -> Self:
        """The view of a set of changes."""
        moves = found.changes.moves
        return cls(
            appointments=[PlacementView.of_slot(move.number, move.after) for move in moves],
            moves=[_move(move, appointment_ids.get(move.number)) for move in moves],
            cost=ReplanCostView.of(found.changes.cost),
            sentence=found.sentence,
        )


def _move(move: Move, appointment_id: UUID | None) -> MoveView:
    return MoveView(
        session=move.number,
        appointment_id=appointment_id,
        from_starts_at=move.before.starts_at if move.before else None,
        from_date=move.before_on,
        to_starts_at=move.after.starts_at,
        to_date=move.after_on,
        gap_days=move.gap,
        why=move.why.code,
        reason=move.why.detail,
    )


class ObstacleView(View):
    """Something that stands in the way of every set of changes."""

    code: str
    detail: str
    facts: dict[str, Any]
    remedy: str


class ReplansView(View):
    """Up to five sets of changes, least moving first; without any, what stands in the way."""

    zone: str
    revision: int
    replans: list[ReplanView]
    conflicts: list[ObstacleView]

    @classmethod
    def of_replans(cls, found: Replans) -> Self:
        """The view of replans."""
        series = found.snapshot.series
        ids = {s.number: s.booking.appointment_id for s in series.sessions if s.booking}
        return cls(
            zone=series.zone,
            revision=series.revision,
            replans=[ReplanView.of_replan(one, ids) for one in found.replans],
            conflicts=[ObstacleView.of(conflict) for conflict in found.conflicts],
        )


@routes.post("/series/{series_id}/replans", Action.BOOK, "The least-moving changes", stores=False)
def replans(call: Call, series_id: UUID, body: ReplanQuestion) -> Answer[ReplansView]:
    wish = body.move
    slot = slot_of(wish.starts_at, wish.practitioner_id, wish.room_id, wish.device_id) if wish else None
    found = replan_series(
        call.context,
        call.service.free_time,
        series_id=series_id,
        move=WantedMove(wish.appointment_id, slot) if wish and slot else None,
        avoid=[dates_of(one) for one in body.avoid],
        limit=body.limit,
    )
    return Answer(ReplansView.of_replans(found))
