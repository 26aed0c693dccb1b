"""Which events a feed shows at an instant, and when that changes by itself, without anybody writing anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scheduler.calendars.events import EventStatus, FeedEvent
from scheduler.domain.clinic_days import clinic_date, instant_of

CANCELLED_STAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class VisibleEvents:
    """What a feed shows now. ``valid_until`` is the UTC instant at which the first of the events leaves it.

    None when there is nothing that could leave.
    """

    events: tuple[FeedEvent, ...]
    valid_until: datetime | None


def visible_events(events: Iterable[FeedEvent], now: datetime) -> VisibleEvents:
    """The events that have not left the feed by ``now`` (UTC), in the order given."""
    staying = tuple(event for event in events if leaves_at(event) > now)
    return VisibleEvents(staying, min(map(leaves_at, staying), default=None))


def leaves_at(event: FeedEvent) -> datetime:
    """The UTC instant at which an event leaves every feed: the first of a day in the clinic's zone.

    A cancelled event leaves on the 14th day after its date, any other after twelve months, on the same date.
    """
    on = clinic_date(event.starts_at, event.zone)
    is_cancelled = event.status is EventStatus.CANCELLED
    return instant_of(on + CANCELLED_STAYS if is_cancelled else _a_year_after(on), time.min, event.zone)


def earliest_start(now: datetime) -> datetime:
    """No visible event begins before this UTC instant; a bound for queries, a day or two wide of the mark."""
    return now.astimezone(UTC) - timedelta(days=368)


def _a_year_after(on: date) -> date:
    """The same date next year; the first of March after a 29 February."""
    if (on.month, on.day) == (2, 29):
        return date(on.year + 1, 3, 1)
    return on.replace(year=on.year + 1)
