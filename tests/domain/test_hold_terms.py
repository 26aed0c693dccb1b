"""The hold that an answer makes: its dates by the rule, and what makes no hold at all."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from scheduler.domain.hold_terms import HoldWish, extended, hold_under, refuse_without_block
from scheduler.domain.holds import Contraindication, EndRule, Hold, HoldState, Kind, Scope
from scheduler.domain.refusals import Invalid, RuleBroken
from tests.domain.courses import hold, on

ID = UUID(int=77)
MAY_3 = date(2026, 5, 3)
DRUG = Contraindication(
    "isotretinoin", 1, "Oral isotretinoin", Kind.CLEARANCE, Scope.SYSTEMIC, EndRule.DATE_OR_CLEARANCE, days=180
)
SORE = Contraindication("hsv-active", 1, "Cold sore", Kind.TEMPORARY, Scope.SITE, EndRule.ON_CLEARANCE, review_days=10)
PEEL = Contraindication(
    "recent-peel",
    1,
    "Peel",
    Kind.TEMPORARY,
    Scope.SITE,
    EndRule.ON_DATE,
    days=90,
    variants=(("superficial", 14), ("deep", 90)),
)
BLEEDING = Contraindication("bleeding-disorder", 1, "Bleeding", Kind.ABSOLUTE, Scope.SYSTEMIC, EndRule.PERMANENT)


def made(rule: Contraindication, today: date = MAY_3, **given: object) -> Hold:
    wish = replace(HoldWish(rule.code), **given)  # type: ignore[arg-type]
    return hold_under(rule, wish, ID, HoldState.ACTIVE, today)


def refused(rule: Contraindication, **given: object) -> Invalid:
    with pytest.raises(Invalid) as refusal:
        made(rule, **given)
    return refusal.value


def test_the_end_counts_from_the_date_that_the_answer_names() -> None:
    assert made(DRUG, answered_on=MAY_3, today=date(2026, 6, 1)) == Hold(
        id=ID,
        code="isotretinoin",
        scope=Scope.SYSTEMIC,
        site=None,
        starts_on=MAY_3,
        ends_on=date(2026, 10, 30),
        end_rule=EndRule.DATE_OR_CLEARANCE,
        state=HoldState.ACTIVE,
    )


def test_without_an_answers_date_today_counts() -> None:
    found = made(PEEL, site="face")
    assert (found.starts_on, found.ends_on, found.site) == (MAY_3, MAY_3 + timedelta(90), "face")


def test_the_answers_qualifier_chooses_the_days() -> None:
    assert made(PEEL, variant="superficial").ends_on == MAY_3 + timedelta(14)


def test_a_qualifier_that_the_rule_does_not_know_is_refused() -> None:
    refusal = refused(PEEL, variant="shallow")
    assert (refusal.code, refusal.facts) == ("unknown_variant", {"variants": ["deep", "superficial"]})


def test_an_open_end_is_reviewed_after_the_rules_days() -> None:
    found = made(SORE)
    assert (found.ends_on, found.review_on) == (None, date(2026, 5, 13))


@pytest.mark.parametrize(
    ("answered", "review"), [(date(2026, 4, 1), date(2026, 5, 13)), (date(2026, 5, 8), date(2026, 5, 18))]
)
def test_the_review_never_counts_from_before_today(answered: date, review: date) -> None:
    assert made(SORE, answered_on=answered).review_on == review


def test_given_dates_stand_before_the_rules() -> None:
    given = {"starts_on": date(2026, 5, 5), "ends_on": date(2026, 5, 9), "review_on": date(2026, 5, 8)}
    found = made(SORE, **given)
    assert (found.starts_on, found.ends_on, found.review_on) == tuple(given.values())


def test_a_systemic_hold_has_no_site() -> None:
    assert made(DRUG, site="face").site is None


def test_dates_in_the_wrong_order_are_refused() -> None:
    assert refused(PEEL, starts_on=date(2026, 5, 9), ends_on=date(2026, 5, 8)).code == "hold_reversed"


def test_a_computed_end_before_the_start_is_refused() -> None:
    assert refused(PEEL, variant="superficial", answered_on=date(2026, 4, 1), starts_on=MAY_3).code == "hold_reversed"


def test_a_rule_that_ends_by_date_needs_one() -> None:
    refusal = refused(replace(PEEL, days=None))
    assert (refusal.code, refusal.remedy) == ("hold_without_end", "Give its last day.")


def test_an_open_end_without_a_review_is_refused() -> None:
    assert refused(replace(SORE, review_days=None)).code == "hold_without_end"


def test_a_permanent_hold_takes_no_end_and_needs_none() -> None:
    assert made(BLEEDING).ends_on is None
    assert refused(BLEEDING, ends_on=date(2026, 6, 1)).code == "permanent_without_end"
    assert refused(BLEEDING, review_on=date(2026, 6, 1)).code == "permanent_without_end"


def test_what_a_rule_bars_only_for_some_treatments_stays_so() -> None:
    implant = replace(BLEEDING, only_modalities=frozenset({"rf"}))
    assert made(implant).only_modalities == {"rf"}


def test_a_caution_makes_no_hold() -> None:
    with pytest.raises(RuleBroken) as refusal:
        refuse_without_block(replace(SORE, kind=Kind.CAUTION))
    assert refusal.value.code == "caution_makes_no_hold"


def test_an_allergy_to_a_product_bars_the_product_only() -> None:
    with pytest.raises(RuleBroken) as refusal:
        refuse_without_block(replace(BLEEDING, bars_product=True))
    assert refusal.value.code == "bars_product_only"


@pytest.mark.parametrize("rule", [DRUG, SORE, PEEL, BLEEDING])
def test_what_blocks_is_let_through(rule: Contraindication) -> None:
    refuse_without_block(rule)


def test_an_extension_changes_only_its_dates() -> None:
    given = hold(0, 10, EndRule.DATE_AND_HEALED, review=5)
    assert extended(given, on(20), None) == replace(given, ends_on=on(20))
    assert extended(given, None, on(6)) == replace(given, review_on=on(6))
    assert extended(given, on(10), on(5)) == given


@pytest.mark.parametrize(("ends_on", "review_on"), [(on(9), None), (None, on(4)), (on(11), on(4)), (on(9), on(6))])
def test_an_earlier_date_is_no_extension(ends_on: date | None, review_on: date | None) -> None:
    with pytest.raises(Invalid) as refusal:
        extended(hold(0, 10, EndRule.DATE_AND_HEALED, review=5), ends_on, review_on)
    assert refusal.value.code == "not_an_extension"


def test_an_extension_names_a_date() -> None:
    with pytest.raises(Invalid) as refusal:
        extended(hold(0, 10), None, None)
    assert refusal.value.code == "extension_missing"


def test_a_permanent_hold_cannot_be_extended() -> None:
    with pytest.raises(Invalid) as refusal:
        extended(hold(0, None, EndRule.PERMANENT), on(20), None)
    assert refusal.value.code == "permanent_without_end"
