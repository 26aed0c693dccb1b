"""Planning: the best complete plans for the sessions of a series that have no date. Stores nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.chain import Chain, chain_of
from scheduler.domain.day_grid import DayGrid, day_grid
from scheduler.domain.exclusions import Exclusion, PlanQuestion, what_excludes
from scheduler.domain.phrases import Phrase
from scheduler.domain.planning import PLANS, Plan, best_plans, count_plans
from scheduler.domain.protocol import Phase
from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.domain.sentences import plan_sentence
from scheduler.domain.series import Series
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.supplies import supply_of, unqualified
from scheduler.operations.context import Context
from scheduler.storage.free_time import FreeTime
from scheduler.storage.snapshots import Snapshot, keeps_of, load_snapshot

HORIZON_DAYS = 400
"""At least so many days are looked at, so that questions share their grid; longer chains look further."""


FURTHEST_START_DAYS = 730
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan and the sentence in which reception reads it to the caller."""

    plan: Plan
    sentence: str


@dataclass(frozen=True, slots=True)
class Plans:
    """Up to five plans, best first. When there are fewer, ``excluded`` says what stands in the way of more.

    ``names`` are those of everybody and everything that a plan could use, ``question`` is what was looked at.
    """

    snapshot: Snapshot
    plans: tuple[ReadPlan, ...]
    excluded: tuple[Exclusion, ...]
    names: Mapping[UUID, str]
    question: PlanQuestion


def plan_series(context: Context, free_time: FreeTime, *, series_id: UUID, wishes: Wishes, limit: int = PLANS) -> Plans:
    """The best plans for every session of a series that is due and has no appointment.

    Raises ``NotFound``, and ``RuleBroken``: ``nothing_to_plan``, ``series_closed``, ``no_window``, ``lapsed_window``.
    """
    require(context.actor, Action.BOOK)
    snapshot = load_snapshot(context.tx, context.organisation_id, series_id, context.now)
    return plans_of(context, free_time, snapshot, wishes, keeps_of(context.tx, series_id), limit)


def plans_of(
    context: Context,
    free_time: FreeTime,
    asked: Snapshot,
    wishes: Wishes,
    own_keeps: Collection[UUID] = (),
    limit: int = PLANS,
) -> Plans:
    """The best plans of a series that has been read, stored or not. Raises as ``plan_series`` does, ``NotFound`` apart.

    What ``own_keeps`` hold is free for this caller.
    """
    snapshot = _asked_from(asked, wishes)
    series = snapshot.series
    chain = chain_of(series, snapshot.around, _waiting(series))
    grid = horizon_of(chain, snapshot)
    supplied = supply_of(context, free_time, snapshot, grid, ignoring=own_keeps)
    question = PlanQuestion(chain, phases_of(series), supplied.supply, wishes, grid)
    found = best_plans(chain, question.starts(), wishes, grid, limit=limit)
    read = tuple(ReadPlan(plan, plan_sentence(plan, supplied.names, series.zone)) for plan in found)
    if len(found) == limit:
        return Plans(snapshot, read, (), supplied.names, question)
    others = unqualified(context, free_time, snapshot, grid)
    excluded = what_excludes(question, len(found), limit=limit, unqualified=others)
    return Plans(snapshot, read, excluded, supplied.names, question)


def how_many(found: Plans) -> int | None:
    """How many plans there are in all, of which the best were found; ``None`` where it would take long to count them.

    No two of them open on the same date with the same practitioner.
    """
    asked = found.question
    number = count_plans(asked.chain, asked.starts(), asked.wishes, asked.grid, limit=MOST_COUNTED)
    return number if number < MOST_COUNTED else None


def _asked_from(snapshot: Snapshot, wishes: Wishes) -> Snapshot:
    """The series as if it began at the requested start, as long as nothing of it has a date."""
    series, today = snapshot.series, snapshot.around.today
    if wishes.start_on is not None and wishes.start_on > today + timedelta(FURTHEST_START_DAYS):
        detail = Phrase(
            "Plans begin within %(furthest_start_days)s days from today.", furthest_start_days=FURTHEST_START_DAYS
        )
        raise Invalid(detail, code="too_far_ahead", start_on=wishes.start_on.isoformat())
    if wishes.start_on is None or any(session.dated for session in series.sessions):
        return snapshot
    start = max(wishes.start_on, today)
    return replace(snapshot, series=replace(series, start_on=start))


def _waiting(series: Series) -> list[int]:
    waiting = [session.number for session in series.sessions if session.open and session.booking is None]
    if not waiting:
        raise RuleBroken("Every session of this series has a date.", code="nothing_to_plan")
    return waiting


def phases_of(series: Series) -> Mapping[int, tuple[Phase, ...]]:
    """The phases of each session's appointment, with the minutes that staff have set for a booked one."""
    return {
        session.number: series.protocol.phases_for(
            series.sites, series.addons, session.booking.treatment_extra if session.booking else 0
        )
        for session in series.sessions
    }


def horizon_of(chain: Chain, snapshot: Snapshot) -> DayGrid:
    """The days that a plan may use: from today to the last date of the chain, and some more."""
    today = snapshot.around.today
    last = max(step.latest for step in chain.steps)
    return day_grid(snapshot.series.zone, today, max((last - today).days + 1, HORIZON_DAYS))
