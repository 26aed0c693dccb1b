"""Clearances: an unchanged answer that one covers proposes nothing."""

from uuid import UUID

import pytest

from scheduler.domain.clearances import Clearance, already_cleared
from tests.domain.courses import PATIENT_ID, SERIES_ID, on

ANOTHER = UUID(int=77)


def clearance(series_id: UUID | None = None, valid_until: int | None = 100) -> Clearance:
    until = None if valid_until is None else on(valid_until)
    return Clearance(UUID(int=5), "anticoagulant", PATIENT_ID, series_id, "aspirin", "Low dose.", until)


@pytest.mark.parametrize(
    ("code", "answer", "cleared"),
    [
        ("anticoagulant", "aspirin", True),
        ("anticoagulant", "warfarin", False),
        ("keloid-history", "aspirin", False),
    ],
)
def test_only_the_unchanged_answer_to_the_same_question_is_cleared(code: str, answer: str, cleared: bool) -> None:
    assert already_cleared(code, answer, [clearance()], SERIES_ID, on(10)) is cleared


@pytest.mark.parametrize(("day", "cleared"), [(99, True), (100, True), (101, False)])
def test_a_clearance_is_valid_to_its_last_day(day: int, cleared: bool) -> None:
    assert already_cleared("anticoagulant", "aspirin", [clearance()], SERIES_ID, on(day)) is cleared


def test_a_clearance_without_an_end_stays_valid() -> None:
    assert clearance(valid_until=None).covers("anticoagulant", SERIES_ID, on(9999))


@pytest.mark.parametrize(
    ("given_for", "asked_for", "covered"),
    [
        (None, SERIES_ID, True),
        (None, None, True),
        (SERIES_ID, SERIES_ID, True),
        (SERIES_ID, ANOTHER, False),
        (SERIES_ID, None, False),
    ],
)
def test_a_clearance_for_one_series_says_nothing_elsewhere(
    given_for: UUID | None, asked_for: UUID | None, covered: bool
) -> None:
    assert clearance(given_for).covers("anticoagulant", asked_for, on(10)) is covered


def test_any_of_several_clearances_is_enough() -> None:
    several = [clearance(valid_until=1), clearance(ANOTHER), clearance()]
    assert already_cleared("anticoagulant", "aspirin", several, SERIES_ID, on(10))
    assert not already_cleared("anticoagulant", "aspirin", several[:2], SERIES_ID, on(10))
    assert not already_cleared("anticoagulant", "aspirin", [], SERIES_ID, on(10))


def test_a_clearance_for_the_series_clears_its_answer() -> None:
    assert already_cleared("anticoagulant", "aspirin", [clearance(SERIES_ID)], SERIES_ID, on(10))
    assert not already_cleared("anticoagulant", "aspirin", [clearance(SERIES_ID)], None, on(10))
