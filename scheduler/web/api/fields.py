"""The types of fields in requests. Each takes one spelling, refuses all others in words, and describes itself.

``Annotated[str, Text(120)]`` is a line of text; ``Id``, ``Day`` and ``Instant`` serve bodies, queries
and paths alike; ``Flag`` is for queries, where everything is text.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

FIRST_YEAR, LAST_YEAR = 1900, 2200

_UNSEEN = r"\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
"""Control characters but the line break, DEL, line separators, and what turns the direction of the text around it."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most ``longest`` characters and at least one that is seen; ``lines`` allows line breaks.

    Refuses control characters, lone surrogates and turns of direction; the value is trimmed and in NFC.
    """

    longest: int
    lines: bool = False

    @property
    def _bad(self) -> str:
        return _UNSEEN if self.lines else _UNSEEN + r"\u000a"

    def clean(self, text: str) -> str:
        unix = text.replace("\r\n", "\n") if self.lines else text
        if re.search(f"[{self._bad}]", unix):
            raise ValueError("must not contain control characters" + ("" if self.lines else " or line breaks"))
        trimmed = unicodedata.normalize("NFC", unix.strip())
        if not trimmed:
            raise ValueError("must not be empty")
        return trimmed

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strict=True, min_length=1, max_length=self.longest)
        return core_schema.no_info_after_validator_function(self.clean, text)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        pattern = rf"^[^{self._bad}]*[^{self._bad}\s][^{self._bad}]*$"
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "pattern": pattern}


@dataclass(frozen=True, slots=True)
class Spelled:
    """Text of one spelling, given as a regular expression; ``words`` tell people what is expected."""

    pattern: str
    words: str
    longest: int

    def check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.words)
        return text

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strict=True, max_length=self.longest)
        return core_schema.no_info_after_validator_function(self.check, text)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest, "pattern": f"^{self.pattern}$"}


Name = Annotated[str, Text(120)]
Prose = Annotated[str, Text(2000, lines=True)]
Code = Annotated[str, Spelled(r"[a-z0-9]+([_-][a-z0-9]+)*", "must be a code: small letters, digits, - and _", 60)]
WallTime = Annotated[str, Spelled(r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", "must be a time such as 16:30", 5)]
"""A time on the clinic's clock; ``24:00`` is the midnight that ends a day."""
Phone = Annotated[str, Spelled(r"\+?([ ()./-]*[0-9]){5,15}[ ()./-]*", "must be a phone number of 5 to 15 digits", 40)]
Email = Annotated[
    str,
    Spelled(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+",
        "must be an e-mail address such as name@clinic.example",
        254,
    ),
]

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:([0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")


def _id(value: Any) -> Any:
    if isinstance(value, str) and not _ID.fullmatch(value):
        raise ValueError("must be an identifier (a UUID with its hyphens)")
    return UUID(value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("must be a date such as 2026-03-05")
    return _in_range(date.fromisoformat(value))


def _instant(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    spelled = _INSTANT.fullmatch(value.upper())
    if not spelled:
        raise ValueError("must be a time with its offset, such as 2026-03-05T11:00:00+01:00")
    if spelled[1] == "60":
        raise ValueError("must not name a leap second")
    return datetime.fromisoformat(value.upper())


def _in_utc(value: datetime) -> datetime:
    _in_range(value.date())
    return value.astimezone(UTC)


def _in_range(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return value


def whole_number(value: Any) -> Any:
    """A whole number that is spelled plainly; what is no text is left alone. Raises ``ValueError``."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("must be a whole number")
    return int(value) if isinstance(value, str) else value


def _flag(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value == "true" if isinstance(value, str) else value


Id = Annotated[UUID, BeforeValidator(_id), WithJsonSchema({"type": "string", "format": "uuid"})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A clinic date."""
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    AfterValidator(_in_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant: RFC 3339 with an offset; the value is in UTC."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""A flag in a query: ``true`` or ``false``. In a body a ``bool`` will do."""
