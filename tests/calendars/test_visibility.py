"""When an event leaves the feed, though nobody writes anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendars.events import EventStatus, FeedEvent
from scheduler.calendars.visibility import earliest_start, leaves_at, visible_events
from tests.calendars.samples import an_event, an_event_at

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def cancelled_at(number: int, starts_at: datetime, zone: str = "Europe/London") -> FeedEvent:
    return an_event(number, starts_at=starts_at, ends_at=starts_at, zone=zone, status=EventStatus.CANCELLED)


def test_a_cancelled_event_leaves_when_the_14th_day_after_its_date_begins_at_the_clinic() -> None:
    event = cancelled_at(0, datetime(2026, 3, 20, 9, tzinfo=UTC), "America/New_York")
    assert leaves_at(event) == datetime(2026, 4, 3, 4, 0, tzinfo=UTC)


def test_the_date_of_an_event_is_the_clinics_date() -> None:
    late_on_the_19th_in_new_york = datetime(2026, 3, 20, 2, tzinfo=UTC)
    assert leaves_at(cancelled_at(0, late_on_the_19th_in_new_york, "America/New_York")).day == 2


def test_any_other_event_leaves_after_twelve_months() -> None:
    for status in (EventStatus.BOOKED, EventStatus.AT_RISK):
        event = an_event(starts_at=datetime(2025, 7, 10, 9, tzinfo=UTC), status=status)
        assert leaves_at(event) == datetime(2026, 7, 9, 23, tzinfo=UTC)


def test_an_event_of_29_february_leaves_on_the_first_of_march() -> None:
    event = an_event(starts_at=datetime(2028, 2, 29, 9, tzinfo=UTC))
    assert leaves_at(event) == datetime(2029, 3, 1, tzinfo=UTC)


def test_where_midnight_is_skipped_an_event_leaves_at_the_first_instant_of_the_day() -> None:
    event = cancelled_at(0, datetime(2026, 4, 10, 9, tzinfo=UTC), "Africa/Cairo")
    assert leaves_at(event) == datetime(2026, 4, 23, 22, tzinfo=UTC)  # 24 April begins at 01:00


def test_the_events_of_now_come_with_the_instant_of_the_next_departure() -> None:
    gone = cancelled_at(0, datetime(2026, 5, 10, 9, tzinfo=UTC))
    leaving_soon = cancelled_at(1, datetime(2026, 5, 20, 9, tzinfo=UTC))
    past = an_event_at(2, datetime(2025, 8, 1, 9, tzinfo=UTC), "Europe/London")
    future = an_event_at(3, datetime(2026, 9, 1, 9, tzinfo=UTC), "Europe/London")
    visible = visible_events([gone, leaving_soon, past, future], NOW)
    assert visible.events == (leaving_soon, past, future)
    assert visible.valid_until == leaves_at(leaving_soon)


def test_a_feed_without_events_never_changes_by_itself() -> None:
    assert visible_events([], NOW).valid_until is None


EVENTS = st.builds(
    lambda number, minutes, status: an_event(
        number, starts_at=NOW + timedelta(minutes=minutes), ends_at=NOW + timedelta(minutes=minutes + 30), status=status
    ),
    st.integers(0, 10**9),
    st.integers(-800_000, 800_000),
    st.sampled_from(EventStatus),
)


@given(st.lists(EVENTS, max_size=8), st.integers(0, 10**6))
def test_the_set_is_the_same_until_it_is_said_to_change(events: list[FeedEvent], seconds: int) -> None:
    visible = visible_events(events, NOW)
    later = NOW + timedelta(seconds=seconds)
    if visible.valid_until is None:
        assert visible.events == ()
    elif later < visible.valid_until:
        assert visible_events(events, later).events == visible.events
    assert visible.valid_until is None or visible_events(events, visible.valid_until).events != visible.events


@given(EVENTS)
def test_no_visible_event_begins_before_the_bound_for_queries(event: FeedEvent) -> None:
    if leaves_at(event) > NOW:
        assert event.starts_at >= earliest_start(NOW)


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_the_bound_for_queries_holds_at_both_ends_of_the_world(zone: str) -> None:
    for hours in range(0, 72, 3):
        event = an_event_at(0, NOW - timedelta(days=367, hours=-hours), zone)
        assert leaves_at(event) <= NOW or event.starts_at >= earliest_start(NOW)
