"""Omitted sessions: the minimum counts from the last date, the maximum from the omitted session's latest day."""

import pytest

from scheduler.domain.decisions import refuse_omission
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.spacing import Edge, ReferenceKind
from tests.domain.courses import (
    around,
    booked,
    course,
    due,
    forecast,
    iso,
    omitted,
    on,
    performed,
    protocol,
    span,
    window,
)


def test_after_an_omission_the_minimum_counts_from_the_last_date_and_the_maximum_from_the_omitted_latest_day() -> None:
    found = window(course(performed(0), omitted(), due()), around(1), 3)
    assert found.earliest == Edge(on(28), f"At least 28 days after the session before was performed on {iso(0)}.")
    assert found.latest == Edge(
        on(84),
        f"At most 84 days after the session before was performed on {iso(0)} (an omitted session lies between).",
    )
    assert (found.recommended, found.floor, found.reference) == (on(35), on(21), on(0))


def test_two_omissions_in_a_row_reach_over_three_maxima() -> None:
    assert span(course(performed(0), omitted(), omitted(), due()), around(1), 4) == (28, 126)


def test_an_omission_after_a_booking_counts_from_the_booking() -> None:
    assert span(course(performed(0), booked(30), omitted(), due()), around(1), 4) == (58, 114)


def test_an_omission_after_an_undated_session_counts_from_its_forecast() -> None:
    assert span(course(performed(0), due(), omitted(), due()), around(1), 4) == (63, 119)


def test_the_next_date_ends_what_an_omission_had_opened() -> None:
    series = course(performed(0), omitted(), booked(80), due())
    assert span(series, around(1), 4) == (108, 122)


def test_when_the_first_session_is_omitted_the_second_opens_at_the_start() -> None:
    found = window(course(omitted(), due(), due(), start=0), around(0), 2)
    assert found.reference_kind is ReferenceKind.START
    assert found.earliest == Edge(on(0), "The requested start.")
    assert found.latest == Edge(on(181 + 42), "At most 42 days after the latest day of the omitted session before.")
    assert (found.recommended, found.floor) == (on(0), None)


def test_an_omitted_session_that_had_been_continued_ends_with_that_window() -> None:
    assert span(course(performed(0), omitted(continued=(100, 114)), due()), around(101), 3) == (28, 114 + 42)


def test_an_omission_lets_a_lapsed_series_go_on() -> None:
    assert forecast(course(performed(0), due(), due()), around(50), 3) is None
    assert forecast(course(performed(0), omitted(), due()), around(50), 3) == 50


def test_a_session_may_be_omitted_while_the_minimum_remains() -> None:
    refuse_omission(course(performed(0), due(), due(), due()), 2)


def test_a_session_may_not_be_omitted_when_the_minimum_is_reached() -> None:
    with pytest.raises(RuleBroken) as refusal:
        refuse_omission(course(performed(0), omitted(), due(), due()), 3)
    assert refusal.value.code == "too_few_sessions"
    assert refusal.value.detail == "Needling takes 3 to 6 sessions, not 2."
    assert refusal.value.remedy == "Continue, restart or end the series instead."
    assert refusal.value.facts == {"sessions": 2, "min_sessions": 3, "max_sessions": 6}
    assert [conflict.code for conflict in refusal.value.conflicts] == ["too_few_sessions"]


def test_a_series_that_is_too_long_may_always_omit() -> None:
    refuse_omission(course(*[due()] * 8), 3)


def test_the_maximum_after_an_omission_uses_the_rule_of_each_step() -> None:
    own = SpacingRule(absolute_min_days=1, min_days=2, target_days=3, max_days=100)
    series = course(performed(0), omitted(), due(), under=protocol(step_spacing={2: own}))
    assert span(series, around(1), 3) == (28, 142)
