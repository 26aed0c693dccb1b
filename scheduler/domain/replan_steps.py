"""Replan steps: what each step of a chain may do when something moves, and what that costs against its present booking.

A step stays, is placed anew, goes where it was asked to go, or cannot move at all.
"""

from dataclasses import dataclass

from scheduler.domain.chain_days import ChainDays
from scheduler.domain.completions import UNKNOWN, is_change
from scheduler.domain.day_grid import CELL_MINUTES
from scheduler.domain.levels import FIRST, Joint, Layer
from scheduler.domain.wishes import WishedStarts

MOVED = FIRST

Shift = tuple[int, int, int]
"""What a session gives up besides its date: its practitioner, its weekday, minutes of its hour."""

NO_SHIFT: Shift = (0, 0, 0)


def plus(one: Shift, other: Shift) -> Shift:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


@dataclass(frozen=True, slots=True)
class Habit:
    """Where a session is or was: day, practitioner's turn, minute of the wall clock. What is unknown costs nothing."""

    day: int | None = None
    person: int = UNKNOWN
    minute: int | None = None

    def shift(self, day: int, person: int, minute: int) -> Shift:
        return (
            int(is_change(self.person, person)),
            int(self.day is not None and (day - self.day) % 7 != 0),
            0 if self.minute is None else abs(minute - self.minute),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A new place for a session on some day, and what it gives up there."""

    shift: Shift
    person: int
    wall_slot: int


@dataclass(frozen=True, slots=True)
class ReplanStep:
    """One step of a replan.

    ``kept`` is the day on which it may be without being placed anew, at the cost of ``kept_cost`` and ``kept_shift``:
    its booking, a fact, or where it was asked to go. ``open_days`` are those on which it may be placed anew.
    ``leaves`` says that its present start is no new place for it.
    """

    joint: Joint
    kept: int | None
    habit: Habit = Habit()
    kept_cost: int = 0
    kept_shift: Shift = NO_SHIFT
    open_days: int = 0
    starts: WishedStarts | None = None
    leaves: bool = False

    @property
    def kept_on(self) -> int:
        """The day on which it is kept, as a bit."""
        return 0 if self.kept is None else 1 << self.kept

    @property
    def layer(self) -> Layer:
        """All its choices, with the days moved as the cost of distance."""
        choices = ((self.kept_cost, self.kept_on), (self.moves * MOVED, self.open_days))
        return Layer(choices, self.joint, self.habit.day if self.open_days else None)

    @property
    def anew(self) -> Layer:
        """The same step when it is placed anew."""
        return Layer(((self.moves * MOVED, self.open_days),), self.joint, self.habit.day)

    @property
    def moves(self) -> int:
        """How many moves it is to place it anew: none for what never had a place."""
        return 0 if self.habit.day is None else 1

    @property
    def kept_moves(self) -> int:
        """How many moves are in keeping it: one where it was asked to go elsewhere."""
        return self.kept_cost // MOVED

    def choices(self, day: int, days: ChainDays) -> list[Choice]:
        """For each practitioner free on the day the best hour, best first."""
        found = [] if self.starts is None else list(self.starts.people(days.in_grid(day), True))
        choices = [self._nearest(day, person, hours) for person, hours in found]
        return sorted((one for one in choices if one is not None), key=lambda one: (one.shift, one.person))

    def _nearest(self, day: int, person: int, hours: int) -> Choice | None:
        habit = self.habit
        if self.leaves and habit.minute is not None and (day, person) == (habit.day, habit.person):
            hours &= ~(1 << habit.minute // CELL_MINUTES)
        if not hours:
            return None
        slot = nearest(hours, habit.minute or 0)
        return Choice(habit.shift(day, person, slot * CELL_MINUTES), person, slot)


def nearest(hours: int, minute: int) -> int:
    """The wall slot nearest to a minute of the clock, the earlier of two as near."""
    at = -(-minute // CELL_MINUTES)
    later, earlier = hours >> at, hours & (1 << at) - 1
    found = [earlier.bit_length() - 1] if earlier else []
    if later:
        found.append(at + (later & -later).bit_length() - 1)
    return min(found, key=lambda slot: abs(slot * CELL_MINUTES - minute))
