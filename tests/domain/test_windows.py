"""Windows: where a session may lie, and what each edge says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.domain.protocol import SpacingRule
from scheduler.domain.series import Surroundings
from scheduler.domain.spacing import Edge, ReferenceKind, Window, months_after, windows
from tests.domain.courses import RULE, around, booked, course, due, forecast, iso, on, performed, protocol, span, window


def test_a_window_after_a_performed_session_says_why_it_begins_and_ends() -> None:
    assert window(course(performed(0), due()), around(1), 2) == Window(
        number=2,
        reference=on(0),
        reference_kind=ReferenceKind.PERFORMED,
        earliest=Edge(on(28), f"At least 28 days after the session before was performed on {iso(0)}."),
        latest=Edge(on(42), f"At most 42 days after the session before was performed on {iso(0)}."),
        recommended=on(35),
        blocked=(),
        aim=on(35),
        floor=on(21),
    )


def test_the_first_session_opens_at_the_requested_start_and_is_planned_within_six_months() -> None:
    assert window(course(due(), due(), start=3), around(1), 1) == Window(
        number=1,
        reference=on(3),
        reference_kind=ReferenceKind.START,
        earliest=Edge(on(3), "The requested start."),
        latest=Edge(date(2026, 7, 8), "The first session is planned within 6 months of the start."),
        recommended=on(3),
        blocked=(),
        aim=on(3),
        floor=None,
    )


def test_a_window_after_a_booked_session_counts_from_its_date() -> None:
    found = window(course(performed(0), booked(30), due()), around(1), 3)
    assert (found.reference, found.reference_kind) == (on(30), ReferenceKind.BOOKED)
    assert found.earliest == Edge(on(58), f"At least 28 days after the session before is booked on {iso(30)}.")
    assert found.latest == Edge(on(72), f"At most 42 days after the session before is booked on {iso(30)}.")


def test_a_window_after_a_session_without_a_date_counts_from_its_forecast() -> None:
    found = window(course(performed(0), due(), due()), around(1), 3)
    assert (found.reference, found.reference_kind) == (on(35), ReferenceKind.FORECAST)
    assert found.earliest == Edge(on(63), f"At least 28 days after the session before is expected on {iso(35)}.")
    assert found.latest == Edge(on(77), f"At most 42 days after the session before is expected on {iso(35)}.")


def test_a_fact_beats_a_booking() -> None:
    series = course(performed(0), replace(booked(35), performed_on=on(30)), due())
    found = window(series, around(40), 3)
    assert (found.reference, found.reference_kind) == (on(30), ReferenceKind.PERFORMED)


def test_a_booking_beats_a_forecast() -> None:
    series = course(performed(0), booked(29), due())
    assert span(series, around(1), 3) == (57, 71)


def test_an_early_fact_moves_the_next_window_forward() -> None:
    assert span(course(performed(0), performed(22), due()), around(23), 3) == (50, 64)


def test_a_late_fact_moves_the_next_window_back() -> None:
    assert span(course(performed(0), performed(60), due()), around(61), 3) == (88, 102)


@pytest.mark.parametrize(("day", "inside"), [(27, False), (28, True), (42, True), (43, False)])
def test_both_ends_of_a_window_belong_to_it(day: int, inside: bool) -> None:
    assert window(course(performed(0), due()), around(1), 2).contains(on(day)) is inside


def test_a_step_with_a_rule_of_its_own_keeps_it() -> None:
    own = SpacingRule(absolute_min_days=50, min_days=60, target_days=70, max_days=80)
    series = course(performed(0), due(), due(), due(), under=protocol(step_spacing={3: own}))
    assert [span(series, around(1), n) for n in (2, 3, 4)] == [(28, 42), (95, 115), (133, 147)]
    assert window(series, around(1), 3).floor == on(35 + 50)


def test_intervals_are_counted_over_the_29th_of_february() -> None:
    series = replace(course(performed(0), due()), start_on=date(2028, 2, 1))
    series = series.with_sessions({1: replace(series.session(1), performed_on=date(2028, 2, 1))})
    found = window(series, Surroundings(date(2028, 2, 2)), 2)
    assert (found.earliest.on, found.recommended, found.latest.on) == (
        date(2028, 2, 29),
        date(2028, 3, 7),
        date(2028, 3, 14),
    )


def test_intervals_are_counted_over_new_year() -> None:
    series = course(performed(-20), due())
    found = window(series, around(-19), 2)
    assert (found.reference, found.earliest.on, found.latest.on) == (
        date(2025, 12, 16),
        date(2026, 1, 13),
        date(2026, 1, 27),
    )


def test_a_window_is_the_same_in_every_time_zone_and_over_every_clock_change() -> None:
    zones = ("Europe/Berlin", "Australia/Lord_Howe", "America/New_York")
    courses = [replace(course(performed(70), due(), due()), zone=zone) for zone in zones]
    assert len({str(windows(series, around(71))) for series in courses}) == 1
    assert span(courses[0], around(71), 2) == (98, 112)


def test_an_empty_series_of_facts_still_has_a_window_for_every_session() -> None:
    assert list(windows(course(due(), due(), due()), around(0))) == [1, 2, 3]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 5), date(2026, 7, 5)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 5, 31), date(2026, 11, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 6, 15), date(2026, 12, 15)),
    ],
)
def test_six_months_later_is_the_same_day_or_the_last_of_its_month(start: date, end: date) -> None:
    assert months_after(start, 6) == end


def test_the_forecast_is_the_target_day() -> None:
    assert forecast(course(performed(0), due()), around(1), 2) == 35


def test_the_forecast_is_today_when_the_target_has_passed() -> None:
    assert forecast(course(performed(0), due()), around(39), 2) == 39


def test_the_forecast_is_the_first_free_day_after_a_blocked_target() -> None:
    assert forecast(course(performed(0), due()), around(1, closures=[(34, 37)]), 2) == 38


def test_the_forecast_falls_back_to_the_last_free_day_before_the_target() -> None:
    assert forecast(course(performed(0), due()), around(1, closures=[(34, 50)]), 2) == 33


def test_the_forecast_never_falls_back_before_today() -> None:
    assert forecast(course(performed(0), due()), around(33, closures=[(34, 50)]), 2) == 33
    assert forecast(course(performed(0), due()), around(34, closures=[(34, 50)]), 2) is None


def test_the_forecast_skips_the_weekdays_on_which_the_clinic_never_opens() -> None:
    found = window(course(performed(0), due()), around(1, closed_weekdays=[0, 1]), 2)
    assert found.recommended == on(37)
    assert [(b.first, b.last, b.detail) for b in found.blocked][:2] == [
        (on(28), on(28), "The clinic is closed on Mondays."),
        (on(29), on(29), "The clinic is closed on Tuesdays."),
    ]
    assert [b.first for b in found.blocked] == [on(n) for n in (28, 29, 35, 36, 42)]


def test_the_last_day_of_a_window_can_be_its_forecast() -> None:
    assert forecast(course(performed(0), due()), around(42), 2) == 42
    assert forecast(course(performed(0), due()), around(43), 2) is None


def test_windows_are_the_same_when_asked_for_again() -> None:
    series, surroundings = course(performed(0), booked(30), due(), due()), around(1, closures=[(60, 61)])
    assert windows(series, surroundings) == windows(series, surroundings)


def test_a_rule_of_equal_days_leaves_one_day() -> None:
    rule = SpacingRule(absolute_min_days=30, min_days=30, target_days=30, max_days=30)
    series = course(performed(0), due(), under=protocol(rule))
    assert (span(series, around(1), 2), forecast(series, around(1), 2)) == ((30, 30), 30)


def test_the_default_rule_says_21_28_35_42() -> None:
    assert (RULE.absolute_min_days, RULE.min_days, RULE.target_days, RULE.max_days) == (21, 28, 35, 42)
    assert timedelta(RULE.max_days) == on(42) - on(0)
