"""Holds: what a contraindication blocks, and until when.

A hold covers clinic dates, both ends inclusive. Its end rule says whether a date, a clearance or both end it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from scheduler.domain.blocked import Blocked, BlockedBy
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import Protocol
from scheduler.domain.refusals import Invalid, RuleBroken
from scheduler.domain.sites import BodySites


class EndRule(StrEnum):
    ON_DATE = "on_date"
    ON_CLEARANCE = "on_clearance"
    DATE_THEN_CLEARANCE = "date_then_clearance"
    DATE_AND_HEALED = "date_and_healed"
    DATE_OR_CLEARANCE = "date_or_clearance"
    PERMANENT = "permanent"

    @property
    def expires(self) -> bool:
        """Only these end by their date alone; every other rule needs a practitioner."""
        return self in (EndRule.ON_DATE, EndRule.DATE_OR_CLEARANCE)


class Scope(StrEnum):
    SITE = "site"
    SYSTEMIC = "systemic"


class HoldState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    DISMISSED = "dismissed"
    LIFTED = "lifted"
    ENTERED_IN_ERROR = "entered_in_error"


BLOCKING_STATES = frozenset({HoldState.PROPOSED, HoldState.ACTIVE})


class Kind(StrEnum):
    """Absolute, temporary, requires clearance, caution. A caution makes no hold."""

    ABSOLUTE = "absolute"
    TEMPORARY = "temporary"
    CLEARANCE = "clearance"
    CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A catalogue entry: the rule from which a hold's scope and end are computed.

    ``days`` counts from the answer's date (last dose, last use) to the last blocked day; ``variants`` maps
    a qualifier of the answer ("deep") to other days. ``review_days`` is when an open-ended hold is looked at again.
    ``only_modalities`` narrows what it bars; empty means every treatment. ``bars_product`` marks what bars a product
    and not the session.
    """

    code: str
    version: int
    label: str
    kind: Kind
    scope: Scope
    end_rule: EndRule
    days: int | None = None
    variants: tuple[tuple[str, int], ...] = ()
    review_days: int | None = None
    only_modalities: frozenset[str] = frozenset()
    bars_product: bool = False
    question: str = ""
    note: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A contraindication's block on one patient.

    ``ends_on`` is the last blocked date when a date plays a part; ``review_on`` stands for it while the end is open.
    Raises ``Invalid`` (``hold_reversed``) when it would end before it starts, and (``hold_without_end``) when it is
    open and nobody would ever look at it again.
    """

    id: UUID
    code: str
    scope: Scope
    site: str | None
    starts_on: date
    ends_on: date | None
    end_rule: EndRule
    state: HoldState
    review_on: date | None = None
    only_modalities: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Invalid(
                "A hold cannot end before it starts.",
                code="hold_reversed",
                starts_on=self.starts_on.isoformat(),
                ends_on=self.ends_on.isoformat(),
            )
        if self.end_rule is not EndRule.PERMANENT and self.ends_on is None and self.review_on is None:
            remedy = "Give it a last day or a review date."
            raise Invalid("An open hold needs a date for its review.", code="hold_without_end", remedy=remedy)

    def expired(self, today: date) -> bool:
        """True when its date has passed and its rule lets the date alone end it. Derived, never stored."""
        return self.end_rule.expires and self.ends_on is not None and self.ends_on < today

    def blocks_until(self, today: date) -> date:
        """The last blocked date as windows and plans must take it.

        A permanent hold has no end. An open one counts as ending on its review, and never before today.
        """
        if self.end_rule is EndRule.PERMANENT:
            return date.max
        if self.end_rule.expires and self.ends_on is not None:
            return self.ends_on
        return max(d for d in (self.ends_on, self.review_on, today, self.starts_on) if d is not None)

    def covers(self, on: date, today: date) -> bool:
        """Whether this date lies in it, as windows and plans must take it."""
        return self.starts_on <= on <= self.blocks_until(today)

    def overdue(self, today: date) -> bool:
        """True for an active hold without a passed date of its own whose review is due."""
        review = self.review_on or (None if self.end_rule.expires else self.ends_on)
        return self.state is HoldState.ACTIVE and review is not None and review <= today and not self.expired(today)


def applies(hold: Hold, protocol: Protocol, sites: Iterable[str], tree: BodySites) -> bool:
    """Whether a hold concerns a treatment under this protocol at these sites, whatever the date.

    Systemic holds concern the whole patient, site holds overlapping sites; a protocol may exempt codes, and a few
    contraindications bar some modalities only unless the protocol adds them.
    """
    if hold.state not in BLOCKING_STATES or hold.code in protocol.exempt_codes:
        return False
    if hold.only_modalities and protocol.modality not in hold.only_modalities and hold.code not in protocol.added_codes:
        return False
    return hold.scope is Scope.SYSTEMIC or tree.any_overlap((hold.site,), sites)


def blocked_by_holds(holds: Iterable[Hold], today: date) -> tuple[Blocked, ...]:
    """The dates that these holds block, proposed ones included. The code of a hold is never in the sentence."""
    return tuple(
        Blocked(hold.starts_on, hold.blocks_until(today), BlockedBy.HOLD, _until(hold, today), hold.id)
        for hold in holds
        if hold.state in BLOCKING_STATES and not hold.expired(today)
    )


def _until(hold: Hold, today: date) -> str:
    since = Phrase("A hold blocks treatment from %(day)s", day=hold.starts_on)
    if hold.state is HoldState.PROPOSED:
        since = Phrase("A proposed hold blocks treatment from %(day)s", day=hold.starts_on)
    if hold.end_rule is EndRule.PERMANENT:
        return Phrase("%(since)s for good.", since=since)
    if hold.end_rule.expires and hold.ends_on is not None:
        return Phrase("%(since)s to %(day)s.", since=since, day=hold.ends_on)
    review = max(d for d in (hold.ends_on, hold.review_on) if d is not None)
    if review >= today:
        return Phrase("%(since)s; it is reviewed on %(day)s.", since=since, day=review)
    return Phrase("%(since)s; its review was due on %(day)s.", since=since, day=review)


def covers_check_in(hold: Hold, today: date) -> bool:
    """Whether check-in is refused on this date: inside the dates, or later while a practitioner must still end it."""
    return hold.state in BLOCKING_STATES and hold.covers(today, today)


def refuse_lifting(hold: Hold) -> None:
    """Raise ``RuleBroken`` (``permanent_hold``) for an absolute contraindication: it has no end and no override."""
    if hold.end_rule is EndRule.PERMANENT:
        raise RuleBroken(
            "An absolute contraindication cannot be lifted.",
            code="permanent_hold",
            remedy="If it was wrong, mark it entered in error.",
            hold=str(hold.id),
        )


def end_from_answer(rule: Contraindication, answered: date, variant: str | None = None) -> date | None:
    """The last blocked date by the rule: the answer's date plus its days (3 May and 180 days: 30 October).

    ``answered`` is the date that the answer names: last dose, last use, day of the treatment.
    """
    days = dict(rule.variants).get(variant or "", rule.days)
    return None if days is None else answered + timedelta(days=days)
