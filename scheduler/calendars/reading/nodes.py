"""The components of a calendar file with the few properties that somebody asks for: mostly when time is taken.

All else, and with it every summary and note, is passed over unread.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Contentlines

from scheduler.calendars.content_lines import UNPRINTABLE
from scheduler.calendars.reading.budget import Unreadable, quoted

TELLING = frozenset(
    {"CALSCALE", "UID", "SEQUENCE", "STATUS", "TRANSP", "DTSTART", "DTEND", "DURATION", "FREEBUSY"}
    | {"RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "TZID", "TZOFFSETFROM", "TZOFFSETTO"}
)
NAME = re.compile(r"[A-Za-z0-9-]+")
MOST_DEEP = 20

content_lines: Callable[[str], list[Contentline]] = Contentlines.from_ical


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its name in capitals, its parameters, and its value as written."""

    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class Node:
    """One component. ``fault`` is a sentence when it cannot be relied on."""

    name: str
    lines: list[Line] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    fault: str = ""

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        """The value of the first such property, or nothing."""
        line = self.first(name)
        return line.value.strip() if line else ""


def read_nodes(data: bytes, telling: frozenset[str] = TELLING) -> list[Node]:
    """The outermost components of a file, with these properties.

    Raises ``Unreadable`` when there are none, or when they lie too deep.
    """
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    root = Node("")
    stack = [root]
    for line in content_lines(UNPRINTABLE.sub("", text)):
        _take(line, stack, telling)
    for node in stack[1:]:
        node.fault = "The file ends in the middle of it."
    if not root.children:
        raise Unreadable("This is not a calendar file: nothing in it begins with BEGIN:VCALENDAR.")
    return root.children


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes and all that lie inside them, in the order of the file."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _take(line: Contentline, stack: list[Node], telling: frozenset[str]) -> None:
    """Add one line of the file to the component that is open."""
    match = NAME.match(line)
    name = match.group().upper() if match else ""
    if name == "BEGIN":
        if len(stack) > MOST_DEEP:
            raise Unreadable(f"The parts of the file lie inside each other more than {MOST_DEEP} deep.")
        node = Node(line.partition(":")[2].strip().upper())
        stack[-1].children.append(node)
        stack.append(node)
    elif name == "END":
        _close(line.partition(":")[2].strip().upper(), stack)
    elif name in telling:
        _add(line, name, stack[-1])


def _close(name: str, stack: list[Node]) -> None:
    """End the innermost component of this name; those left open inside it were cut short."""
    if name not in {node.name for node in stack[1:]}:
        return
    while (node := stack.pop()).name != name:
        node.fault = f"It has no end before that of {quoted(name)}."


def _add(line: Contentline, name: str, node: Node) -> None:
    try:
        _, params, value = line.raw_parts()
    except ValueError:
        node.fault = f"The line {quoted(line)} cannot be read."
        return
    texts = {key.upper(): content if isinstance(content, str) else ",".join(content) for key, content in params.items()}
    node.lines.append(Line(name, texts, value))
