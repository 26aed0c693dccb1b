"""Sentences: plans and change sets in words, to be read aloud to a caller."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from scheduler.domain.clinic_days import wall_time
from scheduler.domain.planning import Plan
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.replanning import ChangeSet, Move
from scheduler.domain.slots import Slot

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

Names = Mapping[UUID, str]


def clock(wall: datetime) -> str:
    """As in 17:00."""
    return f"{wall.hour:02}:{wall.minute:02}"


def plan_sentence(plan: Plan, names: Names, zone: str) -> str:
    """As in "Tuesday 8 December, 12 January and 16 February, all at 17:00 with Beatriz.": what is common is said once.

    ``names`` are those of practitioners; one without a name is not mentioned.
    """
    dates = _dates([one.on for one in plan.placements])
    times = [f" at {clock(wall_time(one.slot.starts_at, zone))}" for one in plan.placements]
    people = [_with(one.slot, names) for one in plan.placements]
    common = "".join(each[0] for each in (times, people) if len(set(each)) == 1)
    own = [each for each in (times, people) if len(set(each)) > 1]
    listed = _listed(["".join(parts) for parts in zip(dates, *own, strict=True)])
    every = {1: "", 2: ", both"}.get(len(dates), ", all") if common else ""
    return f"{listed}{every}{common}."


def changes_sentence(changes: ChangeSet, names: Names, zone: str) -> str:
    """As in "Session 2 moves from Tuesday 8 December at 17:00 to Thursday 10 December at 17:00."

    The practitioner is named where another one will treat, or where the session had no place before. A session whose
    time stays the same keeps it with other people or things, or, released meanwhile, comes back to it.
    """
    if not changes.moves:
        return "Nothing needs to move."
    return " ".join(_move(move, names, zone) for move in changes.moves)


def _move(move: Move, names: Names, zone: str) -> str:
    after = _place(move.after_on, move.after, zone)
    if move.before is None or move.before_on is None:
        return f"Session {move.number} takes {after}{_with(move.after, names)}."
    other = _with(move.after, names) if move.before.practitioner_id != move.after.practitioner_id else ""
    if move.before.starts_at == move.after.starts_at:
        return f"Session {move.number} {_at_its_time(move.before, move.after, after, other)}."
    before = _place(move.before_on, move.before, zone)
    return f"Session {move.number} moves from {before} to {after}{other}."


def _at_its_time(before: Slot, after: Slot, place: str, other: str) -> str:
    """As in "keeps Tuesday 8 December at 17:00 with Ana", or "comes back to" it where nothing is different."""
    changed = [kind.value for kind in ResourceKind if before.resources.get(kind) != after.resources.get(kind)]
    if not changed:
        return f"comes back to {place}"
    return f"keeps {place}" + (other or f" with another {' and '.join(changed)}")


def _place(on: date, slot: Slot, zone: str) -> str:
    return f"{_weekday(on)} {_day(on)} at {clock(wall_time(slot.starts_at, zone))}"


def _dates(dates: Sequence[date]) -> list[str]:
    """A weekday that all share is said with the first only."""
    same = len({on.weekday() for on in dates}) == 1
    return [_day(on) if same and place else f"{_weekday(on)} {_day(on)}" for place, on in enumerate(dates)]


def _with(slot: Slot, names: Names) -> str:
    name = names.get(slot.practitioner_id) if slot.practitioner_id else None
    return f" with {name}" if name else ""


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _weekday(on: date) -> str:
    return WEEKDAYS[on.weekday()]


def _day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]}"
