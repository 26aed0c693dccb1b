"""A clinic as lists of stretches, and what is free in it by comparing instants: no grid, no masks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import product
from uuid import UUID

from scheduler.domain.availability import Diary, Supply
from scheduler.domain.clinic_days import day_bounds, exists, instant_of
from scheduler.domain.day_grid import DayGrid, mask_of
from scheduler.domain.protocol import Phase, ResourceKind
from scheduler.domain.slots import Slot, Stretch, claims_of, needed_spans, total_minutes

PATIENT = UUID(int=99)
ANA, BEATRIZ = UUID(int=1), UUID(int=2)
ROOM_1, ROOM_2 = UUID(int=11), UUID(int=12)
LASER, PEN = UUID(int=21), UUID(int=22)
EVERYTHING = frozenset(ResourceKind)
NUMBING = Phase("numbing", 30, frozenset({ResourceKind.ROOM}), True)
TREATMENT = Phase("treatment", 45, EVERYTHING, True)
CLEAN_UP = Phase("clean-up", 15, frozenset({ResourceKind.ROOM, ResourceKind.DEVICE}), False)
NEEDLING = (NUMBING, TREATMENT, CLEAN_UP)

Stretches = Mapping[UUID, Sequence[tuple[datetime, datetime]]]


@dataclass(frozen=True)
class PlainClinic:
    """Who and what there is, and for each (and the patient) the UTC stretches of work and of being taken."""

    zone: str
    working: Stretches
    busy: Stretches = field(default_factory=dict)
    practitioners: tuple[UUID, ...] = (ANA,)
    rooms: tuple[UUID, ...] = (ROOM_1,)
    devices: tuple[UUID, ...] = (LASER,)

    def supply(self, grid: DayGrid) -> Supply:
        def diaries(ones: Iterable[UUID]) -> dict[UUID, Diary]:
            return {one: Diary(self._mask(grid, self.working, one), self._mask(grid, self.busy, one)) for one in ones}

        patient = self._mask(grid, self.busy, PATIENT)
        return Supply(diaries(self.practitioners), diaries(self.rooms), diaries(self.devices), patient)

    def _mask(self, grid: DayGrid, of: Stretches, subject: UUID) -> int:
        stretches = [Stretch(subject, first, last) for first, last in of.get(subject, ())]
        return mask_of(grid, stretches, outwards=of is self.busy)

    def is_free(self, claim: Stretch) -> bool:
        """Inside working time throughout, and beside everything that is taken. A patient has no working time."""
        taken = any(
            first < claim.ends_at and claim.starts_at < last for first, last in self.busy.get(claim.subject_id, ())
        )
        return not taken and (claim.subject_id == PATIENT or self._works(claim))

    def _works(self, claim: Stretch) -> bool:
        at = claim.starts_at
        for first, last in sorted(self.working.get(claim.subject_id, ())):
            if first <= at < last:
                at = last
        return at >= claim.ends_at

    def fits(self, slot: Slot, phases: Sequence[Phase]) -> bool:
        return all(self.is_free(claim) for claim in claims_of(slot, phases, PATIENT))

    def slots(self, on: date, phases: Sequence[Phase], every: int = 15) -> Iterator[Slot]:
        """Every slot on a date: each mark of the wall clock, each practitioner, room and device."""
        for at in marks(on, self.zone, every):
            if at + timedelta(minutes=total_minutes(phases)) <= day_bounds(on, self.zone)[1]:
                slots = (Slot(at, resources) for resources in self._choices(phases))
                yield from (slot for slot in slots if self.fits(slot, phases))

    def _choices(self, phases: Sequence[Phase]) -> Iterator[dict[ResourceKind, UUID]]:
        kinds = {
            ResourceKind.PRACTITIONER: self.practitioners,
            ResourceKind.ROOM: self.rooms,
            ResourceKind.DEVICE: self.devices,
        }
        needed = [kind for kind in kinds if kind in needed_spans(phases)]
        for ones in product(*(kinds[kind] for kind in needed)):
            yield dict(zip(needed, ones, strict=True))


def marks(on: date, zone: str, every: int) -> Iterator[datetime]:
    """The instants of a date at which the wall clock shows a mark, for the first time."""
    for minute in range(0, 1440, every):
        at = time(*divmod(minute, 60))
        if exists(datetime.combine(on, at), zone):
            yield instant_of(on, at, zone)


def hours(zone: str, days: Iterable[date], first: time, last: time) -> list[tuple[datetime, datetime]]:
    """The same wall hours on each of these dates."""
    return [(instant_of(on, first, zone), instant_of(on, last, zone)) for on in days]
