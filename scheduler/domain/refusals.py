"""Refusals: how the product says no.

Every refusal has a stable code for programs, a plain sentence for people, the facts behind it, and what would work.
The web turns the class of a refusal into a status; nothing else looks at it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scheduler.domain.phrases import together

JsonValue = Any  # whatever JSON can carry: text, numbers, ISO dates, lists and objects of them


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why something cannot be done.

    ``code`` is stable snake_case, ``detail`` a sentence, ``facts`` JSON values, ``remedy`` what would work.
    """

    code: str
    detail: str
    facts: Mapping[str, JsonValue] = field(default_factory=dict)
    remedy: str = ""


class Refusal(Exception):
    """The base of all refusals. Carries every conflict that was found, not only the first."""

    code = "refused"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        conflicts: Sequence[Conflict] = (),
        remedy: str = "",
        **facts: JsonValue,
    ) -> None:
        super().__init__(detail)
        self.code = code or type(self).code
        self.detail = detail
        self.conflicts = tuple(conflicts)
        self.remedy = remedy
        self.facts: dict[str, JsonValue] = facts

    def reword(self, say: Callable[[str], str]) -> None:
        """Put its sentences, and those of its conflicts, into the words of another language."""
        self.detail, self.remedy = say(self.detail), say(self.remedy)
        self.conflicts = tuple(replace(c, detail=say(c.detail), remedy=say(c.remedy)) for c in self.conflicts)


class RuleBroken(Refusal):
    """The rules, or a rival's booking, say no."""

    code = "rule_broken"


class Invalid(Refusal):
    """The request makes no sense as it stands, whatever the state of the world."""

    code = "invalid"


class NotFound(Refusal):
    """There is no such thing, or it is not yours: the two are never told apart."""

    code = "not_found"


class NotAllowed(Refusal):
    """Your roles do not include this."""

    code = "not_allowed"


class Stale(Refusal):
    """What you saw has changed since: the revision or digest that you sent is not today's."""

    code = "stale"


def refuse_all(conflicts: Sequence[Conflict]) -> None:
    """Raise one ``RuleBroken`` that carries all conflicts; with none, do nothing."""
    if conflicts:
        first = conflicts[0]
        detail = together(conflict.detail for conflict in conflicts)
        raise RuleBroken(detail, code=first.code, conflicts=conflicts, remedy=first.remedy, **first.facts)
