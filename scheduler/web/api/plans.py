"""Plans and replans: offered, never stored."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from scheduler.domain.access import Action
from scheduler.domain.planning import PLANS
from scheduler.domain.refusals import Invalid, Refusal, RuleBroken
from scheduler.domain.wishes import Preference, Wishes
from scheduler.operations.booking.planning import Plans, ReadPlan, plan_series
from scheduler.web.api.fields import Day, Id, Instant, WallTime
from scheduler.web.api.placements import PlacementView
from scheduler.web.api.registry import Answer, Body, Call, Routes, View

routes = Routes("plans")


class PreferredHours(Body):
    """A weekday (Monday is 0) and hours of the clinic's clock: a session that starts in ``[from, to)`` suits."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    since: Annotated[WallTime, Field(alias="from")] = "00:00"
    until: Annotated[WallTime, Field(alias="to")] = "24:00"

    @property
    def preference(self) -> Preference:
        """What the planner calls it. Raises ``Invalid`` when no time lies between the two."""
        try:
            return Preference(self.weekday, _time(self.since), _time(self.until))
        except ValueError as error:
            raise Invalid("The hours of a preference must follow one another.", code="hours_reversed") from error


def _time(spelled: str) -> time:
    """``24:00`` is the midnight that ends the day."""
    return time.fromisoformat(spelled) if spelled != "24:00" else time.min


class DateRange(Body):
    """Clinic dates, both inclusive."""

    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]


class Pin(Body):
    """A session that must start at this instant."""

    session: Annotated[int, Field(ge=1, le=99)]
    starts_at: Instant


class PlanQuestion(Body):
    """What the caller wishes. Only ``prefer`` is soft: dates to avoid, pins and the practitioner are kept."""

    start_on: Day | None = None
    prefer: Annotated[list[PreferredHours], Field(max_length=50)] = Field(default_factory=list)
    avoid: Annotated[list[DateRange], Field(max_length=50)] = Field(default_factory=list)
    pinned: Annotated[list[Pin], Field(max_length=99)] = Field(default_factory=list)
    practitioner_id: Id | None = None
    same_practitioner: bool = False
    limit: Annotated[int, Field(ge=1, le=PLANS)] = PLANS

    @property
    def wishes(self) -> Wishes:
        """What the planner calls it."""
        return Wishes(
            start_on=self.start_on,
            prefer=tuple(one.preference for one in self.prefer),
            avoid=tuple(dates_of(one) for one in self.avoid),
            pinned={pin.session: pin.starts_at for pin in self.pinned},
            practitioner_id=self.practitioner_id,
            same_practitioner=self.same_practitioner,
        )


def dates_of(wanted: DateRange) -> tuple[Any, Any]:
    """The two dates. Raises ``Invalid`` when the second comes first."""
    if wanted.last < wanted.first:
        raise Invalid("A range of dates must not end before it begins.", code="dates_reversed")
    return wanted.first, wanted.last


class PlanCostView(View):
    """What a plan costs, in the order of importance. ``hours_spread`` is minutes."""

    wishes_broken: int
    days_off_target: int
    last_on: Day
    practitioner_changes: int
    hours_spread: int


class PlanView(View):
    """A complete plan. ``appointments`` can be booked as they stand; ``gaps_days`` has one entry for each of them."""

    appointments: list[PlacementView]
    gaps_days: list[int | None]
    cost: PlanCostView
    sentence: str

    @classmethod
    def of_plan(cls, read: ReadPlan) -> Self:
        """The view of a plan."""
        placed = read.plan.placements
        return cls(
            appointments=[PlacementView.of_slot(one.number, one.slot) for one in placed],
            gaps_days=[one.gap for one in placed],
            cost=PlanCostView.of(read.plan.cost),
            sentence=read.sentence,
        )


class ExclusionView(View):
    """A rule or wish in force. ``would_help``: without it alone there would be more plans."""

    code: str
    detail: str
    facts: dict[str, Any]
    would_help: bool


class PlansView(View):
    """Up to five plans, best first; when there are fewer, what stands in the way of more."""

    zone: str
    revision: int
    plans: list[PlanView]
    excluded: list[ExclusionView]

    @classmethod
    def of_plans(cls, found: Plans) -> Self:
        """The view of plans."""
        series = found.snapshot.series
        return cls(
            zone=series.zone,
            revision=series.revision,
            plans=[PlanView.of_plan(plan) for plan in found.plans],
            excluded=[ExclusionView.of(one) for one in found.excluded],
        )


@routes.post("/series/{series_id}/plans", Action.BOOK, "The five best plans", stores=False)
def plans(call: Call, series_id: UUID, body: PlanQuestion) -> Answer[PlansView]:
    return Answer(PlansView.of_plans(_plans(call, series_id, body)))


def _plans(call: Call, series_id: UUID, question: PlanQuestion) -> Plans:
    return plan_series(
        call.context, call.service.free_time, series_id=series_id, wishes=question.wishes, limit=question.limit
    )


def fresh_plans(call: Call, _refusal: RuleBroken, series_id: UUID, body: Any) -> Mapping[str, Any]:
    """What a refused booking answers with besides the reasons: five fresh plans for the same wishes."""
    try:
        found = _plans(call, series_id, body.wishes or PlanQuestion())
    except Refusal:
        return {}
    return {"plans": [PlanView.of_plan(plan).model_dump(mode="json") for plan in found.plans]}
