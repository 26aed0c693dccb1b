"""The types of fields in requests. Each takes one spelling, refuses all others in words, and describes itself.

``Annotated[str, Text(120)]`` is a line of text; ``Id``, ``Day`` and ``Instant`` serve bodies, queries
and paths alike; ``Flag`` is for queries, where everything is text.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from scheduler.domain import spelling


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most ``longest`` characters and at least one that is seen; ``lines`` allows line breaks.

    Refuses control characters, lone surrogates and turns of direction; the value is trimmed and in NFC.
    """

    longest: int
    lines: bool = False

    def clean(self, text: str) -> str:
        return spelling.clean(text, lines=self.lines)

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strict=True, min_length=1, max_length=self.longest)
        return core_schema.no_info_after_validator_function(self.clean, text)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bad = spelling.unwanted(lines=self.lines)
        pattern = rf"^[^{bad}]*[^{bad}\s][^{bad}]*$"
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


Name = Annotated[str, Text(spelling.LONGEST_NAME)]
Prose = Annotated[str, Text(spelling.LONGEST_PROSE, lines=True)]
Code = Annotated[str, Spelled(r"[a-z0-9]+([_-][a-z0-9]+)*", "must be a code: small letters, digits, - and _", 60)]
WallTime = Annotated[str, Spelled(r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", "must be a time such as 16:30", 5)]
"""A time on the clinic's clock; ``24:00`` is the midnight that ends a day."""
Phone = Annotated[str, Spelled(*spelling.PHONE)]
Email = Annotated[str, Spelled(*spelling.EMAIL)]

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")


def _id(value: Any) -> Any:
    if isinstance(value, str) and not _ID.fullmatch(value):
        raise ValueError("must be an identifier (a UUID with its hyphens)")
    return UUID(value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    return spelling.read_day(value) if isinstance(value, str) else value


def _instant(value: Any) -> Any:
    return spelling.read_instant(value) if isinstance(value, str) else value


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
    AfterValidator(spelling.in_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant: RFC 3339 with an offset; the value is in UTC."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""A flag in a query: ``true`` or ``false``. In a body a ``bool`` will do."""
