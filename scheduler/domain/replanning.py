"""Replanning: the change sets that move least when a session is dragged, released or can no longer stay.

Exact, by sessions moved, days moved, days off target of sessions that never had a date, changes of practitioner, of
weekday and of hour against the present bookings, and last date, in this order. What need not move stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.domain.availability import FreeStarts
from scheduler.domain.chain import Chain, Step
from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.move_reasons import Why, why
from scheduler.domain.planning import PLANS, changes_hands, gaps_of
from scheduler.domain.replan_chain import ReplanChain
from scheduler.domain.replan_search import Anew
from scheduler.domain.slot_choice import ChosenStart, slots_for, used_resources
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Move:
    """A session that takes a new place. ``before`` is where it is or last was, ``None`` when it never had a place.

    ``gap`` is the days since the session before, ``None`` where none counts. ``why`` says what made it move.
    """

    number: int
    before: Slot | None
    before_on: date | None
    after: Slot
    after_on: date
    gap: int | None
    why: Why


@dataclass(frozen=True, slots=True, order=True)
class ReplanCost:
    """What a change set costs, in the order of importance. ``last_on`` is the date of the last session of the chain."""

    sessions_moved: int
    days_moved: int
    days_off_target: int
    practitioner_changes: int
    weekday_changes: int
    minutes_moved: int
    last_on: date


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The moves that belong together, in order, and what they cost. No moves: everything can stay."""

    moves: tuple[Move, ...]
    cost: ReplanCost


def best_changes(
    chain: Chain,
    starts: Mapping[int, FreeStarts],
    wishes: Wishes,
    grid: DayGrid,
    *,
    requested: Mapping[int, Slot] | None = None,
    must_move: Mapping[int, str] | None = None,
    limit: int = PLANS,
) -> tuple[ChangeSet, ...]:
    """Up to ``limit`` change sets, best first; none when none keeps the rules.

    ``starts`` are free starts without the series' own claims, for every session without a fixed date. ``requested``
    are slots that sessions were asked to take: their dates are checked here, their time where the claim is made.
    ``must_move`` are sessions whose booking cannot stay, each with the reason as a sentence; what has no booking is
    placed anyway. Of the wishes, *avoid* and the practitioner count.

    No two change sets agree on the first session that is placed anew, its date and its practitioner. When nothing
    needs to move beyond what is requested, that is the only change set.
    """
    asked, forced = requested or {}, must_move or {}
    dated = ReplanChain(chain, starts, replace(wishes, prefer=(), pinned={}), grid, asked, frozenset(forced))
    moving = {step.number: asked[step.number] for step in chain.steps if _differs(step, asked)}
    return tuple(
        _change_set(chain, moving, forced, {**_slots(chain, starts, grid, dated, change.placed), **moving}, grid.zone)
        for change in dated.best(limit)
    )


def _differs(step: Step, asked: Mapping[int, Slot]) -> bool:
    """Whether a step is asked to take another slot than it has."""
    return step.number in asked and not (step.booked and step.booked.slot == asked[step.number])


def _slots(
    chain: Chain, starts: Mapping[int, FreeStarts], grid: DayGrid, dated: ReplanChain, placed: Sequence[Anew]
) -> dict[int, Slot]:
    """The slot of each session that is placed anew, in its own room if it can, else in one that the series uses."""
    found: dict[int, Slot] = {}
    used = used_resources(chain.steps)
    for one in placed:
        step = chain.steps[one.place]
        own = [] if step.anchor_slot is None else step.anchor_slot.resources.values()
        chosen = ChosenStart(starts[step.number], dated.in_grid(one.day), one.choice.wall_slot, dated.who(one.choice))
        found[step.number] = slots_for(grid, [chosen], [*own, *used])[0]
    return found


def _change_set(
    chain: Chain, asked: Mapping[int, Slot], forced: Mapping[int, str], slots: Mapping[int, Slot], zone: str
) -> ChangeSet:
    dates = {step.number: _date(step, slots, zone) for step in chain.steps}
    gaps = gaps_of(chain, dates)
    moves = tuple(
        Move(n, step.anchor_slot, step.anchor, slots[n], dates[n], gaps[n], why(chain, step, dates, forced, n in asked))
        for step in chain.steps
        if (n := step.number) in slots
    )
    return ChangeSet(moves, _cost(chain, moves, dates, zone))


def _date(step: Step, slots: Mapping[int, Slot], zone: str) -> date:
    if step.number in slots:
        return clinic_date(slots[step.number].starts_at, zone)
    stays_on = step.fixed_on or (step.booked.on if step.booked else None)
    if stays_on is None:
        raise ValueError(f"session {step.number} has neither a date nor a new slot")
    return stays_on


def _cost(chain: Chain, moves: Sequence[Move], dates: Mapping[int, date], zone: str) -> ReplanCost:
    targets = {step.number: step.gap.target_days for step in chain.steps if step.gap}
    moved = [(move, move.before_on) for move in moves if move.before_on is not None]
    shifted = [(move.before, move.after) for move in moves if move.before is not None]
    return ReplanCost(
        sessions_moved=len(moved),
        days_moved=sum(abs((move.after_on - before_on).days) for move, before_on in moved),
        days_off_target=sum(
            abs(move.gap - targets[move.number])
            for move in moves
            if move.before_on is None and move.gap is not None and move.number in targets
        ),
        practitioner_changes=sum(changes_hands(a.practitioner_id, b.practitioner_id) for a, b in shifted),
        weekday_changes=sum(move.after_on.weekday() != before_on.weekday() for move, before_on in moved),
        minutes_moved=sum(abs(_minute(after, zone) - _minute(before, zone)) for before, after in shifted),
        last_on=dates[chain.steps[-1].number],
    )


def _minute(slot: Slot, zone: str) -> int:
    wall = wall_time(slot.starts_at, zone)
    return wall.hour * 60 + wall.minute
