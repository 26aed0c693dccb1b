"""The waitlist: who would come when a slot becomes free, and in which order they are asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date, wall_time
from scheduler.domain.wishes import Preference, Wishes


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry of the waitlist.

    ``first`` and ``last`` are the clinic dates of its window, both inclusive; ``None`` closes it never. Somebody who
    has a date and would come earlier waits for starts before the UTC instant ``earlier_than``. ``prefer`` are the only
    hours at which the patient wants to be asked, ``practitioner_id`` the only one whom the patient wants to see.
    """

    id: UUID
    first: date
    last: date | None
    since: datetime
    prefer: tuple[Preference, ...] = ()
    practitioner_id: UUID | None = None
    earlier_than: datetime | None = None

    def is_open(self, today: date) -> bool:
        """Whether a day of its window is still to come."""
        return self.last is None or self.last >= today

    def would_take(self, starts_at: datetime, zone: str, practitioner_id: UUID | None) -> bool:
        """Whether the patient wants to be asked about a start (UTC instant) with this practitioner."""
        on = clinic_date(starts_at, zone)
        in_window = self.first <= on and (self.last is None or on <= self.last)
        early_enough = self.earlier_than is None or starts_at < self.earlier_than
        liked = self.practitioner_id in (None, practitioner_id)
        return in_window and early_enough and liked and Wishes(prefer=self.prefer).fits(wall_time(starts_at, zone))


def in_turn(entries: Iterable[Waiting]) -> list[Waiting]:
    """The entries in the order in which they are asked: the window that closes first on top, then who waits longest."""
    return sorted(entries, key=lambda one: (one.last or date.max, one.since, one.id))
