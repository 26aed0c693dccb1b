"""Delivery: when a message is tried again, and which of a patient's waiting messages tells the news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long to wait after each attempt that failed. After the one that follows the last pause a message is dead."""
MOST_ATTEMPTS = len(PAUSES) + 1


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts, the last at ``now`` (UTC); ``None`` when that was the last."""
    return now + PAUSES[attempts - 1] if attempts < MOST_ATTEMPTS else None


@dataclass(frozen=True, slots=True)
class WaitingNews:
    """A message with news that nobody is sending. ``in_doubt``: an earlier attempt may have gone out."""

    id: UUID
    due_at: datetime
    attempts: int
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """What becomes of a patient's waiting news: one message tells all, at ``due_at``; the others are not needed."""

    tells: UUID
    due_at: datetime
    dropped: tuple[UUID, ...]


def gathered(waiting: Sequence[WaitingNews], now: datetime) -> Gathered:
    """One message for all news of a patient, of which some is due at ``now`` (UTC).

    News that is still new waits its time, and the older waits for it. What failed before does not have the newer wait
    for its next attempt. A message that may have gone out is the one to go on with: its duplicate must be the same.
    """
    fresh = {one.id: one.due_at for one in waiting if not one.attempts and one.due_at > now}
    chosen = max(waiting, key=lambda one: (one.in_doubt, one.id in fresh, -one.attempts, one.due_at, one.id))
    dropped = tuple(one.id for one in waiting if one is not chosen and one.id not in fresh)
    return Gathered(chosen.id, max(fresh.values(), default=now), dropped)
