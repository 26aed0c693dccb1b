"""The chain: what a planner is told of the sessions that still have to happen."""

from dataclasses import replace

import pytest

from scheduler.domain.chain import Chain, Gap, Step, chain_of
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import AppointmentStatus, Series, Surroundings
from scheduler.domain.spacing import blocked_ranges
from tests.domain.courses import (
    around,
    booked,
    booking,
    course,
    due,
    number_of,
    omitted,
    on,
    override,
    performed,
    protocol,
    slot,
)

USUAL = Gap(28, 35, 42)


def steps(series: Series, *numbers: int, around_it: Surroundings | None = None) -> dict[int, Step]:
    chain = chain_of(series, around_it or around(1), set(numbers))
    return {step.number: step for step in chain.steps}


def test_a_chain_runs_from_the_first_open_session_to_the_last() -> None:
    last = on(42 + 42 + 42)
    assert chain_of(course(performed(0), due(last_on=30), booked(70), due()), around(1), {2, 4}) == Chain(
        reference=on(0),
        steps=(
            Step(2, on(28), on(42), USUAL, (), anchor=on(30)),
            Step(3, on(1), last, USUAL, (), fixed_on=on(70), booked=booking(70), anchor=on(70), anchor_slot=slot(70)),
            Step(4, on(1), last, USUAL, ()),
        ),
    )


def test_the_first_session_of_a_series_has_no_gap() -> None:
    chain = chain_of(course(due(), due(), start=5), around(1), {1, 2})
    assert chain.reference is None
    assert (chain.steps[0].gap, chain.steps[1].gap) == (None, USUAL)
    assert (chain.steps[0].earliest, chain.steps[0].latest) == (on(5), on(186))
    assert chain.steps[1].latest == on(186 + 42)


def test_no_step_opens_before_today() -> None:
    found = steps(course(performed(0), due(), due()), 2, 3, around_it=around(33))
    assert (found[2].earliest, found[3].earliest) == (on(33), on(33))


def test_a_chain_may_begin_in_the_middle() -> None:
    chain = chain_of(course(performed(0), booked(35), booked(70), due()), around(1), {3})
    assert (chain.reference, [step.number for step in chain.steps]) == (on(35), [3, 4])


@pytest.mark.parametrize("numbers", [{2}, {2, 3}])
def test_only_the_named_sessions_may_take_new_dates(numbers: set[int]) -> None:
    found = steps(course(performed(0), booked(35), booked(70)), *numbers)
    assert {number for number, step in found.items() if step.fixed_on is None} == numbers


@pytest.mark.parametrize("status", [AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN])
def test_what_has_begun_does_not_move(status: AppointmentStatus) -> None:
    assert steps(course(performed(0), booked(35, status), due()), 2)[2].fixed_on == on(35)


def test_a_fact_in_the_chain_is_fixed_and_no_booking() -> None:
    done = replace(performed(30), booking=booking(35), last_on=on(9), last_slot=slot(9))
    found = steps(course(booked(2), done, due(), start=0), 1, 3)[2]
    assert (found.fixed_on, found.booked, found.anchor, found.anchor_slot) == (on(30), None, on(9), slot(9))


def test_an_override_is_told_with_its_gap() -> None:
    found = steps(course(performed(0), booked(25, override=override(25, 0)), due()), 2)
    assert (found[2].override, found[2].override_gap) == (override(25, 0), 25)
    assert (found[3].override, found[3].override_gap) == (None, None)


def test_the_override_of_a_session_that_follows_is_told() -> None:
    found = steps(course(performed(0), booked(35), booked(60, override=override(60, 35))), 2)
    assert (found[3].override, found[3].override_gap) == (override(60, 35), 25)


def test_an_omission_in_the_chain_counts_by_its_own_rule() -> None:
    own = SpacingRule(absolute_min_days=1, min_days=10, target_days=12, max_days=100)
    series = course(performed(0), due(), omitted(), due(), under=protocol(step_spacing={3: own}))
    assert steps(series, 2, 4)[4].gap == Gap(28, 35, 142)


def test_an_override_that_no_longer_stands_is_not_told() -> None:
    found = steps(course(performed(2), booked(25, override=override(25, 0)), due()), 2)
    assert (found[2].override, found[2].override_gap) == (None, None)


def test_an_override_whose_day_has_passed_is_not_told() -> None:
    series = course(performed(0), booked(25, override=override(25, 0)), due())
    assert steps(series, 2, around_it=around(25))[2].override == override(25, 0)
    assert steps(series, 2, around_it=around(26))[2].override is None


def test_an_override_beside_a_decision_is_told_without_a_gap() -> None:
    first = steps(course(performed(0), booked(80, continued=(60, 74), override=override(80, 0))), 2)[2]
    assert (first.override, first.override_gap) == (override(80, 0), None)
    later = steps(course(due(), booked(80, continued=(60, 74), override=override(80, 0))), 1)[2]
    assert (later.override, later.override_gap) == (override(80, 0), None)


def test_an_override_after_an_omission_that_was_continued_is_given_up() -> None:
    made = booked(130, override=override(130, 40))
    found = steps(course(performed(0), booked(40), omitted(continued=(60, 74)), made), 2)[4]
    assert (found.override, found.override_gap) == (None, None)


def test_a_step_has_the_gap_of_its_own_rule() -> None:
    own = SpacingRule(absolute_min_days=1, min_days=10, target_days=12, max_days=15)
    series = course(performed(0), due(), due(), due(), under=protocol(step_spacing={3: own}))
    found = steps(series, 2, 3, 4)
    assert [found[n].gap for n in (2, 3, 4)] == [USUAL, Gap(10, 12, 15), USUAL]
    assert found[4].latest == on(42 + 15 + 42)


def test_an_omission_before_the_chain_lengthens_its_first_gap() -> None:
    chain = chain_of(course(performed(0), omitted(), due()), around(1), {3})
    assert chain.reference == on(0)
    assert (chain.steps[0].gap, chain.steps[0].latest) == (Gap(28, 35, 84), on(84))


def test_omissions_in_the_chain_lengthen_the_next_gap_only() -> None:
    found = steps(course(performed(0), due(), omitted(), omitted(), due(), due()), 2, 5, 6)
    assert {number: step.gap for number, step in found.items()} == {2: USUAL, 5: Gap(28, 35, 126), 6: USUAL}


def test_a_first_step_that_was_continued_is_bound_by_its_dates_alone() -> None:
    chain = chain_of(course(performed(0), due(continued=(60, 74)), due()), around(60), {2, 3})
    assert chain.reference is None
    assert (chain.steps[0].earliest, chain.steps[0].latest, chain.steps[0].gap) == (on(60), on(74), None)


def test_a_later_step_that_was_continued_keeps_the_absolute_minimum() -> None:
    found = steps(course(performed(0), booked(40), due(continued=(60, 74)), due()), 2, 3, 4)
    assert (found[3].earliest, found[3].latest, found[3].gap) == (on(60), on(74), Gap(21, 35, on(74).toordinal()))
    assert found[4].gap == USUAL


def test_a_step_after_an_omission_that_was_continued_ends_by_its_date() -> None:
    series = course(performed(0), booked(40), omitted(continued=(60, 74)), omitted(), due())
    found = steps(series, 2, 5)[5]
    assert (found.earliest, found.latest, found.gap) == (on(1), on(74 + 84), Gap(28, 35, on(158).toordinal()))


def test_an_omission_that_was_continued_forgets_those_before_it() -> None:
    series = course(performed(0), booked(40), omitted(), omitted(continued=(60, 74)), due())
    assert steps(series, 2, 5)[5].latest == on(74 + 42)


def test_the_last_day_reaches_over_overrides_facts_and_decisions() -> None:
    far = booked(300, override=override(300, 0))
    assert steps(course(performed(0), far, due()), 2, 3)[3].latest == on(342)
    assert steps(course(performed(0), due(), booked(200), due()), 2)[4].latest == on(242)
    assert steps(course(performed(0), due(), due(continued=(200, 214)), due()), 2)[4].latest == on(256)


def test_what_is_blocked_is_told_from_today_to_the_last_day() -> None:
    series, surroundings = course(performed(0), due(), due()), around(1, closures=[(0, 3), (80, 90), (85, 300)])
    found = steps(series, 2, 3, around_it=surroundings)
    assert found[2].blocked == found[3].blocked == blocked_ranges(series, surroundings, on(1), on(84))
    assert [number_of(b.first) for b in found[2].blocked] == [0, 80]


def test_a_chain_needs_a_window_to_begin_in() -> None:
    with pytest.raises(RuleBroken) as refusal:
        chain_of(course(performed(0), due(), due()), around(43), {3})
    assert refusal.value.code == "no_window"
    assert refusal.value.detail == "Session 3 has no window, because an earlier session has no date."
    assert refusal.value.facts == {"session": 3}


def test_a_lapsed_window_asks_for_a_decision() -> None:
    with pytest.raises(RuleBroken) as refusal:
        chain_of(course(performed(0), due(), due()), around(43), {2, 3})
    assert refusal.value.code == "lapsed_window"
    assert refusal.value.detail == "The window of session 2 has lapsed: no day to 2026-02-16 is free."
    assert refusal.value.remedy == "A practitioner decides whether to continue, restart or end the series."
    assert refusal.value.facts == {"session": 2, "window": {"earliest": "2026-02-02", "latest": "2026-02-16"}}


def test_a_booked_session_can_be_replanned_when_its_window_has_lapsed() -> None:
    assert steps(course(performed(0), booked(60), due()), 2, around_it=around(50))[2].booked == booking(60)
