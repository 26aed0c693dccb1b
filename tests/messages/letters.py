"""One letter of each kind, as the golden files show them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from scheduler.domain.contact import CalendarBy, Language
from scheduler.messages.letters import (
    Letter,
    aftercare_letter,
    calendar_switched_letter,
    news_letter,
    reminder_letter,
)
from tests.messages.samples import QUAY, SESSION, a_visit, booked, cancelled, moved

LINK = "https://harbour.example/my/x7"
ADVICE = ("Leave make-up off.", "Use a gentle cleanser and a moisturiser. A cold compress helps.")
FIRST, SECOND, THIRD = (
    a_visit(datetime(2026, month, day, hour, 30, tzinfo=UTC), session=number)
    for number, (month, day, hour) in enumerate(((3, 3, 9), (4, 7, 8), (5, 12, 8)), 2)
)
LATER = [
    a_visit(datetime(2026, month, day, hour, 0, tzinfo=UTC), session=number)
    for number, (month, day, hour) in enumerate(((3, 5, 16), (4, 9, 15), (5, 14, 15)), 2)
]
HILL = replace(LATER[0], clinic="Hill Clinic", address="2 Hill Road, London", phone="020 7946 0111")
BERLIN = replace(LATER[1], zone="Europe/Berlin", clinic="Klinik am Kanal", address="Ufer 3, Berlin", phone="030 23125")

ANNA = {"name": "Anna Berg"}
KINDS: Mapping[str, Callable[..., Letter]] = {
    "one is booked": partial(news_letter, [booked(SESSION)], **ANNA),
    "three are booked": partial(news_letter, [booked(THIRD), booked(FIRST), booked(SECOND)], link=LINK, **ANNA),
    "one has moved to another clinic": partial(news_letter, [moved(FIRST, HILL)], **ANNA),
    "three have moved, and carry three calendar files": partial(
        news_letter,
        [moved(before, after) for before, after in zip((FIRST, SECOND, THIRD), LATER, strict=True)],
        attached=3,
        **ANNA,
    ),
    "one is cancelled, and nothing may be named": partial(news_letter, [cancelled(QUAY)], **ANNA),
    "all kinds of news": partial(
        news_letter, [cancelled(SECOND), moved(FIRST, LATER[0]), booked(THIRD)], link=LINK, **ANNA
    ),
    "visits in two zones": partial(news_letter, [booked(FIRST), booked(BERLIN)], **ANNA),
    "a reminder": partial(reminder_letter, replace(SESSION, preparation=ADVICE[:1]), link=LINK, **ANNA),
    "a reminder, and nothing may be named": partial(reminder_letter, QUAY, **ANNA),
    "aftercare": partial(aftercare_letter, ADVICE, visit=SESSION, **ANNA),
    "aftercare with a link": partial(aftercare_letter, ADVICE, visit=QUAY, link=LINK, **ANNA),
    "the calendar comes by mail now": partial(
        calendar_switched_letter, [SECOND, FIRST], calendar_by=CalendarBy.INVITATIONS, attached=2, **ANNA
    ),
    "the calendar comes by the link now": partial(
        calendar_switched_letter, [FIRST], calendar_by=CalendarBy.FEED, link=LINK, **ANNA
    ),
}


def all_letters(language: Language) -> dict[str, Letter]:
    return {kind: write(language=language) for kind, write in KINDS.items()}


def as_page(language: Language) -> str:
    """Every letter as people would read it, one below the other."""
    return "\n".join(
        f"==== {kind}\nSubject: {letter.subject}\nShort: {letter.short}\n\n{letter.plain}"
        for kind, letter in all_letters(language).items()
    )
