from dataclasses import replace
from datetime import time
from uuid import UUID

import pytest

from scheduler.domain.availability import free_starts
from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.clinic_days import wall_time
from scheduler.domain.day_grid import day_grid
from scheduler.domain.move_reasons import Why
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.replanning import ChangeSet, ReplanCost, best_changes
from scheduler.domain.series import AppointmentStatus, Override
from scheduler.domain.slots import Slot
from scheduler.domain.wishes import Wishes
from tests.domain.plain_clinic import LASER, NEEDLING, ROOM_1, ROOM_2, PlainClinic, hours
from tests.domain.planning_cases import (
    FIRST_DAY,
    PEOPLE,
    ZONE,
    Offer,
    booking,
    every_day,
    free_starts_of,
    number_of,
    on,
    slot,
)

ANA, BEATRIZ, _ = PEOPLE
DAYS = 130
GRID = day_grid(ZONE, FIRST_DAY, DAYS)
MONTHLY = Gap(28, 35, 42)
NINE, TEN, NOON = time(9), time(10), time(12)
DAILY = every_day(DAYS)


def series(*days: int | None, at: time = NINE, who: UUID = ANA) -> Chain:
    """Sessions booked on these days; ``None`` is one that never had a date."""
    return Chain(None, tuple(step(n, day, at, who) for n, day in enumerate(days, start=1)))


def step(number: int, day: int | None, at: time = NINE, who: UUID = ANA) -> Step:
    plain = Step(number, on(0), on(DAYS), None if number == 1 else MONTHLY)
    if day is None:
        return plain
    booked = booking(day, at, who)
    return replace(plain, booked=booked, anchor=on(day), anchor_slot=booked.slot)


def changed(chain: Chain, number: int, **what: object) -> Chain:
    steps = [replace(one, **what) if one.number == number else one for one in chain.steps]  # type: ignore[arg-type]
    return replace(chain, steps=tuple(steps))


def released(chain: Chain, number: int) -> Chain:
    return changed(chain, number, booked=None)


def replans(
    chain: Chain,
    offers: frozenset[Offer] = DAILY,
    *,
    requested: dict[int, Slot] | None = None,
    must_move: dict[int, str] | None = None,
    wishes: Wishes | None = None,
    limit: int = 5,
) -> tuple[ChangeSet, ...]:
    starts = {one.number: free_starts_of(GRID, offers) for one in chain.steps}
    return best_changes(chain, starts, wishes or Wishes(), GRID, requested=requested, must_move=must_move, limit=limit)


def moves(changes: ChangeSet) -> dict[int, int]:
    return {move.number: number_of(move.after_on) for move in changes.moves}


def test_a_drag_that_fits_moves_nothing_else_and_is_the_only_answer() -> None:
    (only,) = replans(series(0, 35, 70), requested={2: slot(38, TEN)})
    assert moves(only) == {2: 38}
    assert only.cost == ReplanCost(1, 3, 0, 0, 1, 60, on(70))
    assert only.moves[0].why == Why("requested", "Session 2 was asked to move.")
    assert (only.moves[0].before, only.moves[0].after) == (slot(35, NINE), slot(38, TEN))
    assert (only.moves[0].before_on, only.moves[0].gap) == (on(35), 38)


def test_what_must_follow_a_drag_follows_by_as_little_as_it_can() -> None:
    best = replans(series(0, 28, 56), requested={2: slot(35, NINE)})[0]
    assert moves(best) == {2: 35, 3: 63}
    assert best.cost == ReplanCost(2, 14, 0, 0, 0, 0, on(63))
    assert best.moves[1].why == Why(
        "gap_before", "Session 3 cannot stay: it would come after 21 days; 28 to 42 days are allowed."
    )


def test_an_earlier_session_makes_room_for_a_later_one() -> None:
    best = replans(series(0, 28, 56), requested={3: slot(75, NINE)})[0]
    assert moves(best) == {2: 33, 3: 75}
    assert best.moves[0].why == Why(
        "gap_after", "Session 2 cannot stay: session 3 would come after 47 days; 28 to 42 days are allowed."
    )


def test_other_answers_differ_in_the_first_session_that_is_placed_anew() -> None:
    found = replans(series(0, 28, 56), requested={2: slot(35, NINE)})
    assert [moves(changes)[3] for changes in found] == [63, 64, 65, 66, 67]


def test_few_sessions_moved_far_are_better_than_many_moved_a_little() -> None:
    """Session 2 could move by a day if session 3 came along; a week alone is better."""
    offers = frozenset({(on(29), NINE, ANA), (on(42), NINE, ANA), (on(72), NINE, ANA)})
    best, second = replans(series(0, 35, 70), offers, must_move={2: "A hold."})
    assert (moves(best), best.cost.days_moved) == ({2: 29}, 6)
    assert moves(second) == {2: 42}


def test_a_released_session_takes_the_free_place_nearest_to_where_it_was() -> None:
    best = replans(released(series(0, 35, 70), 2))[0]
    assert (moves(best), best.cost.sessions_moved, best.cost.days_moved) == ({2: 35}, 1, 0)
    assert best.moves[0].why == Why("must_move", "Session 2 has no appointment.")
    assert best.moves[0].before_on == on(35)


def test_a_session_that_must_move_says_why() -> None:
    held = (Blocked(on(34), on(37), BlockedBy.HOLD, "Held."),)
    best = replans(changed(series(0, 35, 70), 2, blocked=held), must_move={2: "A hold covers it."})[0]
    assert moves(best) == {2: 33}
    assert best.moves[0].why == Why("must_move", "A hold covers it.")


def test_the_practitioner_stays_before_the_weekday_and_the_weekday_before_the_hour() -> None:
    chain = released(series(0, 35), 2)
    week = {(on(35 - 7), TEN, ANA), (on(35 + 7), NINE, BEATRIZ)}
    assert moves(replans(chain, frozenset(week))[0]) == {2: 28}
    near = {(on(34), TEN, BEATRIZ), (on(36), NOON, ANA)}
    assert moves(replans(chain, frozenset(near))[0]) == {2: 36}
    hour = {(on(34), NOON, ANA), (on(36), TEN, ANA)}
    assert moves(replans(chain, frozenset(hour))[0]) == {2: 36}


def test_the_nearest_hour_of_the_same_practitioner_is_chosen() -> None:
    chain = released(series(0, 35, at=TEN), 2)
    offers = {(on(35), at, who) for at in (time(8, 45), time(11, 30)) for who in PEOPLE} | {(on(35), TEN, BEATRIZ)}
    best = replans(chain, frozenset(offers))[0]
    assert best.moves[0].after == slot(35, time(8, 45), ANA)
    assert best.cost == ReplanCost(1, 0, 0, 0, 0, 75, on(35))


def test_of_hours_as_near_the_earlier_is_chosen() -> None:
    chain = released(series(0, 35, at=TEN), 2)
    offers = frozenset({(on(35), NINE, ANA), (on(35), time(11), ANA)})
    assert replans(chain, offers)[0].moves[0].after == slot(35, NINE, ANA)


def test_the_end_of_the_series_decides_last() -> None:
    chain = released(series(0, 35), 2)
    offers = frozenset({(on(34), NINE, ANA), (on(36), NINE, ANA)})
    assert [moves(changes) for changes in replans(chain, offers)] == [{2: 34}, {2: 36}]


def test_sessions_that_never_had_a_date_aim_for_the_target() -> None:
    best = replans(series(0, None, None))[0]
    assert moves(best) == {2: 35, 3: 70}
    assert best.cost == ReplanCost(0, 0, 0, 0, 0, 0, on(70))
    assert best.moves[0].before is None


def test_days_off_target_count_for_sessions_without_a_date_only() -> None:
    offers = frozenset({(on(33), NINE, ANA), (on(64), NINE, ANA)})
    best = replans(series(0, None, None), offers)[0]
    assert (moves(best), best.cost.days_off_target) == ({2: 33, 3: 64}, 2 + 4)


@pytest.mark.parametrize("status", [AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN])
def test_a_visit_that_has_begun_cannot_move(status: AppointmentStatus) -> None:
    begun = changed(series(0, 28), 1, booked=booking(0, status=status))
    assert replans(begun, requested={2: slot(20, NINE)}) == ()
    assert moves(replans(begun, requested={2: slot(40, NINE)})[0]) == {2: 40}


def test_a_fact_that_came_late_pushes_what_follows() -> None:
    chain = changed(series(0, 28, 63), 1, fixed_on=on(5), booked=None)
    best = replans(chain)[0]
    assert moves(best) == {2: 33}
    assert best.moves[0].why.code == "gap_before"


def test_nothing_moves_where_nothing_must() -> None:
    (only,) = replans(series(0, 35, 70))
    assert only == ChangeSet((), ReplanCost(0, 0, 0, 0, 0, 0, on(70)))


def test_asking_for_the_present_place_moves_nothing() -> None:
    (only,) = replans(series(0, 35), requested={2: slot(35, NINE)})
    assert only.moves == ()


def test_another_room_at_the_same_time_is_a_move_of_no_days() -> None:
    other_room = replace(slot(35, NINE), resources={ResourceKind.PRACTITIONER: ANA, ResourceKind.ROOM: ROOM_2})
    (only,) = replans(series(0, 35), requested={2: other_room})
    assert only.cost == ReplanCost(1, 0, 0, 0, 0, 0, on(35))


def test_a_drag_to_a_practitioner_who_is_not_on_offer_counts_as_a_change() -> None:
    (only,) = replans(series(0, 35), requested={2: slot(35, NINE, UUID(int=50))})
    assert only.cost.practitioner_changes == 1


@pytest.mark.parametrize(("day", "possible"), [(27, False), (28, True), (42, True), (43, False)])
def test_a_drag_keeps_the_window_after_a_fact(day: int, possible: bool) -> None:
    chain = changed(series(0, 35), 1, fixed_on=on(0), booked=None)
    assert bool(replans(chain, requested={2: slot(day, NINE)})) is possible


def test_a_drag_onto_a_blocked_or_avoided_date_has_no_answer() -> None:
    held = changed(series(0, 35), 2, blocked=(Blocked(on(38), on(38), BlockedBy.HOLD, "Held."),))
    assert replans(held, requested={2: slot(38, NINE)}) == ()
    avoid = Wishes(avoid=((on(38), on(38)),))
    assert replans(series(0, 35), requested={2: slot(38, NINE)}, wishes=avoid) == ()


def test_an_override_accepts_its_date_and_moves_with_no_neighbour() -> None:
    overridden = changed(series(0, 25, 53), 2, override=Override(on(25), on(0), "Leaves."), override_gap=25)
    (kept,) = replans(overridden)
    assert kept.moves == ()
    assert moves(replans(overridden, requested={1: slot(1, NINE)})[0]) == {1: 1, 2: 29, 3: 57}


def test_avoided_dates_and_another_practitioner_are_no_place_to_move_to() -> None:
    chain = released(series(0, 35), 2)
    wishes = Wishes(avoid=((on(33), on(37)),), practitioner_id=BEATRIZ)
    best = replans(chain, every_day(DAYS, people=(ANA, BEATRIZ)), wishes=wishes)[0]
    assert (moves(best), best.moves[0].after.practitioner_id) == ({2: 32}, BEATRIZ)


def test_the_present_start_is_no_move_to_another_place() -> None:
    """Session 2 is early: it cannot stay, and taking its own start again would not help."""
    chain = changed(series(0, 27), 1, fixed_on=on(0), booked=None)
    assert replans(chain, frozenset({(on(27), NINE, ANA)})) == ()


def test_a_needless_move_is_called_an_alternative() -> None:
    found = replans(released(series(0, 35), 2), frozenset({(on(35), NINE, ANA), (on(1), NINE, ANA)}))
    assert [moves(changes) for changes in found] == [{2: 35}, {1: 1, 2: 35}]
    assert found[1].moves[0].why == Why("alternative", "This choice moves it as well.")


def test_the_first_gap_counts_from_the_reference() -> None:
    chain = Chain(on(-10), (replace(step(2, 10), gap=MONTHLY),))
    assert moves(replans(chain)[0]) == {2: 18}
    assert "would come after 20 days" in replans(chain)[0].moves[0].why.detail


def test_a_moved_session_keeps_its_room_if_it_can() -> None:
    resources = (ANA, ROOM_1, ROOM_2, LASER)
    clinic = PlainClinic(ZONE, dict.fromkeys(resources, hours(ZONE, [on(35)], NINE, NOON)), rooms=(ROOM_1, ROOM_2))
    chain = series(0, 35)
    known = replace(slot(35, NINE), resources={ResourceKind.PRACTITIONER: ANA, ResourceKind.ROOM: ROOM_2})
    chain = changed(chain, 2, booked=None, anchor_slot=known)
    starts = free_starts(GRID, NEEDLING, clinic.supply(GRID))
    found = best_changes(chain, {1: starts, 2: starts}, Wishes(), GRID)
    assert found[0].moves[0].after.resources[ResourceKind.ROOM] == ROOM_2


def test_hours_are_compared_on_the_wall_across_a_clock_change() -> None:
    best = replans(released(series(0, 35), 1), frozenset({(on(2), NINE, ANA)}))[0]
    assert best.cost.minutes_moved == 0
    assert wall_time(best.moves[0].after.starts_at, ZONE).time() == NINE
