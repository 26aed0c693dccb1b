"""The calendar part of a message from the internet, found with distrust.

The library's parser takes quadratic time for some headers and for parts that lie inside each other very often, so
headers that nobody asks for are dropped unparsed, long ones too, and the number of parts is bounded beforehand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Any

from scheduler.calendars.reading.budget import Unreadable, quoted

MOST_BYTES = 1_048_576
MOST_LINES = 50_000
MOST_DEEP = 40
MOST_PARTS = 100
LONGEST_HEADER = 2_000
LONGEST_ADDRESSES = 20_000

OF_PARTS = frozenset({"content-type", "content-transfer-encoding", "content-disposition"})
OF_ADDRESSES = frozenset({"to", "cc", "delivered-to", "x-original-to", "envelope-to"})
ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@]{1,64}@[^\s<>()\[\]\",;:@]{1,255}")
NESTING = re.compile(rb"boundary", re.IGNORECASE)
CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
DEFAULT_CHARSET = "utf-8"  # RFC 5545
CHARSETS = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "koi8-r", "koi8-u", "shift_jis", "iso-2022-jp", "euc-jp"}
    | {"gb2312", "gbk", "gb18030", "big5", "euc-kr"}
    | {f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))}
    | {f"windows-{page}" for page in (874, *range(1250, 1259))}
)
"""What text may be in. Python knows codecs besides these that are no character sets, some of them slow."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """The calendar of a message as text, the method that its MIME part names, and the message's addressees."""

    text: str
    method: str
    addressed_to: tuple[str, ...]


class _Headers(Compat32):
    """Keeps the few headers that are read, as long as they are short."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        kept = name.lower()
        longest = LONGEST_HEADER if kept in OF_PARTS else LONGEST_ADDRESSES if kept in OF_ADDRESSES else 0
        return name, value if len(value) <= longest else ""


POLICY = _Headers()


def calendar_part(data: bytes) -> CalendarPart:
    """The one calendar of a message; an attached file counts only where no part is a calendar.

    Raises ``Unreadable``, and what the library raises for a message that it cannot take apart.
    """
    _refuse_monsters(data)
    message = BytesParser(policy=POLICY).parsebytes(data)
    part = _the_one(list(_parts(message)))
    method = part.get_param("method", "")
    return CalendarPart(_text(part), method.upper() if isinstance(method, str) else "", tuple(_addresses(message)))


def _refuse_monsters(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The message is larger than {MOST_BYTES // 1024:,} KiB.")
    if data.count(b"\n") + data.count(b"\r") > 2 * MOST_LINES:
        raise Unreadable(f"The message has more than {MOST_LINES:,} lines.")
    if len(NESTING.findall(data)) > MOST_DEEP:
        raise Unreadable("The message has too many parts inside each other.")


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order. A message inside this one, such as what bounced, is not opened."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Unreadable(f"The message has more than {MOST_PARTS} parts.")
        inside: Any = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend(reversed(inside))
        elif part.get_content_maintype() != "message":
            yield part


def _the_one(parts: Sequence[Message]) -> Message:
    """The calendar. Two that differ are refused, as each reader would choose another."""
    inline = [part for part in parts if part.get_content_type() == "text/calendar" and not _is_attached(part)]
    found = inline or [part for part in parts if _is_calendar(part)]
    if not found:
        raise Unreadable("The message has no calendar part.")
    if len({_content(part).strip() for part in found}) > 1:
        raise Unreadable("The message has several calendar parts that differ.")
    return found[0]


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in CALENDAR_TYPES or str(part.get_filename("")).lower().endswith(".ics")


def _content(part: Message) -> bytes:
    """What the part holds, without its transfer encoding."""
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    charset = part.get_content_charset(DEFAULT_CHARSET)
    if charset not in CHARSETS:
        raise Unreadable(f"Its calendar is in the character set {quoted(charset)}, which is not read here.")
    content = _content(part)
    for name in (charset, DEFAULT_CHARSET):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"Its calendar is not in the character set that it names, {quoted(charset)}.")


def _addresses(message: Message) -> Iterator[str]:
    for name, value in message.items():
        if name.lower() in OF_ADDRESSES:
            yield from ADDRESS.findall(str(value))
