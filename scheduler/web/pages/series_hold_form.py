"""The form of a hold: what can be chosen, what was typed, and what operations make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from scheduler.domain.hold_effects import HoldChoice
from scheduler.domain.hold_terms import HoldWish
from scheduler.domain.holds import Contraindication, Kind
from scheduler.operations.holds.hold_deeds import Tell
from scheduler.storage import entries
from scheduler.storage.rows import EntryKind
from scheduler.web.api.fields import Code, Prose
from scheduler.web.pages.registry import Form, PageCall
from scheduler.web.pages.series_hold_rows import ends_words
from scheduler.web.pages.words import say, words

Digest = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class HoldForm(Form):
    """What is left out comes from the rule. ``seen`` is the patient's revision, ``digest`` the preview's."""

    code: Code
    site: Code | None = None
    answered_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    review_on: date | None = None
    variant: Code | None = None
    note: Prose | None = None
    choose: HoldChoice = HoldChoice.DEFER
    tell: Tell = Tell.MESSAGE
    digest: Digest | None = None
    seen: int

    @property
    def wish(self) -> HoldWish:
        """What operations call it."""
        return HoldWish(
            code=self.code,
            site=self.site,
            answered_on=self.answered_on,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            review_on=self.review_on,
            variant=self.variant,
            note=self.note or "",
        )


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose: what is sent, and its word."""

    code: str
    word: str
    detail: str = ""


def rules(call: PageCall) -> list[Contraindication]:
    """Every contraindication of the organisation's catalogue that makes a hold."""
    found = entries.current_entries(call.tx, call.context.organisation_id, EntryKind.CONTRAINDICATION)
    known = (entries.contraindication(call.tx, row.id) for row in found)
    return [rule for rule in known if rule.kind is not Kind.CAUTION and not rule.bars_product]


def reasons(holding: Sequence[Contraindication]) -> list[Named]:
    """What can be chosen, by name, each with what ends its hold."""
    told = (Named(rule.code, words().translated(rule.label), ends_words(rule.end_rule)) for rule in holding)
    return sorted(told, key=lambda reason: reason.word.casefold())


def variants(holding: Sequence[Contraindication]) -> list[Named]:
    """The qualifiers of answers that change how long a hold lasts, with what they belong to."""
    return [
        Named(name, f"{words().translated(rule.label)}: {words().translated(name)}")
        for rule in holding
        for name, _ in rule.variants
    ]


def sites() -> list[Named]:
    """Every body site, as the tree has them."""
    return [Named(code, words().translated(site.label)) for code, site in entries.shipped().body_sites.items()]


def choices() -> list[Named]:
    """What becomes of the sessions that a hold hits."""
    return [
        Named("defer", say("Later"), say("They get a new date when the hold is over.")),
        Named("omit", say("Left out"), say("They do not take place; the others go on.")),
        Named("cease", say("The series ends"), say("Nothing that lies ahead stays booked.")),
    ]


def meanwhile() -> list[Named]:
    """What becomes of a session that waits while a hold stands."""
    return [
        Named("defer", say("Later"), say("It waits for a new date until the hold is over.")),
        Named("omit", say("Left out"), say("It does not take place; the others go on.")),
        Named("cease", say("The series ends"), say("What is still booked is cancelled, and the patient is told.")),
    ]


def tellings() -> list[Named]:
    """How the patient learns of it."""
    return [
        Named("message", say("Send a message in three minutes")),
        Named("call", say("Call, and put it on the list")),
    ]
