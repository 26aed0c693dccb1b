"""The words of a language. English stands in the code and in the catalogue, every other language in ``.po`` files."""

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scheduler.domain.contact import Language

FOLDER = Path(__file__).parent / "locale"
LETTERS = ("messages", "catalogue")
PAGES = tuple(sorted({path.stem for path in FOLDER.glob("*/LC_MESSAGES/*.po")} - {*LETTERS}))
FILES = (*LETTERS, *PAGES)
"""What letters say, what the catalogue says to patients (names of treatments, and advice), and one for each noun of the
pages."""
LOCALES = {Language.ENGLISH: "en_GB", Language.GERMAN: "de_DE"}


@dataclass(frozen=True, slots=True)
class Words:
    """How one language says things. ``locale`` knows its dates and times."""

    language: Language
    locale: Locale
    translations: NullTranslations

    def say(self, english: str, /, **values: object) -> str:
        """The sentence in this language, with values for its ``%(name)s``."""
        return self.translations.gettext(english) % values

    def counted(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The sentence for one or for many of something; ``number`` is one of its values."""
        return self.translations.ngettext(one, many, number) % {"number": number, **values}

    def translated(self, text: str) -> str:
        """A text of the catalogue in this language. What a clinic wrote itself has no translation, and stays."""
        return self.translations.gettext(text) if text else text


@cache
def words_of(language: Language) -> Words:
    """The words of a language, read from its file when they are first asked for."""
    return Words(language, Locale.parse(LOCALES[language]), _translations(language))


def words_file(language: Language, name: str) -> Path:
    """Where a language other than English has one of ``FILES``."""
    return FOLDER / language / "LC_MESSAGES" / f"{name}.po"


def _translations(language: Language) -> NullTranslations:
    if language is Language.ENGLISH:
        return NullTranslations()
    first, *others = (_compiled(language, name) for name in FILES)
    for other in others:
        first.add_fallback(other)
    return first


def _compiled(language: Language, name: str) -> NullTranslations:
    """Compiled in memory, so that no compiled file can be older than the words."""
    compiled = BytesIO()
    with words_file(language, name).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
