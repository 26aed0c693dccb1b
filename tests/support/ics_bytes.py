"""What every calendar that leaves the product must look like, byte by byte. No library is asked: this reads for itself.

``check_feed`` and ``check_file`` fail with all faults at once; ``faults`` lists them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_OCTETS = 75
FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
NAME = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:]*))*):(.*)", re.DOTALL)
UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
LOCAL_TIME = re.compile(r"\d{8}T\d{6}")
ESCAPED_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "COLOR"})

ONCE = {
    "VCALENDAR": {"VERSION", "PRODID", "CALSCALE"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "VEVENT": {
        "UID",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "STATUS",
        "TRANSP",
        "SUMMARY",
    },
    "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"},
}
FEED_ONCE = {"NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "COLOR", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
NEVER = {
    "VCALENDAR": {"UID", "SOURCE", "ATTENDEE", "ORGANIZER"},
    "VEVENT": {"METHOD", "SOURCE"},
    "STANDARD": {"RDATE"},
    "DAYLIGHT": {"RDATE"},
}
NEVER_PUBLISHED = {"VCALENDAR": {"METHOD"}, "VEVENT": {"ATTENDEE", "ORGANIZER"}}
TRANSPARENCY = {"CONFIRMED": "OPAQUE", "TENTATIVE": "OPAQUE", "CANCELLED": "TRANSPARENT"}


@dataclass
class Part:
    """A component as it stands in the file: properties are (name, parameters, value as written)."""

    name: str
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def value(self, name: str) -> str:
        return next((value for known, _, value in self.properties if known == name), "")

    def walk(self) -> Iterator["Part"]:
        yield self
        for part in self.parts:
            yield from part.walk()


def check_feed(data: bytes) -> None:
    """Fail unless these are the bytes of a good feed."""
    assert list(faults(data)) == []
    assert list(feed_faults(data)) == []


def check_file(data: bytes) -> None:
    """Fail unless these are the bytes of a good calendar file of any kind."""
    assert list(faults(data)) == []


def faults(data: bytes) -> Iterator[str]:
    """Everything that is wrong with a calendar's bytes, each in a few words."""
    yield from byte_faults(data)
    try:
        calendar = read(data)
    except ValueError as error:
        yield str(error)
        return
    yield from calendar_faults(calendar)
    yield from published_faults(calendar)


def calendar_faults(calendar: Part) -> Iterator[str]:
    """What is wrong in any calendar, whether it is published or sent to somebody."""
    for part in calendar.walk():
        yield from property_faults(part)
    yield from event_faults(calendar)
    yield from zone_faults(calendar)


def published_faults(calendar: Part) -> Iterator[str]:
    """What must not stand in a calendar that invites nobody."""
    for part in calendar.walk():
        names = {name for name, _, _ in part.properties}
        yield from (f"{part.name} has {name}" for name in sorted(NEVER_PUBLISHED.get(part.name, set()) & names))
        if part.name == "VEVENT" and part.value("DTSTAMP") != part.value("LAST-MODIFIED"):
            yield "DTSTAMP is not the last revision"


def feed_faults(data: bytes) -> Iterator[str]:
    """What a feed must have beyond other calendars. Raises ``ValueError`` when it cannot be read at all."""
    calendar = read(data)
    counts = Counter(name for name, _, _ in calendar.properties)
    yield from (f"VCALENDAR has {counts[name]} {name}" for name in sorted(FEED_ONCE) if counts[name] != 1)
    if ("REFRESH-INTERVAL", ";VALUE=DURATION") not in [(name, params) for name, params, _ in calendar.properties]:
        yield "REFRESH-INTERVAL is not marked as a duration"
    if not any(part.name == "VTIMEZONE" for part in calendar.parts):
        yield "there is no VTIMEZONE"


def byte_faults(data: bytes) -> Iterator[str]:
    if data.startswith(b"\xef\xbb\xbf"):
        yield "a byte order mark"
    if not data.endswith(b"\r\n"):
        yield "the last line has no end"
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    for number, line in enumerate(lines, 1):
        yield from (f"line {number}: {fault}" for fault in line_faults(line))
    yield from (f"line {number}: a fold inside an escape" for number in split_escapes(lines))


def line_faults(line: bytes) -> Iterator[str]:
    if not line:
        yield "empty"
    if len(line) > MAX_OCTETS:
        yield f"{len(line)} octets"
    try:
        if found := FORBIDDEN.search(line.decode()):
            yield f"the character {found.group()!r}"
    except UnicodeDecodeError:
        yield "a character is split or is not UTF-8"


def split_escapes(lines: list[bytes]) -> Iterator[int]:
    """The numbers of the lines that end between a backslash and what it escapes."""
    is_open = False
    for number, line in enumerate(lines, 1):
        content = line
        if line.startswith(b" "):
            if is_open:
                yield number - 1
            content = line[2:] if is_open else line[1:]
        trailing = len(content) - len(content.rstrip(b"\\"))
        is_open = trailing % 2 == 1


def read(data: bytes) -> Part:
    """The calendar that the bytes hold. Raises ``ValueError`` for lines and nesting that make no sense."""
    text = data.decode(errors="replace").replace("\r\n ", "")
    root = Part("")
    stack = [root]
    for line in text.removesuffix("\r\n").split("\r\n"):
        match = NAME.fullmatch(line)
        if not match:
            raise ValueError(f"no property: {line[:40]!r}")
        take(stack, *match.groups())
    if len(stack) != 1 or [part.name for part in root.parts] != ["VCALENDAR"]:
        raise ValueError("not exactly one VCALENDAR, begun and ended")
    return root.parts[0]


def take(stack: list[Part], name: str, params: str, value: str) -> None:
    if name == "BEGIN":
        stack[-1].parts.append(Part(value))
        stack.append(stack[-1].parts[-1])
    elif name != "END":
        stack[-1].properties.append((name, params, value))
    elif len(stack) == 1 or stack.pop().name != value:
        raise ValueError(f"END:{value} ends nothing")


def property_faults(part: Part) -> Iterator[str]:
    counts = Counter(name for name, _, _ in part.properties)
    yield from (
        f"{part.name} has {counts[name]} {name}" for name in sorted(ONCE.get(part.name, ())) if counts[name] != 1
    )
    yield from (f"{part.name} has {name}" for name in sorted(NEVER.get(part.name, ())) if counts[name])
    for name, _, value in part.properties:
        if name in TEXTS and not ESCAPED_TEXT.fullmatch(value):
            yield f"{name} is not escaped"
        if name in {"DTSTAMP", "CREATED", "LAST-MODIFIED"} and not UTC_TIME.fullmatch(value):
            yield f"{name} is not in UTC"


def event_faults(calendar: Part) -> Iterator[str]:
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    uids = Counter(event.value("UID") for event in events)
    yield from (f"UID {uid} stands {count} times" for uid, count in uids.items() if count > 1)
    for event in events:
        if TRANSPARENCY.get(event.value("STATUS")) != event.value("TRANSP"):
            yield f"STATUS {event.value('STATUS')} is {event.value('TRANSP')}"
        if event.value("STATUS") == "CANCELLED" and event.parts:
            yield "a cancelled event has alarms"


def zone_faults(calendar: Part) -> Iterator[str]:
    """Each zone that is used is described once, and local times name their zone."""
    zones = [part for part in calendar.parts if part.name == "VTIMEZONE"]
    described = Counter(zone.value("TZID") for zone in zones)
    yield from (f"{zone} is described {count} times" for zone, count in described.items() if count > 1)
    yield from (f"{zone.value('TZID')} has no clock" for zone in zones if not zone.parts)
    for event in (part for part in calendar.parts if part.name == "VEVENT"):
        for name, params, value in event.properties:
            if name in {"DTSTART", "DTEND"}:
                yield from time_faults(name, params, value, set(described))


def time_faults(name: str, params: str, value: str, zones: set[str]) -> Iterator[str]:
    zone = params.removeprefix(";TZID=").strip('"') if params.startswith(";TZID=") else ""
    if zone and zone not in zones:
        yield f"{zone} is not described"
    if not (LOCAL_TIME if zone else UTC_TIME).fullmatch(value):
        yield f"{name} names no instant"
