"""Chain days: the dates of a chain as bits of integers, and the joints between its steps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from scheduler.domain.blocked import Blocked
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.levels import ANY_DAY, THIRD, Joint, Leap, Loose, Spaced


@dataclass(frozen=True, slots=True)
class ChainDays:
    """Days counted from ``origin``, early enough for every date of the chain, to the end of the grid."""

    origin: date
    offset: int
    length: int

    def index(self, on: date) -> int:
        return (on - self.origin).days

    def day(self, index: int) -> date:
        return self.origin + timedelta(index)

    def bit(self, on: date) -> int:
        return 1 << self.index(on)

    def between(self, first: date, last: date) -> int:
        """The days of a range of dates, both ends inclusive, as far as they are known here."""
        start, end = max(self.index(first), 0), min(self.index(last), self.length - 1)
        return (1 << end + 1) - (1 << start) if start <= end else 0

    def of_ranges(self, ranges: Iterable[tuple[date, date]]) -> int:
        found = 0
        for first, last in ranges:
            found |= self.between(first, last)
        return found

    def in_grid(self, index: int) -> int:
        """The same day as the grid counts it."""
        return index - self.offset


def chain_days(chain: Chain, grid: DayGrid, also: Iterable[date] = ()) -> ChainDays:
    """Days for a chain whose open steps lie in the grid; ``also`` are other dates that must be among them."""
    dates = [grid.first_day, grid.day(grid.days - 1), *_known_dates(chain), *also]
    origin = min(dates)
    return ChainDays(origin, (grid.first_day - origin).days, (max(dates) - origin).days + 1)


def _known_dates(chain: Chain) -> Iterator[date]:
    if chain.reference:
        yield chain.reference
    for step in chain.steps:
        override, booked = step.override, step.booked
        dates = (step.fixed_on, step.anchor, booked and booked.on, override and override.on)
        yield from (on for on in dates if on)


def legal_days(step: Step, days: ChainDays, blocked: int) -> int:
    """The dates that a step may take, gaps apart: its own range and an override's date, without what is blocked."""
    found = days.between(step.earliest, step.latest)
    if step.override:
        found |= days.bit(step.override.on)
    return found & ~blocked


def blocked_days(steps: Sequence[Step], days: ChainDays) -> dict[int, int]:
    """The blocked dates of each step, by number; worked out once for steps that share their ranges."""
    shared: dict[int, int] = {}
    for step in steps:
        if id(step.blocked) not in shared:
            shared[id(step.blocked)] = days.of_ranges(_ranges(step.blocked))
    return {step.number: shared[id(step.blocked)] for step in steps}


def _ranges(blocked: Iterable[Blocked]) -> Iterator[tuple[date, date]]:
    return ((one.first, one.last) for one in blocked)


def joint_before(step: Step, days: ChainDays, *, both_fixed: bool, costed: bool = True) -> Joint:
    """What ties a step to the one before. ``costed`` counts the days by which a gap misses its target.

    An override allows more gaps, into its own date only, no worse than it was given for.
    """
    if both_fixed:
        return Loose(later=False)
    if step.gap is None:
        return Loose(later=True)
    usual = _usual(step.gap, days.length, costed)
    if step.override is None or step.override_gap is None:
        return usual
    given, into = step.override_gap, days.bit(step.override.on)
    further = (*range(max(given, 1), max(step.gap.min_days, 1)), *range(step.gap.max_days + 1, given + 1))
    return Spaced((*usual.leaps, *_leaps(further, step.gap.target_days, costed, into)))


@lru_cache(maxsize=256)
def _usual(gap: Gap, length: int, costed: bool) -> Spaced:
    """Every allowed gap. One of no days would put two sessions on one date, so the least is one."""
    gaps = range(max(gap.min_days, 1), min(gap.max_days, length) + 1)
    return Spaced(_leaps(gaps, gap.target_days, costed, ANY_DAY))


def _leaps(gaps: Iterable[int], target: int, costed: bool, into: int) -> Iterator[Leap]:
    found: dict[int, list[int]] = defaultdict(list)
    for gap in gaps:
        found[abs(gap - target) * THIRD if costed else 0].append(gap)
    return (Leap(cost, tuple(same), into) for cost, same in found.items())
