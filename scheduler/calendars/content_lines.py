"""From a component to bytes: content lines that no reader can misread.

The library escapes; folding is done here. Its own folding may part an escaped backslash from its backslash, and one
large reader has dropped whole feeds for a fold in the middle of an escape.
"""

import re

from icalendar import Component

MAX_OCTETS = 75
CONTINUATION = "\r\n "

# What must stay on one line: an escape of a value (\\, \; \, \n), an escape of a parameter (^n), or one character.
UNIT = re.compile(r"\\.|\^.|.", re.DOTALL)
# All that some reader takes for the end of a line.
LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters, DEL, C1 controls and lone surrogates: none may stand in a calendar.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain_text(text: str) -> str:
    """Text as it may stand in a calendar: line ends of every kind become newlines, control characters go.

    Entry refuses such characters; this keeps one odd row from spoiling a whole feed.
    """
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


def to_bytes(component: Component) -> bytes:
    """The component in UTF-8 with CRLF, no line longer than 75 octets."""
    lines = [fold(str(line)) for line in component.content_lines() if line]
    return ("\r\n".join(lines) + "\r\n").encode()


def fold(line: str) -> str:
    """Break one content line so that every piece has at most 75 octets, and no character or escape is split."""
    pieces: list[str] = []
    width = 0
    for unit in UNIT.findall(line):
        size = len(unit.encode())
        if width + size > MAX_OCTETS:
            pieces.append(CONTINUATION)
            width = 1
        pieces.append(unit)
        width += size
    return "".join(pieces)
