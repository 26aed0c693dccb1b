"""Hold terms: the hold that an answer makes under a catalogue's rule, with the dates that the answer leads to."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from scheduler.domain.holds import Contraindication, EndRule, Hold, HoldState, Kind, Scope, end_from_answer
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, RuleBroken


@dataclass(frozen=True, slots=True)
class HoldWish:
    """What somebody asks a hold to be; what is not given comes from the rule. All dates are clinic dates.

    ``answered_on`` is the date that the answer names: last dose, last use, day of the treatment. ``variant`` is the
    answer's qualifier ("deep"), ``note`` what was said. A systemic contraindication has no use for ``site``.
    """

    code: str
    site: str | None = None
    answered_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    review_on: date | None = None
    variant: str | None = None
    note: str = ""


def refuse_without_block(rule: Contraindication) -> None:
    """Raise ``RuleBroken`` for what blocks no session: a caution, or an allergy that bars one product."""
    if rule.kind is Kind.CAUTION:
        raise RuleBroken(
            "This contraindication is a caution and blocks nothing.",
            code="caution_makes_no_hold",
            remedy="Note it, and let the practitioner who treats know.",
        )
    if rule.bars_product:
        raise RuleBroken(
            "This contraindication bars a product and not the session.",
            code="bars_product_only",
            remedy="Note the product, so that the session goes without it.",
        )


def hold_under(rule: Contraindication, wish: HoldWish, hold_id: UUID, state: HoldState, today: date) -> Hold:
    """The hold that ``wish`` makes under ``rule``.

    It starts on the date that the answer names, or today; its end counts from there. An open end is reviewed so many
    days after the answer, or after today where the answer is older. Raises ``Invalid``: ``unknown_variant``,
    ``hold_without_end``, ``permanent_without_end``, ``hold_reversed``.
    """
    _check(rule, wish)
    answered = wish.answered_on or today
    ends_on = wish.ends_on or end_from_answer(rule, answered, wish.variant)
    if rule.end_rule.expires and ends_on is None:
        raise Invalid(
            "This hold ends by its date, so it needs one.", code="hold_without_end", remedy="Give its last day."
        )
    return Hold(
        id=hold_id,
        code=rule.code,
        scope=rule.scope,
        site=wish.site if rule.scope is Scope.SITE else None,
        starts_on=wish.starts_on or answered,
        ends_on=ends_on,
        end_rule=rule.end_rule,
        state=state,
        review_on=wish.review_on or _review(rule, max(answered, today)),
        only_modalities=rule.only_modalities,
    )


def _check(rule: Contraindication, wish: HoldWish) -> None:
    variants = sorted(name for name, _ in rule.variants)
    if wish.variant is not None and wish.variant not in variants:
        detail = Phrase("There is no variant called “%(variant)s” here.", variant=wish.variant)
        raise Invalid(detail, code="unknown_variant", variants=variants)
    if rule.end_rule is EndRule.PERMANENT and (wish.ends_on or wish.review_on):
        remedy = "Leave the last day and the review out."
        raise Invalid("This contraindication has no end.", code="permanent_without_end", remedy=remedy)


def _review(rule: Contraindication, since: date) -> date | None:
    return None if rule.review_days is None else since + timedelta(rule.review_days)


def extended(hold: Hold, ends_on: date | None, review_on: date | None) -> Hold:
    """The same hold with a later last day, a later review, or both.

    Raises ``Invalid``: ``permanent_without_end``, ``extension_missing`` when neither is given, and
    ``not_an_extension`` when one lies before the present one.
    """
    if hold.end_rule is EndRule.PERMANENT:
        raise Invalid("This hold has no end that could be later.", code="permanent_without_end")
    if ends_on is None and review_on is None:
        remedy = "Give a last day, a review date, or both."
        raise Invalid("An extension needs a later date.", code="extension_missing", remedy=remedy)
    for later, present in ((ends_on, hold.ends_on), (review_on, hold.review_on)):
        if later and present and later < present:
            detail = Phrase("%(day)s is earlier than %(day_2)s.", day=later, day_2=present)
            raise Invalid(detail, code="not_an_extension", remedy="Lift the hold when it is to end earlier.")
    return replace(hold, ends_on=ends_on or hold.ends_on, review_on=review_on or hold.review_on)
