"""Invented people: names from many scripts, and phone numbers and addresses that are set aside for inventions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from scheduler.demo.names import NAMINGS, Naming

CALLING_CODES = {"GB": "+44 7700 900{:03}", "US": "+1 ({}) 555-01{:02}"}
AREAS = (212, 332, 347, 516, 631, 646, 718, 845, 914, 917)
"""Area codes of New York; numbers from 555-0100 to 555-0199 belong to nobody, as do British ones from 07700 900000."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who calls. ``phone`` and ``email`` may be shared in a family; one of them is always there."""

    name: str
    phone: str | None
    email: str | None
    born: date | None
    note: str


NOTES = ("Prefers a text to a call.", "Needs step-free access.", "Speaks softly; call back if unsure.", "Parks behind.")


def invented_people(chance: Random, many: int, today: date) -> Iterator[Person]:
    """Different names, some with only a phone, some with only an e-mail address, a few with a parent's phone."""
    names = [name for naming in NAMINGS for name in _all_of(naming)]
    for number, name in enumerate(chance.sample(names, many)):
        contact = chance.random()
        yield Person(
            name=name,
            phone=None if contact < 0.05 else _phone(number),
            email=None if 0.05 <= contact < 0.35 else f"patient{number:03}@example.org",
            born=None if chance.random() < 0.15 else today - timedelta(chance.randint(19 * 365, 78 * 365)),
            note=chance.choice(NOTES) if chance.random() < 0.1 else "",
        )


def _all_of(naming: Naming) -> list[str]:
    return [naming.pattern.format(given=one, family=other) for one in naming.given for other in naming.family]


def _phone(number: int) -> str:
    """Every twelfth patient answers the phone of the one before."""
    number -= number % 12 == 11
    if number % 2:
        return CALLING_CODES["US"].format(AREAS[number % len(AREAS)], number % 100)
    return CALLING_CODES["GB"].format(number)
