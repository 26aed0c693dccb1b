"""Retelling: sentences of rules that were stored as English text, in the visitor's language.

A stored sentence is matched against the templates of all phrases. So it becomes the phrase again that it was, whatever
version of Interval wrote it down, as long as its sentence is known.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache, lru_cache

from babel.messages.pofile import read_po

from scheduler.domain.contact import Language
from scheduler.domain.phrases import Phrase, together
from scheduler.messages.words import words_file
from scheduler.web.pages.telling import told

VALUE = re.compile(r"%\((\w+)\)s")
DATES = ("%Y-%m-%d", "%A %d %B %Y")
"""How a phrase spells a date in English."""
SENTENCE = re.compile(r"(?<=[.!?]) ")


def retold(text: str) -> str:
    """A stored sentence of a rule, or several, in the visitor's language. What nobody knows stays as it is."""
    return told(_phrase(text) or text)


@lru_cache(maxsize=1000)
def _phrase(text: str) -> Phrase | str | None:
    """What the text was made from, or the text itself when it is one of the sentences; ``None`` for all else."""
    if text in _sentences()[0]:
        return text
    for template, pattern in _sentences()[1]:
        found = pattern.fullmatch(text)
        values = {name: _value(part) for name, part in found.groupdict().items()} if found else {}
        if values and None not in values.values():
            return Phrase(template, **values)
    return next(_in_two(text), None)


def _in_two(text: str) -> Iterator[Phrase]:
    """Several sentences: the first of them, and what follows."""
    for space in SENTENCE.finditer(text):
        first, rest = _phrase(text[: space.start()]), _phrase(text[space.end() :])
        if first is not None and rest is not None:
            yield together((first, rest))


def _value(text: str) -> date | str | tuple[str, ...] | None:
    """A value of a phrase. ``None`` for what is none, as it holds the end of some other sentence."""
    for form in DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    known = _phrase(text)
    if known is None and not SENTENCE.search(text):
        return tuple(text.split(", ")) if ", " in text else text
    return known


@cache
def _sentences() -> tuple[frozenset[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The sentences of rules, as everybody who translates has them: those without values, and patterns of the others.

    The pattern with the most words of its own comes first.
    """
    with words_file(Language.GERMAN, "refusals").open("rb") as file:
        texts = {message.id for message in read_po(file) if isinstance(message.id, str) and message.id}
    templates = sorted((text for text in texts if VALUE.search(text)), key=lambda text: -len(VALUE.sub("", text)))
    return frozenset(texts.difference(templates)), tuple((text, _pattern(text)) for text in templates)


def _pattern(template: str) -> re.Pattern[str]:
    """What matches the spelled template, with a group for each value; one that comes again has to be the same."""
    seen: set[str] = set()
    parts = VALUE.split(template.replace("%%", "%"))
    for place in range(1, len(parts), 2):
        name, again = parts[place], parts[place] in seen
        seen.add(name)
        parts[place] = f"(?P={name})" if again else f"(?P<{name}>.+?)"
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts))
