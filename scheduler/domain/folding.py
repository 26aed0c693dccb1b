"""Folding: names as they are looked for, without accents, case and marks."""

import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters that carry their mark inside, so that decomposing them changes nothing. ``casefold`` turns ß into ss."""

_SILENT = frozenset("'’ʼ`´‘")
"""Signs inside a word that people leave out: O’Brien is looked for as obrien."""


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a name or of what somebody typed, in their order: letters and digits alone."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(_folded(sign) for sign in unicodedata.normalize("NFKD", plain))
    return tuple(kept.translate(_LETTERS).split())


def search_text(name: str) -> str:
    """What is stored beside a name to be searched: a space before every folded word, so that ``" an"`` begins one."""
    return "".join(f" {word}" for word in words_of(name))


def _folded(sign: str) -> str:
    if sign in _SILENT or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return ""
    return sign if sign.isalnum() or unicodedata.category(sign) == "Mc" else " "
