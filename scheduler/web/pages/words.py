"""Words of the pages: each visitor's language, and dates as people write them."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, g, request, session

from scheduler.domain.contact import Language
from scheduler.messages.words import Words, words_of

PATTERNS = {
    Language.ENGLISH: ("EEEE d MMMM", "EEEE d MMMM y", "EEE d MMM"),
    Language.GERMAN: ("EEEE, d. MMMM", "EEEE, d. MMMM y", "EEE d. MMM"),
}
"""A day with its weekday and the month in words: in full, with its year, and in short."""


def install(app: Flask) -> None:
    """Let templates speak: ``say`` and ``counted`` as in letters, and the dates below."""
    names = (say, counted, long_day, day_with_year, short_day, language_tag)
    app.jinja_env.globals.update({name.__name__: name for name in names})


def words() -> Words:
    """The words of the language that was chosen, or that the browser asks for; else English."""
    found: Words | None = g.get("words")
    if found is None:
        found = g.words = words_of(_language())
    return found


def _language() -> Language:
    known = [language.value for language in Language]
    chosen = session.get("language")
    asked = request.accept_languages.best_match(known, default=Language.ENGLISH.value)
    return Language(chosen if chosen in known else asked)


def say(english: str, /, **values: object) -> str:
    """The sentence in the visitor's language."""
    return words().say(english, **values)


def counted(one: str, many: str, number: int, /, **values: object) -> str:
    """The sentence for one or for many of something."""
    return words().counted(one, many, number, **values)


def long_day(on: date) -> str:
    """“Tuesday 24 November”."""
    return _date(on, 0)


def day_with_year(on: date) -> str:
    """“Tuesday 24 November 2026”."""
    return _date(on, 1)


def short_day(on: date) -> str:
    """“Tue 24 Nov”."""
    return _date(on, 2)


def _date(on: date, form: int) -> str:
    return _written(on, form, words())


@lru_cache(4096)
def _written(on: date, form: int, chosen: Words) -> str:
    """A page names the same few days again and again."""
    return str(format_date(on, PATTERNS[chosen.language][form], locale=chosen.locale))


def clock(instant: datetime, zone: str) -> str:
    """The time on the clinic's wall, in 24 hours: “09:05”."""
    return instant.astimezone(ZoneInfo(zone)).isoformat("T", "minutes")[11:16]


def language_tag() -> str:
    """The language as HTML names it."""
    return str(words().locale).replace("_", "-")
