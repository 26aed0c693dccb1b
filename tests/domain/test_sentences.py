from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

import pytest

from scheduler.domain.move_reasons import Why
from scheduler.domain.planning import Placement, Plan, PlanCost
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.replanning import ChangeSet, Move, ReplanCost
from scheduler.domain.sentences import changes_sentence, clock, plan_sentence
from scheduler.domain.slots import Slot
from tests.domain.planning_cases import ZONE, instant

ANA, BEATRIZ = UUID(int=1), UUID(int=2)
NAMES = {ANA: "Ana", BEATRIZ: "Beatriz"}
DEC_8, JAN_12, FEB_16, MAR_23 = date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 16), date(2027, 3, 23)
FIVE = time(17)


def slot(on: date, at: time = FIVE, who: UUID | None = BEATRIZ) -> Slot:
    return Slot(instant(on, at), {} if who is None else {ResourceKind.PRACTITIONER: who})


def said(*places: tuple[date, time, UUID | None]) -> str:
    placements = [Placement(n, on, slot(on, at, who), None) for n, (on, at, who) in enumerate(places, start=1)]
    return plan_sentence(Plan(tuple(placements), PlanCost(0, 0, DEC_8, 0, 0)), NAMES, ZONE)


def test_what_all_sessions_share_is_said_once() -> None:
    places = [(on, FIVE, BEATRIZ) for on in (DEC_8, JAN_12, FEB_16, MAR_23)]
    assert said(*places) == "Tuesday 8 December, 12 January, 16 February and 23 March, all at 17:00 with Beatriz."


def test_one_session_is_said_plainly() -> None:
    assert said((DEC_8, FIVE, BEATRIZ)) == "Tuesday 8 December at 17:00 with Beatriz."


def test_two_sessions_are_both() -> None:
    assert said((DEC_8, FIVE, ANA), (JAN_12, FIVE, ANA)) == "Tuesday 8 December and 12 January, both at 17:00 with Ana."


def test_different_weekdays_are_all_named() -> None:
    wednesday = date(2027, 1, 13)
    assert said((DEC_8, FIVE, ANA), (wednesday, FIVE, ANA), (FEB_16, FIVE, ANA)) == (
        "Tuesday 8 December, Wednesday 13 January and Tuesday 16 February, all at 17:00 with Ana."
    )


def test_different_hours_are_said_with_each_session() -> None:
    assert said((DEC_8, FIVE, ANA), (JAN_12, time(9, 5), ANA)) == (
        "Tuesday 8 December at 17:00 and 12 January at 09:05, both with Ana."
    )


def test_different_practitioners_are_said_with_each_session() -> None:
    assert said((DEC_8, FIVE, ANA), (JAN_12, FIVE, BEATRIZ)) == (
        "Tuesday 8 December with Ana and 12 January with Beatriz, both at 17:00."
    )


def test_where_nothing_is_common_each_session_is_said_in_full() -> None:
    assert said((DEC_8, FIVE, ANA), (JAN_12, time(9), BEATRIZ)) == (
        "Tuesday 8 December at 17:00 with Ana and 12 January at 09:00 with Beatriz."
    )


def test_a_practitioner_without_a_name_is_not_mentioned() -> None:
    assert said((DEC_8, FIVE, UUID(int=9)), (JAN_12, FIVE, None)) == "Tuesday 8 December and 12 January, both at 17:00."


@pytest.mark.parametrize(
    ("at", "said_so"),
    [
        (time(0), "00:00"),
        (time(0, 30), "00:30"),
        (time(9, 5), "09:05"),
        (time(12), "12:00"),
        (time(17), "17:00"),
    ],
)
def test_the_clock_has_24_hours(at: time, said_so: str) -> None:
    assert clock(datetime.combine(DEC_8, at)) == said_so


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_and_weekday_has_its_name(month: int) -> None:
    on = date(2026, month, month)
    assert said((on, FIVE, None)) == f"{on:%A} {month} {on:%B} at 17:00."


def move(number: int, before: Slot | None, before_on: date | None, after: Slot, after_on: date) -> Move:
    return Move(number, before, before_on, after, after_on, 35, Why("requested", "Asked."))


def told(*moves: Move) -> str:
    return changes_sentence(ChangeSet(moves, ReplanCost(1, 1, 0, 0, 0, 0, DEC_8)), NAMES, ZONE)


def test_a_move_is_told_from_where_to_where() -> None:
    dec_10 = date(2026, 12, 10)
    assert told(move(2, slot(DEC_8), DEC_8, slot(dec_10, time(9)), dec_10)) == (
        "Session 2 moves from Tuesday 8 December at 17:00 to Thursday 10 December at 09:00."
    )


def test_a_move_to_another_practitioner_names_that_one() -> None:
    assert told(move(2, slot(DEC_8), DEC_8, slot(JAN_12, FIVE, ANA), JAN_12)) == (
        "Session 2 moves from Tuesday 8 December at 17:00 to Tuesday 12 January at 17:00 with Ana."
    )


def test_a_released_session_that_takes_its_old_place_comes_back_to_it() -> None:
    assert told(move(3, slot(DEC_8), DEC_8, slot(DEC_8), DEC_8)) == (
        "Session 3 comes back to Tuesday 8 December at 17:00."
    )


def test_a_session_keeps_its_time_with_another_practitioner() -> None:
    assert told(move(3, slot(DEC_8), DEC_8, slot(DEC_8, who=ANA), DEC_8)) == (
        "Session 3 keeps Tuesday 8 December at 17:00 with Ana."
    )


@pytest.mark.parametrize(
    ("kinds", "others"),
    [
        ([ResourceKind.ROOM], "another room"),
        ([ResourceKind.ROOM, ResourceKind.DEVICE], "another room and device"),
        ([ResourceKind.PRACTITIONER], "another practitioner"),
    ],
)
def test_a_session_keeps_its_time_with_other_things(kinds: list[ResourceKind], others: str) -> None:
    nameless = UUID(int=9)
    other = replace(slot(DEC_8), resources=dict(slot(DEC_8).resources) | dict.fromkeys(kinds, nameless))
    assert told(move(3, slot(DEC_8), DEC_8, other, DEC_8)) == (
        f"Session 3 keeps Tuesday 8 December at 17:00 with {others}."
    )


def test_a_session_that_had_no_place_takes_one() -> None:
    assert (
        told(move(3, None, None, slot(JAN_12), JAN_12)) == "Session 3 takes Tuesday 12 January at 17:00 with Beatriz."
    )


def test_moves_are_told_one_after_the_other() -> None:
    both = told(
        move(2, slot(DEC_8), DEC_8, slot(JAN_12), JAN_12),
        move(3, slot(JAN_12), JAN_12, slot(FEB_16), FEB_16),
    )
    assert both == (
        "Session 2 moves from Tuesday 8 December at 17:00 to Tuesday 12 January at 17:00."
        " Session 3 moves from Tuesday 12 January at 17:00 to Tuesday 16 February at 17:00."
    )


def test_no_moves_are_told_as_well() -> None:
    assert told() == "Nothing needs to move."
