"""A language that does not exist: what is translated stands in ⟦ ⟧, and what nobody can translate outside of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

from babel import Locale
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.catalogue import load_catalogue
from scheduler.domain.contact import Language
from scheduler.messages.words import Words, words_of
from scheduler.storage.rows import Row

VALUE = re.compile(r"(%\(\w+\)[a-z]|%%)")
SAID = re.compile(r"⟦[^⟦⟧]*⟧|\b[\w-]+@\d+|\bIn \d+ (?:day|week|month)s?\b")
"""What was translated, a rule with its version (``lip-filler@2``), and how long until then, which Babel tells."""
WORD = re.compile(r"[^\W\d_]{2,}(?:[’'_-][^\W\d_]+)*")
TYPED = frozenset({"name", "address", "phone", "email", "login", "note", "label", "words", "place", "device"})
"""Columns whose text people type."""
EVIDENCE = frozenset({"source", "question", "note", "notes", "evidence"})
"""What the catalogue says in English, as a clinic's own data: it is edited on pages, and patients never read it."""
UNSEEN = frozenset({"script", "style", "template", "kbd", "code"})
"""What nobody sees, the names of keys, and what is typed into a machine as it stands."""
ATTRIBUTES = frozenset({"aria-label", "title", "placeholder", "alt"})
VOID = frozenset({"meta", "link", "input", "img", "br", "hr", "use", "path", "rect", "circle", "line", "col"})


class Marked(NullTranslations):
    """Marks each sentence that has a German one, but not the values in it; what has none stays bare."""

    def gettext(self, message: str) -> str:
        return marked(message) if self._known(message) else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)

    def _known(self, message: str) -> bool:
        return message in german_sentences()


@cache
def german_sentences() -> frozenset[str]:
    """Every sentence that has a German one."""
    translations: NullTranslations | None = words_of(Language.GERMAN).translations
    found: set[str] = set()
    while translations is not None:
        found |= {text for text in translations._catalog if isinstance(text, str)}  # type: ignore[attr-defined]
        translations = translations._fallback  # type: ignore[attr-defined]
    return frozenset(found)


def marked(template: str) -> str:
    """⟦Session ⟧%(number)d⟦ of ⟧%(all)d"""
    return "".join(part if VALUE.fullmatch(part) else f"⟦{part}⟧" for part in VALUE.split(template) if part)


def pseudo_words(_language: Language) -> Words:
    """What takes the place of ``words_of``: the marked language, with English dates."""
    return Words(Language.ENGLISH, Locale.parse("en_GB"), Marked())


class _Visible(HTMLParser):
    """The texts of a page that people see or hear, but for what is in another language on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._open.append((tag, tag in UNSEEN or ("lang" in given and tag != "html")))
        self.texts += [given[name] or "" for name in ATTRIBUTES & given.keys()]

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(tag == one for one, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any(unseen for _, unseen in self._open):
            self.texts.append(data)


def bare_words(page: str, typed: frozenset[str], names: frozenset[str] = frozenset()) -> set[str]:
    """Words of a page that are neither translated nor typed by people. Of ``names`` a page may show a part."""
    found = _Visible()
    found.feed(page)
    ours = {word for text in found.texts for word in WORD.findall(_without(SAID.sub(" ", text), typed))}
    return ours - {initials for one in names for initials in _parts_of(one)}


def _without(text: str, typed: frozenset[str]) -> str:
    for one in sorted(typed, key=len, reverse=True):
        text = text.replace(one, " ")
    return text


def _parts_of(name: str) -> Iterator[str]:
    """How a page shortens a name: its initials, and its titles."""
    words = re.findall(r"\w+", name)
    yield from (*words, words[0][0] + words[-1][0])


def typed_texts(tx: Session, columns: frozenset[str] = TYPED) -> Iterator[str]:
    """What people have typed into the database, in columns with these names."""
    for mapper in Row.registry.mappers:
        for column in mapper.columns:
            if column.key in columns:
                yield from (text for text in tx.scalars(select(column).distinct()) if text)


@cache
def catalogue_texts() -> frozenset[str]:
    """What the catalogue brings along as the clinic's own data: questions, notes and where a rule comes from."""
    return frozenset(_of_catalogue(load_catalogue()))


def _of_catalogue(found: Any, name: str = "") -> Iterator[str]:
    if isinstance(found, BaseModel):
        yield from _of_catalogue(found.model_dump())
    elif is_dataclass(found):
        yield from (text for one in fields(found) for text in _of_catalogue(getattr(found, one.name), one.name))
    elif isinstance(found, Mapping):
        yield from (text for key, value in found.items() for text in _of_catalogue(value, str(key)))
    elif isinstance(found, list | tuple):
        yield from (text for value in found for text in _of_catalogue(value, name))
    elif isinstance(found, str) and name in EVIDENCE:
        yield from (part for part in (found, *re.split(r"[()]", found)) if WORD.search(part))
