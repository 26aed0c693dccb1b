"""Dating: everything that speaks against a date, with its facts and what would work."""

from dataclasses import replace

import pytest

from scheduler.domain.dating import date_conflicts
from scheduler.domain.holds import EndRule, HoldState
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import Series, SeriesState, Surroundings
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
    performed,
    protocol,
    slot,
    with_date,
)


def refused(series: Series, surroundings: Surroundings, number: int, day: int) -> list[str]:
    """The codes of what speaks against booking this session on this day."""
    proposed = with_date(series, number, booking(day))
    return [conflict.code for conflict in date_conflicts(proposed, surroundings, {number})]


def test_a_gap_of_27_days_is_refused() -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(27))
    assert date_conflicts(proposed, around(1), {2}) == (
        Conflict(
            code="gap_too_short",
            detail=f"Session 2 on {iso(27)} would be 27 days after {iso(0)}. "
            f"At least 28 days after the session before was performed on {iso(0)}.",
            facts={
                "session": 2,
                "date": iso(27),
                "gap_days": 27,
                "reference": iso(0),
                "window": {"earliest": iso(28), "latest": iso(42)},
            },
            remedy=f"Any free day from {iso(28)} to {iso(42)} would do.",
        ),
    )


def test_a_gap_of_43_days_is_refused() -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(43))
    (conflict,) = date_conflicts(proposed, around(1), {2})
    assert conflict.code == "gap_too_long"
    assert conflict.detail == (
        f"Session 2 on {iso(43)} would be 43 days after {iso(0)}. "
        f"At most 42 days after the session before was performed on {iso(0)}."
    )


@pytest.mark.parametrize("day", [28, 42])
def test_gaps_of_28_and_42_days_are_accepted(day: int) -> None:
    assert refused(course(performed(0), due()), around(1), 2, day) == []


def test_the_first_session_cannot_come_before_the_requested_start() -> None:
    proposed = with_date(course(due(), due(), start=10), 1, booking(9))
    (conflict,) = date_conflicts(proposed, around(1), {1})
    assert (conflict.code, conflict.detail) == (
        "before_requested_start",
        f"Session 1 on {iso(9)}: The requested start.",
    )
    assert conflict.facts["gap_days"] == -1


def test_the_first_session_lies_within_six_months_of_the_start() -> None:
    series = course(due(), due())
    assert refused(series, around(1), 1, 181) == []
    assert refused(series, around(1), 1, 182) == ["too_long_after_start"]


def test_today_is_accepted_and_yesterday_has_passed() -> None:
    series = course(performed(0), due())
    assert refused(series, around(30), 2, 30) == []
    proposed = with_date(series, 2, booking(29))
    assert date_conflicts(proposed, around(30), {2}) == (
        Conflict(
            "in_the_past",
            f"{iso(29)} has passed.",
            {"session": 2, "date": iso(29)},
            "Choose today or a later date.",
        ),
    )


def test_a_session_without_a_window_cannot_be_newly_booked() -> None:
    proposed = with_date(course(performed(0), due(), due()), 3, booking(80))
    assert date_conflicts(proposed, around(43), {3}) == (
        Conflict(
            "no_window",
            "Session 3 has no window yet, because an earlier session has no date.",
            {"session": 3, "date": iso(80)},
            "Decide on the earlier session or give it a date first.",
        ),
    )


def test_a_closed_day_is_refused_with_the_next_free_one() -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(30))
    assert date_conflicts(proposed, around(1, closures=[(30, 33)]), {2}) == (
        Conflict(
            "closed_day",
            "The clinic is closed: holidays.",
            {"session": 2, "date": iso(30), "blocked_from": iso(30), "blocked_to": iso(33)},
            f"The next free day in the window is {iso(34)}.",
        ),
    )


def test_a_weekday_without_opening_hours_is_refused() -> None:
    proposed = with_date(course(performed(0), due()), 2, booking(42))
    (conflict,) = date_conflicts(proposed, around(1, closed_weekdays=[0]), {2})
    assert (conflict.code, conflict.detail) == ("closed_day", "The clinic is closed on Mondays.")
    assert conflict.remedy == "No later day in the window is free."


@pytest.mark.parametrize(("day", "codes"), [(29, []), (30, ["on_hold"]), (33, ["on_hold"]), (34, [])])
def test_a_holds_first_and_last_day_are_refused(day: int, codes: list[str]) -> None:
    assert refused(course(performed(0), due()), around(1, hold(30, 33)), 2, day) == codes


def test_a_proposed_hold_refuses_new_dates() -> None:
    proposed = hold(30, 33, state=HoldState.PROPOSED)
    assert refused(course(performed(0), due()), around(1, proposed), 2, 31) == ["on_hold"]


def test_a_permanent_hold_says_so_and_names_itself() -> None:
    forever = hold(10, None, EndRule.PERMANENT)
    proposed = with_date(course(performed(0), due()), 2, booking(30))
    assert date_conflicts(proposed, around(1, forever), {2}) == (
        Conflict(
            "on_hold",
            f"A hold blocks treatment from {iso(10)} for good.",
            {
                "session": 2,
                "date": iso(30),
                "blocked_from": iso(10),
                "blocked_to": None,
                "hold": "00000000-0000-0000-0000-0000000001fe",
            },
            "No later day in the window is free.",
        ),
    )


def test_the_next_free_day_is_looked_for_from_the_window_or_today_on() -> None:
    series, closed = course(performed(0), due()), [(20, 20)]
    early = date_conflicts(with_date(series, 2, booking(20)), around(1, closures=closed), {2})
    assert early[0].remedy == f"The next free day in the window is {iso(28)}."
    past = date_conflicts(with_date(series, 2, booking(20)), around(31, closures=closed), {2})
    assert [c.remedy for c in past if c.code == "closed_day"] == [f"The next free day in the window is {iso(31)}."]


def test_a_day_too_near_another_procedure_is_refused() -> None:
    series = course(performed(0), due())
    assert refused(series, around(1, others=[other(30, 0)]), 2, 35) == ["other_procedure_too_near"]


def test_every_conflict_is_named_not_only_the_first() -> None:
    surroundings = around(26, hold(20, 25), closures=[(24, 24)])
    assert refused(course(performed(0), due()), surroundings, 2, 25) == ["in_the_past", "gap_too_short"]
    surroundings = around(26, hold(20, 25, EndRule.ON_CLEARANCE), closures=[(24, 25)])
    assert refused(course(performed(0), due()), surroundings, 2, 25) == [
        "in_the_past",
        "on_hold",
        "closed_day",
        "gap_too_short",
    ]


def test_several_sessions_are_checked_together_against_each_other() -> None:
    series = course(performed(0), booked(30), booked(58), booked(101))
    assert [c.facts["session"] for c in date_conflicts(series, around(1), {4, 2, 3})] == [4]
    series = course(performed(0), booked(27), booked(54), booked(82))
    assert [c.facts["session"] for c in date_conflicts(series, around(1), {2, 3, 4})] == [2, 3]


def test_only_the_named_sessions_are_checked() -> None:
    series = course(performed(0), booked(27), booked(60), due())
    assert [c.facts["session"] for c in date_conflicts(series, around(1), {3})] == []


def test_a_session_without_a_wanted_date_has_no_conflict() -> None:
    assert date_conflicts(course(performed(0), due()), around(1), {2}) == ()


def test_a_session_that_is_not_due_takes_no_date() -> None:
    proposed = with_date(course(performed(0), omitted(), due()), 2, booking(30))
    (conflict,) = date_conflicts(proposed, around(1), {2})
    assert conflict == Conflict(
        "session_not_due",
        "Session 2 is omitted and needs no date.",
        {"session": 2, "date": iso(30), "state": "omitted", "series_state": "active"},
        "Correct the session first.",
    )


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        (SeriesState.COMPLETED, "The series is completed."),
        (SeriesState.REVOKED, "The series is revoked."),
        (SeriesState.ENTERED_IN_ERROR, "The series is entered in error."),
    ],
)
def test_a_series_that_has_ended_takes_no_dates(state: SeriesState, detail: str) -> None:
    proposed = with_date(course(performed(0), due(), state=state), 2, booking(30))
    (conflict,) = date_conflicts(proposed, around(1), {2})
    assert (conflict.code, conflict.detail, conflict.remedy) == ("series_closed", detail, "Begin a new series.")
    assert conflict.facts["series_state"] == state.value


def test_a_draft_takes_dates() -> None:
    assert refused(course(performed(0), due(), state=SeriesState.DRAFT), around(1), 2, 30) == []


def test_a_step_with_a_rule_of_its_own_is_dated_by_it() -> None:
    own = SpacingRule(absolute_min_days=50, min_days=60, target_days=70, max_days=80)
    series = course(performed(0), due(), under=protocol(step_spacing={2: own}))
    assert [refused(series, around(1), 2, day) for day in (42, 59, 60, 80, 81)] == [
        ["gap_too_short"],
        ["gap_too_short"],
        [],
        [],
        ["gap_too_long"],
    ]


def test_the_slot_and_its_hour_do_not_matter_only_the_clinic_date() -> None:
    series = course(performed(0), due())
    late = replace(booking(28), slot=slot(27, 23))
    assert date_conflicts(with_date(series, 2, late), around(1), {2}) == ()
    assert late.on == on(28)
