"""Lapsed windows, and what a practitioner may decide about them."""

from dataclasses import replace
from uuid import UUID

import pytest

from scheduler.domain.decisions import continued_window, lapsed_session, restarted
from scheduler.domain.holds import EndRule, HoldState
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import Series, SeriesState, Session, Surroundings
from scheduler.domain.spacing import Edge, ReferenceKind, windows
from tests.domain.courses import (
    CLINIC_ID,
    PATIENT_ID,
    around,
    booked,
    course,
    due,
    forecast,
    hold,
    iso,
    number_of,
    omitted,
    on,
    other,
    performed,
    protocol,
    span,
    window,
)


def decided(surroundings: Surroundings) -> tuple[int, int]:
    """The window that continuing session 2 after day 0 stores."""
    opens, closes = continued_window(course(performed(0), due()), surroundings, 2)
    return number_of(opens), number_of(closes)


def test_a_window_is_open_on_its_last_day_and_lapsed_the_day_after() -> None:
    series = course(performed(0), due())
    assert not window(series, around(42), 2).lapsed
    assert window(series, around(43), 2).lapsed


def test_a_closure_over_a_whole_window_lapses_it() -> None:
    assert window(course(performed(0), due()), around(1, closures=[(28, 42)]), 2).lapsed


def test_one_free_day_keeps_a_window_open() -> None:
    assert forecast(course(performed(0), due()), around(1, closures=[(28, 35), (37, 42)]), 2) == 36


def test_a_free_day_that_has_passed_does_not_keep_a_window_open() -> None:
    assert forecast(course(performed(0), due()), around(37, closures=[(28, 35), (37, 42)]), 2) is None


@pytest.mark.parametrize("state", [HoldState.ACTIVE, HoldState.PROPOSED])
def test_a_hold_over_a_whole_window_lapses_it(state: HoldState) -> None:
    assert window(course(performed(0), due()), around(1, hold(28, 42, state=state)), 2).lapsed


def test_a_hold_that_ends_on_the_windows_first_day_leaves_the_rest() -> None:
    assert forecast(course(performed(0), due()), around(1, hold(20, 28)), 2) == 35
    assert forecast(course(performed(0), due()), around(1, hold(20, 41)), 2) == 42


def test_other_procedures_can_lapse_a_window() -> None:
    assert window(course(performed(0), due()), around(1, others=[other(28, 0), other(42, 14)]), 2).lapsed


def test_holds_closures_and_other_procedures_lapse_a_window_together() -> None:
    surroundings = around(1, hold(28, 32), closures=[(33, 36)], others=[other(37, 0)])
    assert window(course(performed(0), due()), surroundings, 2).lapsed


def test_after_a_lapsed_session_later_sessions_have_no_window() -> None:
    assert windows(course(performed(0), due(), due(), due()), around(43))[3] is None
    assert windows(course(performed(0), due(), due(), due()), around(43))[4] is None


def test_a_booking_without_a_window_gives_no_window_to_the_next_session() -> None:
    assert windows(course(performed(0), due(), booked(70), due()), around(43))[4] is None


def test_a_fact_after_a_lapsed_session_gives_the_next_one_its_window() -> None:
    series = course(performed(0), due(), performed(50), due())
    assert (windows(series, around(51))[3], span(series, around(51), 4)) == (None, (78, 92))


def test_an_omission_after_a_lapsed_session_has_nothing_to_count_from() -> None:
    assert windows(course(performed(0), due(), omitted(), due()), around(43))[4] is None


def test_continuing_opens_a_window_today_as_long_as_the_protocols() -> None:
    assert decided(around(60)) == (60, 74)


def test_continuing_opens_on_the_first_day_that_nothing_blocks() -> None:
    assert decided(around(60, hold(50, 70), closures=[(71, 73)], others=[other(74, 14)])) == (88, 102)


def test_continuing_a_window_that_is_still_to_come_never_opens_before_it() -> None:
    assert decided(around(1, closures=[(20, 45)])) == (46, 60)


def test_continuing_uses_the_rule_of_the_step() -> None:
    own = SpacingRule(absolute_min_days=1, min_days=10, target_days=12, max_days=15)
    series = course(performed(0), due(), under=protocol(step_spacing={2: own}))
    assert continued_window(series, around(60), 2) == (on(60), on(65))


def test_a_hold_that_waits_for_a_clearance_defers_continuing_to_its_review() -> None:
    assert decided(around(60, hold(50, None, EndRule.ON_CLEARANCE, review=65))) == (66, 80)


@pytest.mark.parametrize(
    ("series", "today", "code", "detail"),
    [
        (course(performed(0), due()), 42, "not_lapsed", "The window of session 2 has not lapsed."),
        (course(performed(0), performed(35)), 60, "session_not_due", "Session 2 is not due."),
        (
            course(due(), due(), start=-300),
            60,
            "no_window",
            "Session 2 has no window, because an earlier session has no date.",
        ),
    ],
)
def test_there_must_be_a_lapse_to_decide_on(series: Series, today: int, code: str, detail: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        continued_window(series, around(today), 2)
    assert (refusal.value.code, refusal.value.detail, refusal.value.facts) == (code, detail, {"session": 2})


def test_the_refusal_says_what_can_be_done_instead_of_continuing() -> None:
    with pytest.raises(RuleBroken) as still_open:
        continued_window(course(performed(0), due()), around(40), 2)
    assert still_open.value.remedy == f"Book it: {iso(40)} is free."
    with pytest.raises(RuleBroken) as nowhere:
        continued_window(course(due(), due(), start=-300), around(60), 2)
    assert nowhere.value.remedy == "Decide on the earlier session first."


def test_continuing_under_a_permanent_hold_is_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        decided(around(60, hold(0, None, EndRule.PERMANENT)))
    assert refusal.value.code == "no_free_day"
    assert refusal.value.detail == "No day within two years is free of holds and closures."
    assert refusal.value.remedy == "Lift the hold first, or end the series."


def test_continuing_looks_two_years_ahead() -> None:
    assert decided(around(60, hold(60, 60 + 729))) == (790, 804)
    with pytest.raises(RuleBroken, match="No day within two years"):
        decided(around(60, hold(60, 60 + 730)))


def test_a_continued_window_is_the_window() -> None:
    found = window(course(performed(0), due(continued=(60, 74))), around(60), 2)
    assert found.earliest == Edge(on(60), "A practitioner decided to continue from here.")
    assert found.latest == Edge(on(74), "The decision to continue ends here.")
    assert (found.reference, found.reference_kind) == (on(0), ReferenceKind.DECISION)
    assert (found.recommended, found.aim, found.floor) == (on(60), on(60), on(21))


def test_a_continued_window_gives_later_sessions_their_windows_again() -> None:
    series = course(performed(0), due(continued=(60, 74)), due())
    assert span(series, around(60), 3) == (88, 102)


def test_a_continued_window_can_lapse_and_be_continued_again() -> None:
    series = course(performed(0), due(continued=(60, 74)))
    assert forecast(series, around(74), 2) == 74
    assert window(series, around(75), 2).lapsed
    assert continued_window(series, around(75), 2) == (on(75), on(89))


def test_a_continued_window_keeps_the_absolute_minimum_from_a_session_that_moved() -> None:
    found = window(course(booked(50), due(continued=(60, 74))), around(45), 2)
    assert found.earliest == Edge(on(71), "At least 21 days after the session before, whatever was decided.")
    assert (found.recommended, found.latest.on) == (on(71), on(74))


def test_a_decision_that_keeps_the_absolute_minimum_to_the_day_opens_where_it_says() -> None:
    found = window(course(booked(39), due(continued=(60, 74))), around(35), 2)
    assert (found.floor, found.earliest) == (on(60), Edge(on(60), "A practitioner decided to continue from here."))


def test_a_first_session_can_be_continued_too() -> None:
    series = course(due(), due(), start=-300)
    assert continued_window(series, around(60), 1) == (on(60), on(74))
    found = window(course(due(continued=(60, 74)), due(), start=-300), around(60), 1)
    assert (found.reference_kind, found.floor) == (ReferenceKind.DECISION, None)


def test_restarting_makes_a_new_draft_under_the_current_version() -> None:
    newer = protocol(sessions=(4, 5), version=2)
    old = course(performed(0), due(), due())
    assert restarted(old, newer, UUID(int=99), on(60)) == Series(
        id=UUID(int=99),
        patient_id=PATIENT_ID,
        clinic_id=CLINIC_ID,
        zone="Europe/Berlin",
        protocol=newer,
        sites=("face",),
        sessions=(Session(1), Session(2), Session(3), Session(4)),
        start_on=on(60),
        state=SeriesState.DRAFT,
    )


def test_a_restart_has_no_more_sessions_than_the_new_version_allows() -> None:
    newer = protocol(sessions=(1, 2), version=2)
    assert len(restarted(course(*[due()] * 6), newer, UUID(int=99), on(60)).sessions) == 2


def test_a_restart_has_as_many_sessions_as_before_and_keeps_the_add_ons() -> None:
    old = replace(course(*[due()] * 5), addons=("serum",))
    made = restarted(old, protocol(), UUID(int=99), on(60))
    assert (len(made.sessions), made.addons) == (5, ("serum",))


def test_the_session_that_waits_for_a_decision_is_the_first_whose_window_has_lapsed() -> None:
    assert lapsed_session(course(performed(0), due(), due()), around(43)) == 2
    assert lapsed_session(course(performed(0), booked(43), due()), around(90)) == 3


@pytest.mark.parametrize("series", [course(performed(0), due(), due()), course(performed(0), booked(20), due())])
def test_without_a_lapsed_window_nothing_waits_for_a_decision(series: Series) -> None:
    with pytest.raises(RuleBroken) as refusal:
        lapsed_session(series, around(42))
    assert refusal.value.code == "not_lapsed"
    assert refusal.value.detail == "No window of this series has lapsed."
    assert refusal.value.remedy == "Book its next session."
