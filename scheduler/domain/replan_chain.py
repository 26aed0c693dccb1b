"""Replan chain: a chain and the request to change it, turned into steps that can be solved."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.chain import Chain, Step
from scheduler.domain.chain_days import blocked_days, chain_days, joint_before, legal_days
from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.levels import SECOND, Joint
from scheduler.domain.plan_search import offered, turns_of
from scheduler.domain.replan_search import Change, least_moves
from scheduler.domain.replan_steps import MOVED, Choice, Habit, ReplanStep
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes, wished_starts


class ReplanChain:
    """``requested`` are slots that sessions are asked to take; ``forced`` are those whose booking cannot stay."""

    def __init__(
        self,
        chain: Chain,
        starts: Mapping[int, FreeStarts],
        wishes: Wishes,
        grid: DayGrid,
        requested: Mapping[int, Slot],
        forced: frozenset[int],
    ) -> None:
        self._chain, self._zone = chain, grid.zone
        self._requested, self._forced = requested, forced
        self._days = chain_days(chain, grid, [clinic_date(slot.starts_at, grid.zone) for slot in requested.values()])
        self._people = offered(chain, starts, *self._others())
        self._turns = turns_of(self._people)
        self._wished = wished_starts(grid, starts, wishes, self._turns)
        avoided = self._days.of_ranges(wishes.avoid)
        self._unwanted = {n: days | avoided for n, days in blocked_days(chain.steps, self._days).items()}

    def _others(self) -> list[UUID | None]:
        """Practitioners who matter though they may not be on offer: asked for now, or treating before."""
        kept = [step.anchor_slot for step in self._chain.steps]
        return [slot.practitioner_id for slot in (*self._requested.values(), *kept) if slot]

    def best(self, limit: int) -> list[Change]:
        """The best change sets, best first."""
        settled = [True, *(settled_on(step) is not None for step in self._chain.steps)]
        steps = [self._step(step, after) for step, after in zip(self._chain.steps, settled, strict=False)]
        reference = self._chain.reference
        before = None if reference is None else self._days.index(reference)
        return least_moves(steps, self._days, before, limit)

    def in_grid(self, day: int) -> int:
        """A day of the search as the grid counts it."""
        return self._days.in_grid(day)

    def who(self, choice: Choice) -> UUID | None:
        return self._people[choice.person]

    def _step(self, step: Step, after_settled: bool) -> ReplanStep:
        on = settled_on(step)
        if on is not None:
            return ReplanStep(
                joint_before(step, self._days, both_fixed=after_settled, costed=False), self._days.index(on)
            )
        joint = joint_before(step, self._days, both_fixed=False, costed=step.anchor is None)
        if step.number in self._requested:
            return self._asked(step, joint, self._requested[step.number])
        return self._movable(step, joint)

    def _asked(self, step: Step, joint: Joint, slot: Slot) -> ReplanStep:
        """A session that goes where it was asked to go, if the rules allow that date."""
        on, habit = clinic_date(slot.starts_at, self._zone), self._habit(step)
        day, minute = self._days.index(on), self._minute(slot)
        legal = legal_days(step, self._days, self._unwanted[step.number]) >> day & 1
        moved = (
            0
            if habit.day is None or (step.booked and step.booked.slot == slot)
            else MOVED + abs(day - habit.day) * SECOND
        )
        shift = habit.shift(day, self._turns[slot.practitioner_id], minute)
        return ReplanStep(joint, day if legal else None, kept_cost=moved, kept_shift=shift)

    def _movable(self, step: Step, joint: Joint) -> ReplanStep:
        stays = step.booked is not None and step.number not in self._forced
        wished = self._wished[step.number]
        legal = legal_days(step, self._days, self._unwanted[step.number])
        return ReplanStep(
            joint,
            self._days.index(step.booked.on) if step.booked and stays else None,
            self._habit(step),
            open_days=wished.fitting_days << self._days.offset & legal,
            starts=wished,
            leaves=stays,
        )

    def _habit(self, step: Step) -> Habit:
        day = None if step.anchor is None else self._days.index(step.anchor)
        slot = step.anchor_slot
        return Habit(day) if slot is None else Habit(day, self._turns[slot.practitioner_id], self._minute(slot))

    def _minute(self, slot: Slot) -> int:
        wall = wall_time(slot.starts_at, self._zone)
        return wall.hour * 60 + wall.minute


def settled_on(step: Step) -> date | None:
    """The date of a step that cannot move: a fact, or a visit that has begun."""
    return step.fixed_on or (step.booked.on if step.booked and not step.booked.movable else None)
