from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from scheduler.domain.availability import FreeStarts
from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.clinic_days import wall_time
from scheduler.domain.day_grid import day_grid
from scheduler.domain.planning import Plan, PlanCost, best_plans, changes_hands, count_plans
from scheduler.domain.series import Override
from scheduler.domain.wishes import Preference, Wishes
from tests.domain.planning_cases import (
    FIRST_DAY,
    PEOPLE,
    ZONE,
    Offer,
    booking,
    every_day,
    free_starts_of,
    instant,
    number_of,
    on,
)

ANA, BEATRIZ, CLARA = PEOPLE
DAYS = 90
GRID = day_grid(ZONE, FIRST_DAY, DAYS)
MONTHLY = Gap(28, 35, 42)
NINE, TEN, NOON = time(9), time(10), time(12)
DAILY = every_day(DAYS)


def steps(count: int, gap: Gap = MONTHLY) -> tuple[Step, ...]:
    """A series from its first session on, within the horizon."""
    return tuple(Step(n, on(0), on(DAYS), None if n == 1 else gap) for n in range(1, count + 1))


def plans(
    chain: Chain | int, offers: frozenset[Offer] = DAILY, wishes: Wishes | None = None, limit: int = 5
) -> tuple[Plan, ...]:
    chain = Chain(None, steps(chain)) if isinstance(chain, int) else chain
    shared = free_starts_of(GRID, offers)
    starts: dict[int, FreeStarts] = {step.number: shared for step in chain.steps if step.fixed_on is None}
    found = best_plans(chain, starts, wishes or Wishes(), GRID, limit=limit)
    assert count_plans(chain, starts, wishes or Wishes(), GRID, limit=limit) == len(found)
    return found


def days(plan: Plan) -> list[int]:
    return [number_of(one.on) for one in plan.placements]


def people(plan: Plan) -> list[UUID | None]:
    return [one.slot.practitioner_id for one in plan.placements]


def times(plan: Plan) -> list[str]:
    return [f"{wall_time(one.slot.starts_at, ZONE):%H:%M}" for one in plan.placements]


def test_a_plan_aims_for_the_target_and_ends_as_early_as_it_can() -> None:
    (best,) = plans(3, limit=1)
    assert days(best) == [0, 35, 70]
    assert [one.gap for one in best.placements] == [None, 35, 35]
    assert best.cost == PlanCost(0, 0, on(70), 0, 0)


def test_five_plans_begin_on_five_dates_when_one_practitioner_is_there() -> None:
    assert [days(plan) for plan in plans(2)] == [[n, n + 35] for n in range(5)]


def test_plans_on_the_same_first_date_differ_in_the_practitioner() -> None:
    found = plans(2, every_day(DAYS, people=(ANA, BEATRIZ)))
    assert [(days(plan)[0], people(plan)[0]) for plan in found] == [
        *((0, ANA), (0, BEATRIZ)),
        *((1, ANA), (1, BEATRIZ)),
        (2, ANA),
    ]


def test_as_many_plans_come_as_are_asked_for() -> None:
    assert len(plans(2, limit=2)) == 2
    assert len(plans(2, limit=7)) == 7


def test_a_chain_in_which_everything_is_fixed_has_no_plan() -> None:
    chain = Chain(None, tuple(replace(step, fixed_on=on(35 * step.number)) for step in steps(2)))
    assert plans(chain) == ()


def test_a_broken_wish_costs_more_than_any_days_off_target() -> None:
    tuesdays = Wishes(prefer=(Preference(1, NINE, NOON),))
    (best,) = plans(Chain(None, steps(2, Gap(28, 31, 42))), wishes=tuesdays, limit=1)
    assert (days(best), best.cost) == ([4, 32], PlanCost(0, 3, on(32), 0, 0))


def test_each_session_outside_all_preferred_hours_is_one_broken_wish() -> None:
    nobody_works = Wishes(prefer=(Preference(1, time(20), time(21)),))
    assert plans(3, wishes=nobody_works, limit=1)[0].cost.wishes_broken == 3


def test_days_off_target_cost_more_than_a_late_end() -> None:
    offers = frozenset(offer for offer in DAILY if offer[0] not in (on(35), on(36)))
    assert [days(plan) for plan in plans(2, offers, limit=3)] == [[2, 37], [3, 38], [4, 39]]


def test_an_early_end_counts_more_than_the_same_practitioner() -> None:
    offers = frozenset({(on(0), NINE, ANA), (on(30), NINE, BEATRIZ), (on(40), NINE, ANA)})
    (best,) = plans(2, offers)
    assert (days(best), people(best), best.cost.practitioner_changes) == ([0, 30], [ANA, BEATRIZ], 1)


def test_the_same_practitioner_counts_more_than_the_same_hour() -> None:
    offers = frozenset({(on(0), NINE, ANA), (on(35), NINE, BEATRIZ), (on(35), NOON, ANA)})
    (best,) = plans(2, offers)
    assert (people(best), times(best)) == ([ANA, ANA], ["09:00", "12:00"])
    assert best.cost == PlanCost(0, 0, on(35), 0, 180)


def test_the_hours_of_all_sessions_are_drawn_together() -> None:
    offers = frozenset(
        {
            *((on(0), NINE, ANA), (on(0), time(11, 15), ANA)),
            *((on(35), NOON, ANA), (on(35), time(15), ANA)),
            *((on(70), time(11), ANA), (on(70), time(16), ANA)),
        }
    )
    (best,) = plans(3, offers, limit=1)
    assert (times(best), best.cost.hours_spread) == (["11:15", "12:00", "11:00"], 60)


def test_the_spread_is_read_off_the_wall_across_a_clock_change() -> None:
    (best,) = plans(2, limit=1)
    assert [one.slot.starts_at.hour for one in best.placements] == [8, 7]
    assert best.cost.hours_spread == 0


def test_a_fixed_session_keeps_its_date_and_its_neighbours_keep_their_gaps() -> None:
    first, second, third = steps(3)
    chain = Chain(None, (first, replace(second, fixed_on=on(45)), third))
    best = plans(chain, limit=1)[0]
    assert days(best) == [10, 80]
    assert [(one.number, one.gap) for one in best.placements] == [(1, None), (3, 35)]


def test_the_gap_to_a_fixed_session_counts_towards_the_cost() -> None:
    first, second = steps(2)
    chain = Chain(None, (replace(first, earliest=on(7)), replace(second, fixed_on=on(40))))
    assert [(days(plan), plan.cost.days_off_target) for plan in plans(chain)] == [
        *(([7], 2), ([8], 3), ([9], 4), ([10], 5), ([11], 6))
    ]


def test_two_fixed_sessions_too_near_each_other_do_not_stand_in_the_way() -> None:
    first, second, third = steps(3)
    chain = Chain(None, (replace(first, fixed_on=on(0)), replace(second, fixed_on=on(3)), third))
    best = plans(chain, limit=1)[0]
    assert (days(best), best.cost.days_off_target) == ([38], 0)


def test_a_change_of_hands_from_a_fixed_booking_counts() -> None:
    first, second = steps(2)
    chain = Chain(None, (replace(first, fixed_on=on(0), booked=booking(0, who=BEATRIZ)), second))
    found = plans(chain, every_day(DAYS, people=(ANA, BEATRIZ)), limit=2)
    assert [(people(plan), plan.cost.practitioner_changes) for plan in found] == [([BEATRIZ], 0), ([ANA], 1)]


def test_the_first_gap_counts_from_the_reference() -> None:
    chain = Chain(on(-20), (Step(2, on(0), on(DAYS), MONTHLY),))
    assert [(days(plan), plan.placements[0].gap, plan.cost.days_off_target) for plan in plans(chain, limit=3)] == [
        *(([15], 35, 0), ([14], 34, 1), ([16], 36, 1))
    ]


@pytest.mark.parametrize(("reference", "possible"), [(-42, True), (-43, False)])
def test_the_longest_gap_from_the_reference_is_the_last_that_is_allowed(reference: int, possible: bool) -> None:
    chain = Chain(on(reference), (Step(2, on(0), on(0), MONTHLY),))
    assert bool(plans(chain)) is possible


def test_a_session_without_a_gap_comes_after_the_one_before() -> None:
    first, second = steps(2)
    chain = Chain(None, (replace(first, earliest=on(5)), replace(second, gap=None, latest=on(6))))
    assert [days(plan) for plan in plans(chain)] == [[5, 6]]


def test_no_two_sessions_share_a_day_though_the_rule_would_allow_it() -> None:
    assert days(plans(Chain(None, steps(2, Gap(0, 0, 3))), limit=1)[0]) == [0, 1]


def test_blocked_dates_are_left_out() -> None:
    held = (Blocked(on(0), on(3), BlockedBy.HOLD, "Held."), Blocked(on(36), date.max, BlockedBy.CLOSURE, "Closed."))
    chain = Chain(None, tuple(replace(step, blocked=held) for step in steps(2)))
    assert [days(plan) for plan in plans(chain)] == [[4, 35], [5, 35], [6, 35], [7, 35]]


@pytest.mark.parametrize(
    ("given", "day", "possible"), [(24, 24, True), (24, 23, False), (26, 24, False), (45, 45, True)]
)
def test_an_override_allows_its_own_date_and_no_worse_gap(given: int, day: int, possible: bool) -> None:
    first, second = steps(2)
    overridden = replace(second, override=Override(on(day), on(0), "Leaves."), override_gap=given, latest=on(20))
    chain = Chain(None, (replace(first, latest=on(0)), overridden))
    assert [days(plan) for plan in plans(chain)] == ([[0, day]] if possible else [])


def test_an_override_lets_no_other_date_come_nearer() -> None:
    first, second = steps(2)
    overridden = replace(second, override=Override(on(24), on(0), "Leaves."), override_gap=24)
    chain = Chain(None, (replace(first, latest=on(0)), overridden))
    offers = DAILY - {(on(24), NINE, ANA), *((on(n), NINE, ANA) for n in range(28, 43))}
    assert plans(chain, offers) == ()


def test_an_override_never_helps_against_a_block() -> None:
    first, second = steps(2)
    held = (Blocked(on(24), on(24), BlockedBy.HOLD, "Held."),)
    overridden = replace(
        second, override=Override(on(24), on(0), "Leaves."), override_gap=24, blocked=held, latest=on(24)
    )
    assert plans(Chain(None, (replace(first, latest=on(0)), overridden))) == ()


def test_dates_to_avoid_and_the_start_are_kept() -> None:
    wishes = Wishes(start_on=on(2), avoid=((on(3), on(5)), (on(37), on(37))))
    assert [days(plan) for plan in plans(2, wishes=wishes, limit=2)] == [[6, 41], [7, 42]]


def test_a_pinned_session_starts_at_its_instant() -> None:
    wishes = Wishes(pinned={2: instant(on(50), NOON)})
    best = plans(2, every_day(DAYS, (NINE, NOON)), wishes, limit=1)[0]
    assert (days(best), times(best)) == ([15, 50], ["12:00", "12:00"])


def test_a_wish_for_a_practitioner_is_kept() -> None:
    found = plans(2, every_day(DAYS, people=(ANA, BEATRIZ)), Wishes(practitioner_id=BEATRIZ))
    assert {who for plan in found for who in people(plan)} == {BEATRIZ}


def test_one_practitioner_for_all_sessions_is_worth_a_later_date() -> None:
    offers = frozenset({(on(0), NINE, ANA), (on(35), NINE, BEATRIZ), (on(42), NINE, ANA)})
    assert [days(plan) for plan in plans(2, offers)] == [[0, 35]]
    assert [days(plan) for plan in plans(2, offers, Wishes(same_practitioner=True))] == [[0, 42]]


def test_one_practitioner_for_all_means_whoever_is_booked_already() -> None:
    first, second = steps(2)
    chain = Chain(None, (replace(first, fixed_on=on(0), booked=booking(0, who=BEATRIZ)), second))
    found = plans(chain, every_day(DAYS, people=PEOPLE), Wishes(same_practitioner=True))
    assert {who for plan in found for who in people(plan)} == {BEATRIZ}
    asked = Wishes(same_practitioner=True, practitioner_id=ANA)
    assert plans(chain, every_day(DAYS, people=PEOPLE), asked) == ()


def test_the_best_five_of_all_practitioners_are_found_when_each_treats_alone() -> None:
    offers = every_day(DAYS, people=(BEATRIZ,)) | every_day(40, people=(ANA,)) | {(on(1), NINE, CLARA)}
    found = plans(2, offers, Wishes(same_practitioner=True))
    assert [(days(plan), people(plan)) for plan in found] == [
        *(([0, 35], [ANA, ANA]), ([0, 35], [BEATRIZ, BEATRIZ])),
        *(([1, 36], [ANA, ANA]), ([1, 36], [BEATRIZ, BEATRIZ])),
        ([2, 37], [ANA, ANA]),
    ]


def test_only_two_known_practitioners_can_change_hands() -> None:
    pairs = [(ANA, BEATRIZ), (ANA, ANA), (None, ANA), (ANA, None), (None, None)]
    assert [changes_hands(*pair) for pair in pairs] == [True, False, False, False, False]


def test_plans_reach_over_a_whole_year() -> None:
    grid = day_grid(ZONE, FIRST_DAY, 400)
    chain = Chain(None, tuple(replace(s, latest=on(400)) for s in steps(6, Gap(42, 49, 56))))
    shared = free_starts_of(grid, every_day(400))
    best = best_plans(chain, dict.fromkeys(range(1, 7), shared), Wishes(), grid, limit=1)[0]
    assert best.placements[-1].on - best.placements[0].on == timedelta(5 * 49)
