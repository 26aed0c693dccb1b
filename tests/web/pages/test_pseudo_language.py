"""Every page in every state, in a language that does not exist: no word of ours stands outside of a translation."""

from functools import cache
from urllib.parse import parse_qsl, urlsplit

import pytest
from babel import Locale
from sqlalchemy import select

from scheduler.calendars.public_holidays import public_holidays
from scheduler.storage.rows import UserRow
from scheduler.web.pages import own_link, words
from tests.support.browse import Browser
from tests.support.pseudo import bare_words, catalogue_texts, pseudo_words, typed_texts
from tests.support.scene import Scene
from tests.support.scenes import SCENES
from tests.support.stage import NOW, Stage

ALLOWED = {
    "Interval": "the name of the product",
    "and": "Babel joins lists, and knows how in each language",
    "Germany": "Babel knows the names of countries",
    "Europe": "a zone, as every computer calls it",
    "Berlin": "a zone, as every computer calls it",
    "PMC": "the archive that a paper is found in",
    "English": "each language in its own words",
    "Deutsch": "each language in its own words",
}
"""Words that no file of ours translates, each with the reason."""


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_no_word_stands_outside_of_a_translation(
    on_stage: Stage, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (words, own_link):
        monkeypatch.setattr(module, "words_of", pseudo_words)
    house = scene.house(on_stage)
    browser = Browser(house.api, scene.role)
    path = scene.path(house)
    browser.remember(**{key: value for key, value in scene.session if key != "language"})
    page = browser.get(path).text
    with house.api.clinic.database.read() as tx:
        typed = frozenset(typed_texts(tx)) | catalogue_texts() | holidays()
        names = frozenset(tx.scalars(select(UserRow.name)))
    assert "⟦" in page
    assert sorted(bare_words(page, typed, names) - ALLOWED.keys() - of_dates() - searched(path)) == []


def test_a_word_that_nobody_translated_is_found() -> None:
    page = '<p title="Close">⟦Session ⟧2<b>sessions_booked</b> Leila <kbd>Esc</kbd><i lang="en">of</i></p>'
    assert bare_words(page, frozenset({"Leila"})) == {"Close", "sessions_booked"}


def searched(path: str) -> frozenset[str]:
    """What somebody has typed into the address."""
    return frozenset(value for _, value in parse_qsl(urlsplit(path).query))


@cache
def of_dates() -> frozenset[str]:
    """The names of days and months, which Babel knows."""
    dates = Locale.parse("en_GB")
    forms = (names for kind in (dates.days, dates.months) for forms in kind.values() for names in forms.values())
    return frozenset(name for names in forms for name in names.values())


@cache
def holidays() -> frozenset[str]:
    """The names of holidays, which a clinic takes over as they are."""
    return frozenset(name for _, name in public_holidays("DE", None, range(NOW.year, NOW.year + 3)))
