"""Text that came from people, made fit for one line of a letter or a header."""

import unicodedata

# Marks that turn the order of what follows: a name could make a sentence read backwards.
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
UNPRINTABLE = frozenset({"Cc", "Cs", "Cn", "Co"})


def one_line(text: str) -> str:
    """The text without line ends, control characters and direction marks, one space between words."""
    return " ".join("".join(sign for sign in text if sign.isspace() or _is_printable(sign)).split())


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut where it has more than so many characters."""
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _is_printable(sign: str) -> bool:
    return sign not in DIRECTION_MARKS and unicodedata.category(sign) not in UNPRINTABLE
