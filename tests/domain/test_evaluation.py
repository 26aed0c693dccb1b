"""The verdict on what was performed: always by the protocol's rule."""

from dataclasses import replace

import pytest

from scheduler.domain.evaluation import Evaluation, Verdict, evaluate, verdict_on
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.series import Session
from tests.domain.courses import booked, course, due, omitted, on, performed, protocol


def verdicts(*sessions: Session) -> list[tuple[int, str, int | None]]:
    return [(found.number, found.verdict.value, found.gap_days) for found in evaluate(course(*sessions))]


def test_the_first_session_is_always_valid() -> None:
    assert evaluate(course(performed(0), due(), start=100)) == (
        Evaluation(1, on(0), Verdict.VALID, None, None, "The first session of the series."),
    )


def test_a_verdict_tells_the_gap_and_what_was_allowed() -> None:
    assert evaluate(course(performed(0), performed(30)))[1] == Evaluation(
        2, on(30), Verdict.VALID, on(0), 30, "30 days after the session before; 28 to 42 are allowed."
    )


@pytest.mark.parametrize(
    ("gap", "verdict"), [(27, "early"), (28, "valid"), (42, "valid"), (43, "late"), (0, "early"), (-3, "early")]
)
def test_gaps_below_the_minimum_are_early_and_above_the_maximum_late(gap: int, verdict: str) -> None:
    assert verdicts(performed(0), performed(gap))[1] == (2, verdict, gap)


def test_early_and_late_sessions_satisfy_and_the_next_gap_counts_from_them() -> None:
    assert verdicts(performed(0), performed(20), performed(48), performed(100)) == [
        (1, "valid", None),
        (2, "early", 20),
        (3, "valid", 28),
        (4, "late", 52),
    ]


def test_after_an_omission_the_maximum_counts_from_the_omitted_latest_day() -> None:
    assert verdicts(performed(0), omitted(), performed(84))[1] == (3, "valid", 84)
    assert verdicts(performed(0), omitted(), performed(85))[1] == (3, "late", 85)
    assert verdicts(performed(0), omitted(), omitted(), performed(126))[1] == (4, "valid", 126)


def test_after_an_omission_the_minimum_counts_from_the_last_fact() -> None:
    assert verdicts(performed(0), omitted(), performed(28))[1] == (3, "valid", 28)
    assert verdicts(performed(0), omitted(), performed(27))[1] == (3, "early", 27)


def test_an_omission_extends_the_next_gap_only() -> None:
    assert verdicts(performed(0), omitted(), performed(80), performed(123))[2] == (4, "late", 43)


def test_an_omission_before_the_first_fact_changes_nothing() -> None:
    assert verdicts(omitted(), performed(300), performed(343)) == [(2, "valid", None), (3, "late", 43)]


def test_a_decision_to_continue_changes_no_verdict() -> None:
    continued = replace(performed(60), continued=(on(60), on(74)))
    assert verdicts(performed(0), continued)[1] == (2, "late", 60)


def test_an_omission_that_had_been_continued_counts_by_the_rule() -> None:
    assert verdicts(performed(0), omitted(continued=(100, 114)), performed(85))[1] == (3, "late", 85)


def test_a_step_is_judged_by_its_own_rule() -> None:
    own = SpacingRule(absolute_min_days=1, min_days=10, target_days=12, max_days=15)
    series = course(performed(0), performed(15), performed(31), under=protocol(step_spacing={2: own}))
    assert [found.verdict for found in evaluate(series)] == [Verdict.VALID, Verdict.VALID, Verdict.EARLY]
    long = course(performed(0), omitted(), performed(57), performed(100), under=protocol(step_spacing={2: own}))
    assert [found.verdict for found in evaluate(long)] == [Verdict.VALID, Verdict.VALID, Verdict.LATE]
    assert evaluate(long)[1].reason == "57 days after the session before; 28 to 57 are allowed."


def test_only_facts_are_judged() -> None:
    assert verdicts(performed(0), booked(35), due()) == [(1, "valid", None)]


def test_a_fact_after_an_open_session_is_judged_by_the_last_fact() -> None:
    assert verdicts(performed(0), due(), performed(40))[1] == (3, "valid", 40)


@pytest.mark.parametrize(("gap", "gone", "verdict"), [(27, (), "early"), (43, (), "late"), (84, (2,), "valid")])
def test_a_gap_alone_is_judged_as_in_its_series(gap: int, gone: tuple[int, ...], verdict: str) -> None:
    assert verdict_on(protocol(), 3, gap, gone) == verdict
