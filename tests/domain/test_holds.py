"""Holds: what they cover, until when, whom they concern, and what they refuse."""

from dataclasses import replace

import pytest

from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.holds import (
    BLOCKING_STATES,
    Contraindication,
    EndRule,
    Hold,
    HoldState,
    Kind,
    Scope,
    applies,
    blocked_by_holds,
    covers_check_in,
    end_from_answer,
    refuse_lifting,
)
from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.domain.sites import BodySites
from tests.domain.courses import hold, iso, number_of, on, protocol

OPEN_RULES = (EndRule.ON_CLEARANCE, EndRule.DATE_THEN_CLEARANCE, EndRule.DATE_AND_HEALED)
DATED_RULES = (EndRule.ON_DATE, EndRule.DATE_OR_CLEARANCE)
TREE = BodySites({"face": None, "perioral": "face", "lips": "perioral", "back": None})


def blocked_days(given: Hold, today: int) -> list[tuple[int, int]]:
    return [(number_of(b.first), number_of(b.last)) for b in blocked_by_holds([given], on(today))]


@pytest.mark.parametrize("rule", DATED_RULES)
def test_only_a_hold_that_ends_by_date_expires(rule: EndRule) -> None:
    given = hold(10, 20, rule)
    assert [given.expired(on(day)) for day in (9, 20, 21)] == [False, False, True]
    assert (blocked_days(given, 20), blocked_days(given, 21)) == ([(10, 20)], [])


@pytest.mark.parametrize("rule", OPEN_RULES)
def test_a_hold_that_waits_for_a_practitioner_goes_on_after_its_date(rule: EndRule) -> None:
    given = hold(10, 20, rule)
    assert not given.expired(on(99))
    assert [blocked_days(given, day) for day in (5, 20, 21, 99)] == [[(10, 20)], [(10, 20)], [(10, 21)], [(10, 99)]]


@pytest.mark.parametrize("rule", [*OPEN_RULES, *DATED_RULES])
def test_an_open_ended_hold_counts_as_ending_on_its_review_or_today(rule: EndRule) -> None:
    given = hold(10, None, rule, review=24)
    assert [blocked_days(given, day) for day in (12, 24, 25)] == [[(10, 24)], [(10, 24)], [(10, 25)]]


def test_a_review_after_the_date_of_a_hold_that_waits_counts() -> None:
    assert blocked_days(hold(10, 20, EndRule.DATE_THEN_CLEARANCE, review=24), 12) == [(10, 24)]
    assert blocked_days(hold(10, 20, EndRule.DATE_THEN_CLEARANCE, review=15), 12) == [(10, 20)]


def test_a_review_does_not_lengthen_a_hold_that_ends_by_date() -> None:
    assert blocked_days(hold(10, 20, EndRule.ON_DATE, review=24), 12) == [(10, 20)]


def test_a_hold_whose_review_lies_before_its_start_blocks_its_first_day() -> None:
    assert blocked_days(hold(10, None, EndRule.ON_CLEARANCE, review=8), 5) == [(10, 10)]


def test_a_permanent_hold_never_ends() -> None:
    given = hold(10, 20, EndRule.PERMANENT)
    assert given.blocks_until(on(0)).year == 9999
    assert not given.expired(on(99))


@pytest.mark.parametrize("state", sorted(HoldState))
def test_only_proposed_and_active_holds_block(state: HoldState) -> None:
    assert bool(blocked_days(hold(10, 20, state=state), 5)) is (state in ("proposed", "active"))
    assert (state in BLOCKING_STATES) is (state in ("proposed", "active"))


def test_what_a_hold_says_never_names_its_code() -> None:
    holds = (
        hold(10, 20),
        hold(11, 21, state=HoldState.PROPOSED),
        hold(12, None, EndRule.ON_CLEARANCE, review=22),
        hold(13, None, EndRule.PERMANENT),
    )
    assert [blocked.detail for blocked in blocked_by_holds(holds, on(5))] == [
        f"A hold blocks treatment from {iso(10)} to {iso(20)}.",
        f"A proposed hold blocks treatment from {iso(11)} to {iso(21)}.",
        f"A hold blocks treatment from {iso(12)}; it is reviewed on {iso(22)}.",
        f"A hold blocks treatment from {iso(13)} for good.",
    ]
    (first, *_) = blocked_by_holds(holds, on(5))
    assert first == Blocked(on(10), on(20), BlockedBy.HOLD, first.detail, holds[0].id)


@pytest.mark.parametrize(
    ("today", "last", "review", "said"),
    [
        (22, None, 22, f"it is reviewed on {iso(22)}."),
        (23, None, 22, f"its review was due on {iso(22)}."),
        (5, 20, 15, f"it is reviewed on {iso(20)}."),
        (5, 20, 25, f"it is reviewed on {iso(25)}."),
        (5, 20, None, f"it is reviewed on {iso(20)}."),
    ],
)
def test_an_open_hold_says_when_it_is_or_was_to_be_reviewed(
    today: int, last: int | None, review: int | None, said: str
) -> None:
    (blocked,) = blocked_by_holds([hold(12, last, EndRule.DATE_AND_HEALED, review=review)], on(today))
    assert blocked.detail == f"A hold blocks treatment from {iso(12)}; {said}"


def test_a_hold_that_should_end_by_date_and_has_none_says_its_review() -> None:
    (blocked,) = blocked_by_holds([hold(12, None, EndRule.ON_DATE, review=22)], on(5))
    assert blocked.detail == f"A hold blocks treatment from {iso(12)}; it is reviewed on {iso(22)}."


@pytest.mark.parametrize(("day", "inside"), [(9, False), (10, True), (20, True), (21, False)])
def test_a_hold_covers_its_first_and_last_day(day: int, inside: bool) -> None:
    assert hold(10, 20).covers(on(day), on(5)) is inside


@pytest.mark.parametrize("state", sorted(HoldState))
def test_check_in_is_refused_under_a_proposed_or_active_hold(state: HoldState) -> None:
    assert covers_check_in(hold(10, 20, state=state), on(15)) is (state in ("proposed", "active"))


def test_check_in_is_refused_inside_the_dates_only() -> None:
    assert [covers_check_in(hold(10, 20), on(day)) for day in (9, 10, 20, 21)] == [False, True, True, False]


def test_check_in_is_refused_for_as_long_as_an_open_ended_hold_is_active() -> None:
    given = hold(10, None, EndRule.ON_CLEARANCE, review=24)
    assert [covers_check_in(given, on(day)) for day in (9, 10, 24, 25, 90)] == [False, True, True, True, True]


def test_an_open_ended_hold_is_overdue_from_its_review_on() -> None:
    given = hold(10, None, EndRule.ON_CLEARANCE, review=24)
    assert [given.overdue(on(day)) for day in (23, 24, 60)] == [False, True, True]
    assert not replace(given, state=HoldState.PROPOSED).overdue(on(24))


def test_a_hold_that_waits_after_its_date_is_overdue_from_that_date_on() -> None:
    given = hold(10, 20, EndRule.DATE_THEN_CLEARANCE)
    assert [given.overdue(on(day)) for day in (19, 20)] == [False, True]


def test_a_review_comes_before_the_date_of_a_hold() -> None:
    given = hold(10, 20, EndRule.DATE_AND_HEALED, review=15)
    assert [given.overdue(on(day)) for day in (14, 15)] == [False, True]


def test_a_hold_that_ends_by_date_is_never_overdue_after_it() -> None:
    given = hold(10, 20, EndRule.ON_DATE, review=15)
    assert [given.overdue(on(day)) for day in (14, 15, 20, 21)] == [False, True, True, False]
    assert [hold(10, 20, EndRule.ON_DATE).overdue(on(day)) for day in (19, 20)] == [False, False]


def test_a_reversed_hold_makes_no_sense() -> None:
    with pytest.raises(Invalid) as refusal:
        hold(20, 19)
    assert refusal.value.code == "hold_reversed"
    assert refusal.value.detail == "A hold cannot end before it starts."
    assert refusal.value.facts == {"starts_on": iso(20), "ends_on": iso(19)}
    assert hold(20, 20).covers(on(20), on(5))


@pytest.mark.parametrize("rule", sorted(set(EndRule) - {EndRule.PERMANENT}))
def test_an_open_ended_hold_carries_a_review_date(rule: EndRule) -> None:
    with pytest.raises(Invalid) as refusal:
        hold(20, None, rule)
    assert refusal.value.code == "hold_without_end"
    assert refusal.value.detail == "An open hold needs a date for its review."
    assert refusal.value.remedy == "Give it a last day or a review date."


def test_a_permanent_hold_needs_no_date() -> None:
    assert hold(20, None, EndRule.PERMANENT).ends_on is None


def test_a_permanent_hold_cannot_be_lifted() -> None:
    with pytest.raises(RuleBroken) as refusal:
        refuse_lifting(hold(20, None, EndRule.PERMANENT))
    assert refusal.value.code == "permanent_hold"
    assert refusal.value.detail == "An absolute contraindication cannot be lifted."
    assert refusal.value.remedy == "If it was wrong, mark it entered in error."
    assert refusal.value.facts == {"hold": str(hold(20, 20).id)}


@pytest.mark.parametrize("rule", [*OPEN_RULES, *DATED_RULES])
def test_any_other_hold_can_be_lifted(rule: EndRule) -> None:
    refuse_lifting(hold(20, 30, rule))


@pytest.mark.parametrize(
    ("site", "treated", "concerned"),
    [
        ("lips", ["face"], True),
        ("face", ["lips"], True),
        ("lips", ["back"], False),
        ("lips", ["back", "perioral"], True),
        (None, ["back"], True),
        ("lips", [], True),
        ("elbow", ["back"], True),
    ],
)
def test_a_site_hold_concerns_overlapping_sites(site: str | None, treated: list[str], concerned: bool) -> None:
    assert applies(hold(1, 2, scope=Scope.SITE, site=site), protocol(), treated, TREE) is concerned


def test_a_systemic_hold_concerns_every_site() -> None:
    assert applies(hold(1, 2, scope=Scope.SYSTEMIC, site="lips"), protocol(), ["back"], TREE)


def test_a_protocol_may_exempt_a_code() -> None:
    exempt = protocol(exempt_codes=frozenset({"hsv-active"}))
    assert not applies(hold(1, 2), exempt, ["face"], TREE)
    assert applies(hold(1, 2, code="open-wound"), exempt, ["face"], TREE)


def test_an_implant_bars_radio_frequency_only_unless_a_protocol_adds_it() -> None:
    implant = hold(1, None, EndRule.PERMANENT, code="electronic-implant", modalities=["rf"])
    assert applies(implant, protocol(modality="rf"), ["face"], TREE)
    assert not applies(implant, protocol(modality="needling"), ["face"], TREE)
    added = protocol(modality="needling", added_codes=frozenset({"electronic-implant"}))
    assert applies(implant, added, ["face"], TREE)


@pytest.mark.parametrize("state", sorted(HoldState))
def test_a_hold_concerns_treatments_while_it_is_proposed_or_active(state: HoldState) -> None:
    assert applies(hold(1, 2, state=state), protocol(), ["face"], TREE) is (state in ("proposed", "active"))


RULE = Contraindication("isotretinoin", 1, "Isotretinoin", Kind.CLEARANCE, Scope.SYSTEMIC, EndRule.DATE_OR_CLEARANCE)


def test_the_last_dose_on_3_may_and_180_days_end_on_30_october() -> None:
    end = end_from_answer(replace(RULE, days=180), on(118))
    assert (on(118).isoformat(), end and end.isoformat()) == ("2026-05-03", "2026-10-30")


def test_the_kind_of_an_answer_may_have_days_of_its_own() -> None:
    peel = replace(RULE, days=14, variants=(("medium", 28), ("deep", 90)))
    ends = [end_from_answer(peel, on(0), variant) for variant in (None, "medium", "deep", "unheard-of")]
    assert ends == [on(14), on(28), on(90), on(14)]


def test_a_rule_without_days_computes_no_end() -> None:
    assert end_from_answer(RULE, on(0)) is None
    assert end_from_answer(RULE, on(0), "deep") is None


@pytest.mark.parametrize("rule", sorted(EndRule))
def test_only_two_end_rules_expire_by_date(rule: EndRule) -> None:
    assert rule.expires is (rule in DATED_RULES)
