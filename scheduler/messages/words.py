"""The words of a language. English stands in the code, every other language in a ``.po`` file beside it."""

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


@cache
def words_of(language: Language) -> Words:
    """The words of a language, read from its file when they are first asked for."""
    return Words(language, Locale.parse(LOCALES[language]), _translations(language))


def words_file(language: Language) -> Path:
    """Where the words of a language other than English stand."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def _translations(language: Language) -> NullTranslations:
    """Compiled in memory, so that no compiled file can be older than the words."""
    if language is Language.ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with words_file(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
