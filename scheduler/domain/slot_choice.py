"""Slot choice: from starts to slots, with the rooms and devices that a series has already or can have throughout."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduler.domain.availability import FreeStarts
from scheduler.domain.chain import Step
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.slots import Slot


@dataclass(frozen=True, slots=True)
class ChosenStart:
    """A start that a search has chosen: the day in the grid, the wall slot, and who treats, out of these starts."""

    starts: FreeStarts
    index: int
    wall_slot: int
    practitioner: UUID | None


def slots_for(grid: DayGrid, chosen: Sequence[ChosenStart], liked: Sequence[UUID]) -> list[Slot]:
    """A slot for each start. Rooms and devices are those liked, else those free at the most of these starts."""
    free = [start.starts.free_at(start.index, grid.cell_at(start.index, start.wall_slot)) for start in chosen]
    often = Counter(one for kinds in free for ones in kinds.values() for one in ones)
    ranked = dict.fromkeys((*liked, *sorted(often, key=lambda one: -often[one])))
    order = {one: place for place, one in enumerate(ranked)}
    return [_slot(grid, start, kinds, order) for start, kinds in zip(chosen, free, strict=True)]


def _slot(
    grid: DayGrid, start: ChosenStart, free: Mapping[ResourceKind, list[UUID]], order: Mapping[UUID, int]
) -> Slot:
    resources = {kind: min(ones, key=lambda one: order[one]) for kind, ones in free.items()}
    if start.practitioner:
        resources[ResourceKind.PRACTITIONER] = start.practitioner
    return Slot(grid.instant(start.index, grid.cell_at(start.index, start.wall_slot)), resources)


def used_resources(steps: Sequence[Step]) -> list[UUID]:
    """The resources of the appointments that a chain has, first come first."""
    return list(dict.fromkeys(one for step in steps if step.booked for one in step.booked.slot.resources.values()))
