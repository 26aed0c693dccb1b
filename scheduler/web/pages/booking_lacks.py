"""Why there are not more plans, in words, and the wish that could be given up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.domain.exclusions import Exclusion
from scheduler.web.pages.booking_choice import BookingChoice
from scheduler.web.pages.telling import told
from scheduler.web.pages.words import long_day, say

GIVEN_UP: Mapping[str, Mapping[str, Any]] = {
    "wish_start": {"start": None},
    "wish_avoid": {"away": None, "back": None},
    "wish_pinned": {"pin": ()},
    "wish_practitioner": {"who": None},
    "wish_same_practitioner": {"same": None},
}
"""What is changed in the choice when a wish is given up."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One reason. ``path`` leads to the plans without this wish, and is ``None`` for a rule."""

    text: str
    path: str | None
    offer: str = ""


def lacks_of(excluded: Sequence[Exclusion], choice: BookingChoice) -> tuple[Lack, ...]:
    """What would give more plans if it were not so; where nothing would alone, everything that is in force."""
    helping = [one for one in excluded if one.would_help] or list(excluded)
    return tuple(_lack(one, choice) for one in helping)


def wishes_in_force(choice: BookingChoice) -> tuple[Lack, ...]:
    """Every hard wish of a visit, each with the way to give it up."""
    codes = [
        code
        for code, changed in GIVEN_UP.items()
        if any(getattr(choice, field) for field in changed) and code != "wish_same_practitioner"
    ]
    facts = {"start_on": choice.start.isoformat()} if choice.start else {}
    return tuple(_lack(Exclusion(code, "", facts, True), choice) for code in codes)


def _lack(one: Exclusion, choice: BookingChoice) -> Lack:
    text = TEXTS[one.code](one.facts) if one.code in TEXTS else told(one.detail)
    if one.code not in GIVEN_UP:
        return Lack(text, None)
    return Lack(text, choice.path(**GIVEN_UP[one.code]), _offer(one.code))


def _offer(code: str) -> str:
    return {
        "wish_start": say("Start any day"),
        "wish_avoid": say("Allow these dates"),
        "wish_pinned": say("Let go of the pinned time"),
        "wish_practitioner": say("Anybody will do"),
        "wish_same_practitioner": say("Several people will do"),
    }[code]


def _on_hold(facts: Mapping[str, Any]) -> str:
    ends = [one["to"] for one in facts.get("ranges", ())]
    if None in ends or not ends:
        return say("On hold for good.")
    return say("On hold until %(day)s.", day=long_day(date.fromisoformat(max(ends))))


TEXTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "on_hold": _on_hold,
    "closed_day": lambda _: say("The clinic is closed on some of the days."),
    "other_procedure_too_near": lambda _: say("Another treatment on the same body site is too near."),
    "no_free_time": lambda _: say("Other appointments take the time."),
    "not_working": lambda _: say("Nobody who could treat works at other times."),
    "not_qualified": lambda _: say("Other practitioners are not qualified for it."),
    "spacing": lambda _: say("The days between sessions leave no other dates."),
    "wish_start": lambda facts: say(
        "Not before %(day)s, as wished.", day=long_day(date.fromisoformat(facts["start_on"]))
    ),
    "wish_avoid": lambda _: say("Some dates are to be avoided, as wished."),
    "wish_pinned": lambda _: say("A session is pinned to one time."),
    "wish_practitioner": lambda _: say("One practitioner is wished for."),
    "wish_same_practitioner": lambda _: say("One practitioner is to do all sessions, as wished."),
}
