"""Other procedures on overlapping sites: the later of two neighbours keeps its own distance from the earlier."""

from dataclasses import replace

import pytest

from scheduler.domain.blocked import BlockedBy
from scheduler.domain.decisions import combination_conflict
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import Conflict
from scheduler.domain.series import OtherProcedure
from scheduler.domain.spacing import blocked_ranges
from tests.domain.courses import RULE, around, course, due, forecast, iso, number_of, on, other, performed, protocol


def kept_free(one: OtherProcedure, ours: int) -> list[tuple[int, int]]:
    series = course(performed(-100), due(), under=protocol(replace(RULE, after_other_min_days=ours)))
    found = blocked_ranges(series, around(0, others=[one]), on(-200), on(200))
    return [(number_of(blocked.first), number_of(blocked.last)) for blocked in found]


@pytest.mark.parametrize(
    ("theirs", "ours", "days"),
    [
        (10, 14, [(21, 43)]),
        (14, 14, [(17, 43)]),
        (0, 14, [(30, 43)]),
        (10, 0, [(21, 30)]),
        (1, 1, [(30, 30)]),
        (2, 1, [(29, 30)]),
        (1, 2, [(30, 31)]),
        (0, 0, []),
    ],
)
def test_each_protocol_keeps_its_own_distance_from_what_came_before(
    theirs: int, ours: int, days: list[tuple[int, int]]
) -> None:
    assert kept_free(other(30, theirs), ours) == days


def test_two_series_on_one_site_agree_on_which_days_are_too_near() -> None:
    """Our day d beside their day 30, seen from either series."""
    ours, theirs = 14, 10
    from_our_side = {day for first, last in kept_free(other(30, theirs), ours) for day in range(first, last + 1)}
    from_their_side = {
        day for day in range(100) if any(first <= 30 <= last for first, last in kept_free(other(day, ours), theirs))
    }
    assert from_our_side == from_their_side == set(range(21, 44))


def test_the_blocked_range_says_what_it_is() -> None:
    (found,) = blocked_ranges(course(performed(0), due()), around(0, others=[other(30, 1)]), on(28), on(42))
    assert (found.by, found.detail) == (
        BlockedBy.OTHER_PROCEDURE,
        f"Peel on {iso(30)} is too near on an overlapping site.",
    )
    assert found.source_id == other(30, 1).source_id


def test_a_forecast_keeps_clear_of_other_procedures() -> None:
    assert forecast(course(performed(0), due()), around(1, others=[other(25, 0)]), 2) == 39
    assert forecast(course(performed(0), due()), around(1, others=[other(50, 14)]), 2) == 35
    assert forecast(course(performed(0), due()), around(1, others=[other(45, 14)]), 2) == 31


def test_only_ranges_that_reach_the_asked_days_are_told() -> None:
    series = course(performed(0), due())
    surroundings = around(0, others=[other(14, 1), other(15, 1), other(42, 1), other(43, 1), other(44, 3)])
    told = [number_of(b.first) for b in blocked_ranges(series, surroundings, on(28), on(42))]
    assert told == [15, 42, 42]


def test_blocked_ranges_are_told_in_order() -> None:
    surroundings = around(0, others=[other(35, 3), other(30, 1)], closures=[(33, 33), (29, 50)])
    series = course(performed(0), due(), under=protocol(replace(RULE, after_other_min_days=2)))
    told = [(number_of(b.first), number_of(b.last)) for b in blocked_ranges(series, surroundings, on(28), on(42))]
    assert told == [(29, 50), (30, 31), (33, 33), (33, 36)]


def test_two_courses_that_cannot_run_at_the_same_time_are_named() -> None:
    first = protocol(SpacingRule(21, 28, 35, 42, 28), name="Needling")
    second = protocol(SpacingRule(7, 14, 21, 35, 15), name="Peel")
    assert combination_conflict(first, second) == Conflict(
        "impossible_combination",
        "Needling and Peel cannot run at the same time on overlapping sites: "
        "a session of one between two of the other needs a gap of 43 days, the longest allowed is 42.",
        {"needed_days": 43, "longest_days": 42},
        "Start the second series when the first has ended.",
    )


@pytest.mark.parametrize(("first", "second"), [(42, 35), (35, 42)])
def test_a_gap_of_either_course_that_holds_both_distances_is_enough(first: int, second: int) -> None:
    ours, theirs = SpacingRule(1, 2, 3, first, 28), SpacingRule(1, 2, 3, second, 14)
    assert combination_conflict(protocol(ours), protocol(theirs)) is None


def test_the_longest_step_of_a_course_counts() -> None:
    plain, long = SpacingRule(1, 2, 3, 20, 20), SpacingRule(1, 2, 3, 40, 20)
    assert combination_conflict(protocol(plain), protocol(plain)) is not None
    assert combination_conflict(protocol(plain, step_spacing={6: long}), protocol(plain)) is None
    assert combination_conflict(protocol(plain), protocol(plain, step_spacing={2: long})) is None
    assert combination_conflict(protocol(plain), protocol(plain, step_spacing={1: long})) is not None


def test_single_treatments_never_overlap_in_time() -> None:
    once = protocol(sessions=(1, 1))
    assert combination_conflict(once, once) is None
    assert combination_conflict(once, protocol(SpacingRule(1, 2, 3, 27, 14))) is not None
