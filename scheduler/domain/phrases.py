"""Phrases: English sentences that remember what they are made of, so that a page can say them in another language.

Programs get the English text. A text without values needs none of this: it is its own template.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class Phrase(str):
    """A sentence with values. ``template`` is the English with a ``%(name)s`` for each of the ``values``.

    The template is written out where the phrase is made, so that whoever translates finds it. A value is a number, a
    date (spelled as ISO 8601), a name, a word, several of these, or another phrase.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> "Phrase":
        made = super().__new__(cls, template % {name: _spelled(value) for name, value in values.items()})
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), dict(self.values)


@dataclass(frozen=True, slots=True)
class InWords:
    """A date of a phrase, in words also in the English that programs get: “Tuesday 8 December 2026”."""

    on: date

    def __str__(self) -> str:
        return f"{self.on:%A} {self.on.day} {self.on:%B %Y}"


def together(sentences: Iterable[str]) -> Phrase:
    """Several sentences, one after the other."""
    parts = {f"part_{number}": sentence for number, sentence in enumerate(sentences)}
    return Phrase(" ".join(f"%({name})s" for name in parts), **parts)


def _spelled(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
