"""The words of the pages: every sentence has its German, and no German is left over."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import scheduler
from scheduler.domain.access import Role
from scheduler.domain.contact import Language
from scheduler.messages.words import PAGES, words_file
from tests.support.api import Api
from tests.support.browse import Browser
from tests.support.full_day import full_day
from tests.support.rule_texts import rule_texts

CODE = Path(scheduler.__file__).parent
KEYWORDS = {"say": None, "counted": (1, 2)}
SOURCES = ((CODE / "web/pages", "**.py", "python"), (CODE / "templates", "**.html", "jinja2"))
TERMS = "terms"
"""Single words that rules name: states, roles, kinds and deeds."""
Ids = tuple[str, ...]


def said() -> dict[Ids, str]:
    """Every sentence of the pages, with one file that says it."""
    return {
        as_ids(message): file
        for folder, pattern, method in SOURCES
        for file, _, message, _, _ in extract_from_dir(folder, method_map=[(pattern, method)], keywords=KEYWORDS)
    }


def as_ids(message: str | tuple[str, ...] | list[str]) -> Ids:
    return (message,) if isinstance(message, str) else tuple(message)


def translated() -> set[Ids]:
    return {ids for name in PAGES for ids in in_file(name)}


def in_file(name: str) -> set[Ids]:
    with words_file(Language.GERMAN, name).open("rb") as file:
        return {as_ids(message.id) for message in read_po(file) if message.id}


def test_every_sentence_of_the_pages_is_translated() -> None:
    known = translated()
    assert sorted(f"{file}: {ids}" for ids, file in said().items() if ids not in known) == []


def test_no_translation_is_left_over() -> None:
    of_rules = {(text,) for text in rule_texts()} | in_file(TERMS)
    assert sorted(translated() - set(said()) - of_rules) == []


@pytest.mark.parametrize(
    ("language", "asked", "expected"),
    [("de", "en", "de-DE"), ("en", "de", "en-GB"), (None, "de-AT,de;q=0.9", "de-DE"), (None, "fr", "en-GB")],
)
def test_a_page_speaks_the_chosen_language_or_the_browser_s(
    api: Api, language: str | None, asked: str, expected: str
) -> None:
    browser = Browser(api)
    if language:
        browser.remember(language=language)
    page = browser.get("/day", **{"Accept-Language": asked}).text
    assert re.search(r'<html lang="([\w-]+)"', page)[1] == expected  # type: ignore[index]


def test_a_german_day_has_no_english_word_of_ours(api: Api) -> None:
    full_day(api.clinic, api.clock.now)
    browser = Browser(api, Role.RECEPTION)
    browser.remember(language="de")
    words = set(re.findall(r"[A-Za-zäöüß]+", re.sub(r"<[^>]*>", " ", browser.get("/day").text)))
    assert words & {"Today", "Waiting", "Arrive", "Booked", "Confirmed", "Done", "Monday", "March", "Treatment"} == {
        "Treatment"
    }
    assert {"Heute", "Warten", "Gebucht", "Montag", "März"} <= words
