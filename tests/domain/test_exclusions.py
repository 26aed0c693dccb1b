from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from scheduler.domain.availability import Diary
from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.day_grid import all_cells, day_grid
from scheduler.domain.exclusions import Exclusion, PlanQuestion, what_excludes
from scheduler.domain.planning import best_plans
from scheduler.domain.wishes import Wishes
from tests.domain.plain_clinic import ANA, BEATRIZ, LASER, NEEDLING, ROOM_1, PlainClinic, hours
from tests.domain.planning_cases import FIRST_DAY, ZONE, instant, on

GRID = day_grid(ZONE, FIRST_DAY, 90)
NINE, NOON = time(9), time(12)
STEPS = (Step(1, on(0), on(20), None), Step(2, on(0), on(89), Gap(28, 35, 42)))


def question(
    days: Mapping[UUID, list[int]],
    busy: Mapping[UUID, list[int]] | None = None,
    steps: tuple[Step, ...] = STEPS,
    wishes: Wishes | None = None,
) -> PlanQuestion:
    """Each works the mornings of some days, and is taken for all of some others."""
    working = {one: hours(ZONE, map(on, those), NINE, NOON) for one, those in days.items()}
    taken = {one: hours(ZONE, map(on, those), NINE, NOON) for one, those in (busy or {}).items()}
    every = hours(ZONE, map(on, range(90)), NINE, NOON)
    clinic = PlainClinic(ZONE, {ROOM_1: every, LASER: every, **working}, taken, tuple(days))
    phases = {step.number: NEEDLING for step in steps if step.fixed_on is None}
    return PlanQuestion(Chain(None, steps), phases, clinic.supply(GRID), wishes or Wishes(), GRID)


def found(asked: PlanQuestion) -> int:
    return len(best_plans(asked.chain, asked.starts(), asked.wishes, asked.grid))


def excluded(asked: PlanQuestion, **more: Any) -> dict[str, Exclusion]:
    return {one.code: one for one in what_excludes(asked, found(asked), **more)}


def helpful(asked: PlanQuestion, **more: Any) -> set[str]:
    return {code for code, one in excluded(asked, **more).items() if one.would_help}


def test_nothing_is_said_when_there_are_as_many_plans_as_asked_for() -> None:
    asked = question({ANA: list(range(90))})
    assert what_excludes(asked, 5) == ()
    assert what_excludes(asked, 2, limit=2) == ()


def test_a_hold_is_named_with_its_dates() -> None:
    held = (Blocked(on(0), on(20), BlockedBy.HOLD, "A hold blocks treatment."),)
    asked = question({ANA: list(range(90))}, steps=tuple(replace(step, blocked=held) for step in STEPS))
    ranges = [{"from": on(0).isoformat(), "to": on(20).isoformat()}]
    assert excluded(asked)["on_hold"] == Exclusion("on_hold", "A hold blocks treatment.", {"ranges": ranges}, True)


def test_a_block_for_good_has_no_end() -> None:
    held = (Blocked(on(0), date.max, BlockedBy.HOLD, "A hold blocks treatment for good."),)
    asked = question({ANA: list(range(90))}, steps=tuple(replace(step, blocked=held) for step in STEPS))
    assert excluded(asked)["on_hold"].facts["ranges"] == [{"from": on(0).isoformat(), "to": None}]


def test_each_kind_of_block_is_relaxed_alone() -> None:
    """The hold covers every first date, the closure every second one: neither alone makes room."""
    first = replace(STEPS[0], blocked=(Blocked(on(0), on(20), BlockedBy.HOLD, "Held."),))
    second = replace(STEPS[1], blocked=(Blocked(on(0), on(89), BlockedBy.CLOSURE, "Closed."),))
    found_codes = excluded(question({ANA: list(range(90))}, steps=(first, second)))
    assert {code: one.would_help for code, one in found_codes.items() if one.facts} == {
        "on_hold": False,
        "closed_day": False,
    }


def test_a_block_outside_every_range_is_not_named() -> None:
    """The range of the first session ends on day 20, that of the second on day 89."""
    blocked = (Blocked(on(90), on(95), BlockedBy.HOLD, "Later."), Blocked(on(-5), on(-1), BlockedBy.CLOSURE, "Past."))
    asked = question({ANA: [0, 35]}, steps=tuple(replace(step, blocked=blocked) for step in STEPS))
    assert {"on_hold", "closed_day"} & set(excluded(asked)) == set()


def test_many_details_are_cut_short_and_said_once_each() -> None:
    closed = tuple(Blocked(on(n), on(n), BlockedBy.CLOSURE, f"Closed for {why}.") for n, why in enumerate("ABBCDE"))
    asked = question({ANA: [10, 45]}, steps=tuple(replace(step, blocked=closed) for step in STEPS))
    assert excluded(asked)["closed_day"].detail == "Closed for A. Closed for B. Closed for C. And 2 more."


def test_other_procedures_have_a_code_of_their_own() -> None:
    near = (Blocked(on(0), on(20), BlockedBy.OTHER_PROCEDURE, "A peel is too near."),)
    asked = question({ANA: list(range(90))}, steps=tuple(replace(step, blocked=near) for step in STEPS))
    assert "other_procedure_too_near" in helpful(asked)


def test_other_bookings_are_to_blame_where_everybody_works_and_is_taken() -> None:
    assert "no_free_time" in helpful(question({ANA: list(range(90))}, {ANA: list(range(21))}))
    assert "no_free_time" not in helpful(question({ANA: list(range(21, 90))}))


def test_working_hours_are_to_blame_where_nobody_works() -> None:
    assert "not_working" in helpful(question({ANA: list(range(21))}))


def test_a_missing_qualification_is_named_when_others_could_do_it() -> None:
    asked = question({ANA: [0]})
    others = question({BEATRIZ: list(range(90))}).supply.practitioners
    found_codes = excluded(asked, unqualified=others)
    assert found_codes["not_qualified"] == Exclusion(
        "not_qualified",
        "Other practitioners lack the qualification.",
        {"practitioners": [str(BEATRIZ)]},
        True,
    )
    assert "not_qualified" not in excluded(asked)


def test_the_spacing_is_to_blame_where_free_days_lie_wrongly_apart() -> None:
    assert helpful(question({ANA: [0, 20]})) >= {"spacing"}
    assert "spacing" not in helpful(question({ANA: [0]}))


def test_a_window_that_ends_too_soon_is_the_spacings_fault() -> None:
    late = (replace(STEPS[0], earliest=on(0), latest=on(3)),)
    assert helpful(question({ANA: [5, 6]}, steps=late)) >= {"spacing"}


def test_fixed_sessions_stay_as_they_are_when_the_spacing_is_relaxed() -> None:
    fixed = (replace(STEPS[0], fixed_on=on(0)), STEPS[1])
    assert helpful(question({ANA: [50]}, steps=fixed)) >= {"spacing"}
    assert "spacing" not in helpful(question({ANA: [35]}, steps=fixed))


def test_every_wish_is_relaxed_alone() -> None:
    wishes = Wishes(start_on=on(10), avoid=((on(45), on(60)),))
    asked = question({ANA: [0, 10, 35, 45]}, wishes=wishes)
    found_codes = excluded(asked)
    start, avoid = found_codes["wish_start"], found_codes["wish_avoid"]
    assert start == Exclusion(
        "wish_start",
        f"The sessions are to start on {on(10).isoformat()} at the earliest.",
        {"start_on": on(10).isoformat()},
        True,
    )
    assert avoid == Exclusion(
        "wish_avoid",
        "Some dates are to be avoided.",
        {"ranges": [{"from": on(45).isoformat(), "to": on(60).isoformat()}]},
        True,
    )


def test_each_pinned_session_is_relaxed_alone() -> None:
    pins = {1: instant(on(0), NINE), 2: instant(on(50), NINE)}
    asked = question({ANA: [0, 35, 50]}, wishes=Wishes(pinned=pins))
    pinned = [one for one in what_excludes(asked, found(asked)) if one.code == "wish_pinned"]
    assert pinned == [
        Exclusion(
            "wish_pinned",
            f"Session {number} is pinned to its start.",
            {"session": number, "starts_at": at.isoformat()},
            number == 2,
        )
        for number, at in pins.items()
    ]


def test_a_wish_for_a_practitioner_is_named() -> None:
    asked = question({ANA: list(range(90)), BEATRIZ: [0]}, wishes=Wishes(practitioner_id=BEATRIZ))
    assert excluded(asked)["wish_practitioner"] == Exclusion(
        "wish_practitioner", "One practitioner is wished for.", {"practitioner_id": str(BEATRIZ)}, True
    )


def test_a_wish_for_one_practitioner_in_all_sessions_is_named() -> None:
    asked = question({ANA: [0], BEATRIZ: [35]}, wishes=Wishes(same_practitioner=True))
    assert excluded(asked)["wish_same_practitioner"] == Exclusion(
        "wish_same_practitioner", "One practitioner is to do all sessions.", {}, True
    )


def test_wishes_that_were_not_made_are_not_named() -> None:
    codes = set(excluded(question({ANA: [0]})))
    assert codes == {"no_free_time", "not_working", "spacing"}


def test_the_sentences_of_the_rules_say_what_stands_in_the_way() -> None:
    found_codes = excluded(question({ANA: [0]}))
    assert {code: one.detail for code, one in found_codes.items()} == {
        "no_free_time": "Other appointments take the free time.",
        "not_working": "Nobody who could treat works at other times.",
        "spacing": "The intervals between sessions leave no other day.",
    }


def test_a_plan_more_is_help_even_where_some_were_found() -> None:
    asked = question({ANA: [0, 35]}, {ANA: [1]})
    assert found(asked) == 1
    ever = replace(asked, supply=replace(asked.supply, practitioners={ANA: Diary(all_cells(GRID), 0)}))
    assert found(ever) == 5
    assert helpful(asked) == {"not_working"}
