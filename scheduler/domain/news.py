"""News: the difference between what a patient was told of each appointment and what stands now.

Nothing is told for an event as such. So a move and back is no news, two moves are one, and an undo tells nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class NewsKind(StrEnum):
    """What has become of an appointment since the patient was last told of it."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Known:
    """One appointment, as the patient knows it or as it stands. Instants are aware and in UTC, and the patient's own.

    ``place`` is the clinic's address; an empty one was never told, and is compared with nothing. ``sequence`` is the
    SEQUENCE. ``invited`` is the address that has the invitation, ``""`` when somebody has one that is out of date.
    """

    starts_at: datetime
    ends_at: datetime
    clinic_id: UUID
    place: str
    sequence: int
    cancelled: bool = False
    invited: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell. ``before`` is ``None`` for what was booked; ``after`` has ``cancelled`` set for what goes."""

    kind: NewsKind
    appointment_id: UUID
    before: Known | None
    after: Known


Knowledge = Mapping[UUID, Known]
"""Appointments by id."""


def news(told: Knowledge, standing: Knowledge, now: datetime) -> tuple[News, ...]:
    """What to tell at ``now`` (UTC), in the order of time. Only what was to come, or is to come, is told.

    An appointment that was cancelled and booked again for the same time and place is no news to anybody.
    """
    found = [item for id_, after in standing.items() if (item := _item(id_, told.get(id_), after, now))]
    silent = {id_ for pair in replaced(told, standing, now).items() for id_ in pair}
    items = [item for item in found if item.appointment_id not in silent]
    return tuple(sorted(items, key=lambda item: ((item.before or item.after).starts_at, item.appointment_id)))


def replaced(told: Knowledge, standing: Knowledge, now: datetime) -> dict[UUID, UUID]:
    """Cancelled appointments that the patient knows of, each with the one that stands in its place unknown to them."""
    items = [item for id_, after in standing.items() if (item := _item(id_, told.get(id_), after, now))]
    booked = {_visit(item.after): item.appointment_id for item in items if item.kind is NewsKind.BOOKED}
    cancelled = [item for item in items if item.kind is NewsKind.CANCELLED]
    pairs = ((item.appointment_id, booked.pop(_visit(item.before), None)) for item in cancelled if item.before)
    return {gone: new for gone, new in pairs if new is not None}


def told_after(told: Knowledge, items: tuple[News, ...]) -> dict[UUID, Known]:
    """What the patient knows once these items have been told. A SEQUENCE never falls."""
    return {**told, **{item.appointment_id: heard(told.get(item.appointment_id), item.after) for item in items}}


def heard(before: Known | None, after: Known) -> Known:
    """What the patient knows of an appointment after hearing how it stands. Words take no invitation back."""
    if before is None:
        return replace(after, invited=None)
    return replace(after, sequence=max(before.sequence, after.sequence), invited=before.invited)


def differs(before: Known, after: Known) -> bool:
    """Whether an appointment takes place at another time or place than before."""
    moved = (before.starts_at, before.ends_at, before.clinic_id) != (after.starts_at, after.ends_at, after.clinic_id)
    return moved or before.place not in ("", after.place)


def _item(id_: UUID, before: Known | None, after: Known, now: datetime) -> News | None:
    if before is None or before.cancelled:
        is_new = not after.cancelled and after.starts_at > now
        return News(NewsKind.BOOKED, id_, None, after) if is_new else None
    if after.cancelled:
        return News(NewsKind.CANCELLED, id_, before, after) if before.starts_at > now else None
    return News(NewsKind.MOVED, id_, before, after) if differs(before, after) and after.starts_at > now else None


def _visit(known: Known) -> tuple[datetime, datetime, UUID]:
    return known.starts_at, known.ends_at, known.clinic_id


def coming(standing: Knowledge, now: datetime) -> Iterator[tuple[UUID, Known]]:
    """The appointments that stand and are to come after ``now`` (UTC), in the order of time."""
    ahead = [(id_, known) for id_, known in standing.items() if not known.cancelled and known.starts_at > now]
    yield from sorted(ahead, key=lambda one: (one[1].starts_at, one[0]))
