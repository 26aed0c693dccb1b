"""Spelling: how text from people must be written to be taken, wherever it comes from: a request or a file.

Every check gives the value back or raises ``ValueError`` with words that follow the name of a field ("must be …").
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_NAME, LONGEST_PROSE = 120, 2000

UNSEEN = r"\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
"""Control characters but the line break, DEL, line separators, and what turns the direction of the text around it."""


def unwanted(*, lines: bool) -> str:
    """The characters that text must not contain, as inside a regular expression's set; ``lines`` allows line breaks."""
    return UNSEEN if lines else UNSEEN + r"\u000a"


def clean(text: str, *, lines: bool = False) -> str:
    """Text with something to see in it, trimmed and in NFC. Refuses control characters and turns of direction."""
    unix = text.replace("\r\n", "\n") if lines else text
    if re.search(f"[{unwanted(lines=lines)}]", unix):
        raise ValueError("must not contain control characters" + ("" if lines else " or line breaks"))
    trimmed = unicodedata.normalize("NFC", unix.strip())
    if not trimmed:
        raise ValueError("must not be empty")
    return trimmed


class Spelling(NamedTuple):
    """One spelling as a regular expression; ``words`` tell people what is expected."""

    pattern: str
    words: str
    longest: int

    def check(self, text: str) -> str:
        if len(text) > self.longest or not re.fullmatch(self.pattern, text):
            raise ValueError(self.words)
        return text


PHONE = Spelling(r"\+?([ ()./-]*[0-9]){5,15}[ ()./-]*", "must be a phone number of 5 to 15 digits", 40)
EMAIL = Spelling(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+",
    "must be an e-mail address such as name@clinic.example",
    254,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:([0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def read_day(text: str) -> date:
    """A date such as 2026-03-05."""
    if not _DAY.fullmatch(text):
        raise ValueError("must be a date such as 2026-03-05")
    return in_range(date.fromisoformat(text))


def read_instant(text: str) -> datetime:
    """An instant in RFC 3339, with the offset that was given; its year is not looked at."""
    spelled = _INSTANT.fullmatch(text.upper())
    if not spelled:
        raise ValueError("must be a time with its offset, such as 2026-03-05T11:00:00+01:00")
    if spelled[1] == "60":
        raise ValueError("must not name a leap second")
    return datetime.fromisoformat(text.upper())


def in_utc(value: datetime) -> datetime:
    """The same instant in UTC, when its year is one that is taken."""
    in_range(value.date())
    return value.astimezone(UTC)


def in_range(value: date) -> date:
    """The same date, when its year is one that is taken."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return value
