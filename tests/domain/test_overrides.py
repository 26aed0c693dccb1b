"""Overrides: a practitioner's decision for one appointment, one date, and a gap that gets no worse."""

from dataclasses import replace

import pytest

from scheduler.domain.dating import date_conflicts, override_for, risks
from scheduler.domain.holds import EndRule, HoldState
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import Override, Series, Session
from scheduler.domain.spacing import stands
from tests.domain.courses import (
    around,
    booked,
    booking,
    course,
    due,
    hold,
    iso,
    omitted,
    on,
    other,
    override,
    performed,
    window,
    with_date,
)

REASON = "Leaves the country in March."


def said(series: Series, number: int, day: int, today: int = 1, reason: str | None = REASON) -> list[str]:
    proposed = with_date(series, number, booking(day))
    reasons = {} if reason is None else {number: reason}
    return [conflict.code for conflict in date_conflicts(proposed, around(today), {number}, reasons)]


@pytest.mark.parametrize("day", [21, 27, 28, 43, 200])
def test_a_practitioner_may_book_outside_the_window(day: int) -> None:
    assert said(course(performed(0), due()), 2, day) == []


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_an_override_needs_a_reason(reason: str | None) -> None:
    assert said(course(performed(0), due()), 2, 27, reason=reason) == ["gap_too_short"]


def test_a_reason_counts_for_its_own_session_only() -> None:
    proposed = course(performed(0), booked(27), booked(54))
    assert [c.facts["session"] for c in date_conflicts(proposed, around(1), {2, 3}, {2: REASON})] == [3]


def test_nobody_may_go_below_the_absolute_minimum() -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(20))
    assert date_conflicts(proposed, around(1), {2}, {2: REASON}) == (
        Conflict(
            code="below_absolute_minimum",
            detail="Session 2 would be 20 days after the one before; nobody may go below 21.",
            facts={
                "session": 2,
                "date": iso(20),
                "gap_days": 20,
                "reference": iso(0),
                "window": {"earliest": iso(28), "latest": iso(42)},
                "absolute_min_days": 21,
            },
            remedy=f"Any free day from {iso(28)} to {iso(42)} would do.",
        ),
    )


def test_after_an_omission_the_absolute_minimum_counts_from_the_last_date() -> None:
    series = course(performed(0), omitted(), due())
    assert (said(series, 3, 20), said(series, 3, 21)) == (["below_absolute_minimum"], [])


def test_the_first_session_has_no_absolute_minimum() -> None:
    series = course(due(), due(), start=10)
    assert (said(series, 1, 5), said(series, 1, 5, reason=None)) == ([], ["before_requested_start"])


def test_a_continued_window_can_be_overridden_down_to_the_absolute_minimum() -> None:
    series = course(performed(0), due(continued=(60, 74)))
    assert said(series, 2, 80) == []
    assert said(series, 2, 59) == []
    assert said(series, 2, 20) == ["below_absolute_minimum"]


@pytest.mark.parametrize("state", [HoldState.ACTIVE, HoldState.PROPOSED])
@pytest.mark.parametrize("day", [22, 30, 60])
def test_an_override_never_goes_against_a_hold(day: int, state: HoldState) -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(day))
    surroundings = around(1, hold(day, day, state=state))
    assert [c.code for c in date_conflicts(proposed, surroundings, {2}, {2: REASON})] == ["on_hold"]


def test_an_override_outside_the_window_meets_permanent_holds_closures_and_other_procedures() -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(60))
    surroundings = around(1, hold(50, None, EndRule.PERMANENT), closures=[(60, 60)], others=[other(61, 2)])
    codes = [c.code for c in date_conflicts(proposed, surroundings, {2}, {2: REASON})]
    assert sorted(codes) == ["closed_day", "on_hold", "other_procedure_too_near"]


def test_an_override_stores_its_date_and_reference() -> None:
    found = window(course(performed(0), due()), around(1), 2)
    assert override_for(found, on(25), REASON) == Override(on(25), on(0), REASON)
    assert override_for(found, on(43), REASON) == Override(on(43), on(0), REASON)


@pytest.mark.parametrize("day", [28, 35, 42])
def test_a_date_inside_the_window_needs_no_override(day: int) -> None:
    assert override_for(window(course(performed(0), due()), around(1), 2), on(day), REASON) is None


def test_replanning_accepts_exactly_the_overridden_date() -> None:
    early = booked(25, override=override(25, 0))
    series = course(performed(0), early)
    assert date_conflicts(series, around(1), {2}) == ()
    for day in (24, 26):
        moved = replace(booking(day), override=override(25, 0))
        assert [c.code for c in date_conflicts(with_date(series, 2, moved), around(1), {2})] == ["gap_too_short"]


@pytest.mark.parametrize(
    ("given", "day", "now", "fits"),
    [
        (0, 25, 0, True),
        (0, 25, -1, True),
        (0, 25, 1, False),
        (0, 50, 0, True),
        (0, 50, 1, True),
        (0, 50, -1, False),
        (0, 25, -10, True),
        (0, 25, -20, False),
        (0, 50, 30, False),
        (0, 50, 10, True),
    ],
)
def test_an_override_stands_while_the_gap_is_no_worse(given: int, day: int, now: int, fits: bool) -> None:
    found = window(course(performed(now), due()), around(1), 2)
    assert stands(override(day, given), on(day), found) is fits


def test_an_override_stands_where_its_date_has_come_to_lie_inside_the_window() -> None:
    assert stands(override(31, 0), on(31), window(course(performed(3), due()), around(1), 2))
    assert stands(override(32, 0), on(32), window(course(performed(-10), due()), around(1), 2))


def test_an_override_stands_for_no_other_date() -> None:
    found = window(course(performed(0), due()), around(1), 2)
    assert [stands(override(25, 0), on(day), found) for day in (24, 25, 26)] == [False, True, False]


def test_an_override_does_not_stretch_when_an_omission_had_extended_the_window() -> None:
    late = booked(90, override=override(90, 0))
    assert risks(course(performed(0), omitted(), late), around(1)) == {3: None}
    assert risks(course(performed(-1), omitted(), late), around(1)) != {3: None}


@pytest.mark.parametrize("day", [50, 80])
def test_an_override_outside_a_continued_window_stands(day: int) -> None:
    made = booked(day, continued=(60, 74), override=override(day, 0))
    assert risks(course(performed(0), made), around(1)) == {2: None}


def test_an_override_outside_a_continued_window_stands_down_to_the_absolute_minimum() -> None:
    made = booked(50, continued=(60, 74), override=override(50, 0))
    assert risks(course(booked(29), made), around(1)) == {1: None, 2: None}
    assert risks(course(booked(30), made), around(1))[2] is not None


def test_an_override_of_a_continued_first_session_stands() -> None:
    made = booked(80, continued=(60, 74), override=override(80, 0))
    assert risks(course(made, due(), start=-300), around(60)) == {1: None}


def test_an_override_stays_visible_when_it_no_longer_stands() -> None:
    session: Session = course(performed(2), booked(25, override=override(25, 0))).session(2)
    assert session.booking is not None
    assert session.booking.override == override(25, 0)


def test_an_override_of_the_first_session_stands_while_the_start_is_no_later() -> None:
    early = booked(5, override=override(5, 10))
    assert risks(course(early, due(), start=10), around(1)) == {1: None}
    assert risks(course(early, due(), start=9), around(1)) == {1: None}
    assert risks(course(early, due(), start=11), around(1)) == {1: f"Session 1 on {iso(5)}: The requested start."}
