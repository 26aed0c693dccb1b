"""The ruler: the days after a session on which the next one may be, as lengths in percent of a line."""

from dataclasses import dataclass

from scheduler.domain.protocol import SpacingRule

BEYOND = 1.15
"""The line goes on a little after the last allowed day."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one kind: where they begin and how long they are, in percent, and how they look."""

    x: float
    width: float
    look: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A day that counts: its place in percent."""

    x: float
    day: int
    look: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """The stretches from the session before to beyond the last day, and the days between them."""

    stretches: tuple[Stretch, ...]
    ticks: tuple[Tick, ...]
    rule: SpacingRule


def ruler_of(rule: SpacingRule) -> Ruler:
    """Refused days, days for a practitioner's decision, allowed days, and late ones."""
    whole = max(rule.max_days, 1) * BEYOND
    ends = (0, rule.absolute_min_days, rule.min_days, rule.max_days, whole)
    looks = ("never", "early", "open", "late")
    stretches = tuple(
        Stretch(_share(first, whole), _share(last - first, whole), look)
        for first, last, look in zip(ends, ends[1:], looks, strict=False)
        if last > first
    )
    named = {rule.absolute_min_days: "", rule.min_days: "", rule.max_days: "", rule.target_days: "aim"}
    ticks = tuple(Tick(_share(day, whole), day, look) for day, look in sorted(named.items()))
    return Ruler(stretches, ticks, rule)


def _share(days: float, whole: float) -> float:
    return round(100 * days / whole, 2)
