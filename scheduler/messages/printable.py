"""Text that came from people, made fit for one line of a letter or a header."""

import re
import unicodedata

# Marks that turn the order of what follows: a name could make a sentence read backwards.
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
UNPRINTABLE = {"Cc", "Cs", "Cn", "Co"}


def one_line(text: str) -> str:
    """The text without line ends, control characters and direction marks, one space between words."""
    spaced = " ".join(DIRECTION_MARKS.sub("", text).split())
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in UNPRINTABLE)


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut where it has more than so many characters."""
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
