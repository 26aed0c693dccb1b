from dataclasses import replace

import pytest

from scheduler.domain.chain import Chain, Gap, Step
from scheduler.domain.move_reasons import Why, why
from scheduler.domain.series import Override
from tests.domain.planning_cases import booking, on

MONTHLY = Gap(28, 35, 42)


def step(number: int, day: int, gap: Gap | None = MONTHLY) -> Step:
    return Step(number, on(0), on(200), gap, booked=booking(day), anchor=on(day))


CHAIN = Chain(on(0), (step(2, 35), step(3, 70)))


def reason(second: int, third: int, chain: Chain = CHAIN, number: int = 2) -> Why:
    """Why session ``number`` moves when sessions 2 and 3 come to these days."""
    moving = next(one for one in chain.steps if one.number == number)
    return why(chain, moving, {2: on(second), 3: on(third)}, {}, requested=False)


def test_a_request_counts_before_every_other_reason() -> None:
    found = why(CHAIN, CHAIN.steps[0], {2: on(36), 3: on(70)}, {2: "Held."}, requested=True)
    assert found == Why("requested", "Session 2 was asked to move.")


def test_what_must_move_says_why_in_the_callers_words() -> None:
    assert why(CHAIN, CHAIN.steps[0], {2: on(36), 3: on(70)}, {2: "Held."}, False) == Why("must_move", "Held.")


def test_a_session_without_an_appointment_is_placed() -> None:
    chain = Chain(on(0), (replace(CHAIN.steps[0], booked=None), CHAIN.steps[1]))
    assert reason(36, 70, chain) == Why("must_move", "Session 2 has no appointment.")


@pytest.mark.parametrize(
    ("second", "code"), [(28, "alternative"), (27, "gap_before"), (42, "alternative"), (43, "gap_before")]
)
def test_a_move_is_called_for_when_the_gap_before_would_be_wrong(second: int, code: str) -> None:
    chain = Chain(on(0), (step(2, 35), step(3, 70 + second - 35)))
    assert reason(35, 100, Chain(on(35 - second), chain.steps[:1]), 2).code == code


@pytest.mark.parametrize(
    ("third", "code"), [(63, "alternative"), (62, "gap_after"), (77, "alternative"), (78, "gap_after")]
)
def test_a_move_is_called_for_when_the_gap_after_would_be_wrong(third: int, code: str) -> None:
    assert reason(36, third).code == code


def test_the_gap_to_a_moved_session_is_named_with_what_is_allowed() -> None:
    assert reason(50, 70 + 15, number=3) == Why(
        "gap_before", "Session 3 cannot stay: it would come after 20 days; 28 to 42 days are allowed."
    )
    assert reason(36, 78) == Why(
        "gap_after", "Session 2 cannot stay: session 3 would come after 43 days; 28 to 42 days are allowed."
    )


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (None, "it needs a later date"),
        (Gap(21, 35, 739_000), "it needs 21 days at least"),
        (Gap(21, 35, 3650), "21 to 3650 days are allowed"),
    ],
)
def test_a_rule_without_a_most_does_not_name_one(gap: Gap | None, said: str) -> None:
    chain = Chain(None, (step(2, 35, None), step(3, 40, gap)))
    moved = why(chain, chain.steps[1], {2: on(40), 3: on(90)}, {}, requested=False)
    assert moved == Why("gap_before", f"Session 3 cannot stay: it would come after 0 days; {said}.")


@pytest.mark.parametrize(
    ("given", "second", "code"),
    [(25, 25, "alternative"), (25, 24, "gap_before"), (45, 45, "alternative"), (45, 46, "gap_before")],
)
def test_a_standing_override_needs_no_move(given: int, second: int, code: str) -> None:
    overridden = replace(step(2, 35), override=Override(on(35), on(0), "Leaves."), override_gap=given)
    chain = Chain(on(35 - second), (overridden,))
    assert why(chain, overridden, {2: on(50)}, {}, requested=False).code == code


def test_an_override_covers_its_own_date_only() -> None:
    overridden = replace(step(2, 35), override=Override(on(36), on(0), "Leaves."), override_gap=20)
    assert why(Chain(on(10), (overridden,)), overridden, {2: on(50)}, {}, requested=False).code == "gap_before"


def test_the_first_session_of_all_has_no_gap_before_it() -> None:
    chain = Chain(None, (step(1, 35, None), step(2, 70)))
    moved = why(chain, chain.steps[0], {1: on(36), 2: on(70)}, {}, requested=False)
    assert moved.code == "alternative"
