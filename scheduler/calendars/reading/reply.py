"""Replies to invitations (iTIP over mail, RFC 5546 and 6047): whatever the bytes, a value or a plain sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from scheduler.calendars.content_lines import plain_text
from scheduler.calendars.reading.budget import Budget, Unreadable, quoted
from scheduler.calendars.reading.entries import LONGEST_UID, sequence_of
from scheduler.calendars.reading.mail import CalendarPart, calendar_part
from scheduler.calendars.reading.moments import read_moment, utc
from scheduler.calendars.reading.nodes import TELLING, Line, Node, read_nodes
from scheduler.calendars.reading.zones import Zones
from scheduler.domain import spelling

READ = TELLING | {"METHOD", "ATTENDEE", "ORGANIZER", "DTSTAMP", "COMMENT"}
LONGEST_COMMENT = 1_000
LONGEST_ADDRESS = 320
MOST_STEPS = 100_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years in which a visit can be wanted."""
UNSEEN = re.compile(rf"[{spelling.unwanted(lines=False)}\ud800-\udfff]")
ESCAPE = re.compile(r"\\(.)")
BESIDE = frozenset({"VEVENT", "VTIMEZONE"})


class Method(StrEnum):
    """``REPLY`` is an answer, ``COUNTER`` asks for another time."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"


class PartStat(StrEnum):
    """What the attendee says."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The start that is asked for: what a clock shows, and the UTC instant where the file says whose clock.

    ``is_day``: only the date is asked for, and ``wall`` is its midnight.
    """

    wall: datetime
    instant: datetime | None
    is_day: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. ``attendee`` has no ``mailto:``; ``addressed_to`` are the addresses that it reached or names.

    ``stamp`` is the UTC instant at which it was written, as its writer says.
    """

    method: Method
    uid: str
    sequence: int
    stamp: datetime
    attendee: str
    answer: PartStat
    comment: str
    proposal: Proposal | None
    addressed_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoReply:
    """A message that is no reply which can be used, and why, in a sentence."""

    reason: str


def read_reply(data: bytes) -> Reply | NoReply:
    """Read a message as it came, headers and all; nothing in it makes this raise."""
    try:
        return _reply(calendar_part(data))
    except Unreadable as reason:
        return NoReply(_told(str(reason)))
    except (ValueError, OverflowError, LookupError, TypeError, AttributeError, RecursionError):
        return NoReply("The message cannot be taken apart.")


def _told(reason: str) -> str:
    """A sentence on one line, whatever the pieces of the message in it."""
    return " ".join(UNSEEN.sub("", reason).split())


def _reply(part: CalendarPart) -> Reply:
    calendar, event = _only(part.text)
    method = _method(calendar, part.method)
    attendee = _single(event, "ATTENDEE")
    return Reply(
        method=method,
        uid=_uid(event),
        sequence=sequence_of(event),
        stamp=_stamp(event),
        attendee=_address(attendee),
        answer=_answer(attendee, method),
        comment=_comment(event),
        proposal=_proposal(calendar, event) if method is Method.COUNTER else None,
        addressed_to=(*part.addressed_to, *(_address(line) for line in event.all("ORGANIZER"))),
    )


def _only(text: str) -> tuple[Node, Node]:
    """The calendar and the event, of which there must be one each."""
    nodes = read_nodes(text.encode("utf-8", "replace"), READ)
    if [node.name for node in nodes] != ["VCALENDAR"]:
        raise Unreadable("The message must have one calendar, and nothing beside it.")
    (calendar,) = nodes
    events = [node for node in calendar.children if node.name == "VEVENT"]
    if len(events) != 1 or {node.name for node in calendar.children} - BESIDE:
        raise Unreadable("Its calendar must have one event, and nothing beside it.")
    for node in (calendar, events[0]):
        if node.fault:
            raise Unreadable(node.fault)
    return calendar, events[0]


def _single(node: Node, name: str) -> Line:
    lines = node.all(name)
    if len(lines) != 1:
        raise Unreadable(f"It must have one {name}, and has {len(lines) or 'none'}.")
    return lines[0]


def _method(calendar: Node, announced: str) -> Method:
    """Some gateways lose the method of the MIME part; one that differs was tampered with."""
    written = _single(calendar, "METHOD").value.strip().upper()
    if announced not in ("", written):
        raise Unreadable(f"Its method is {quoted(written)}, and {quoted(announced)} is announced.")
    if written not in list(Method):
        raise Unreadable(f"It is no reply: its method is {quoted(written)}.")
    return Method(written)


def _uid(event: Node) -> str:
    uid = _single(event, "UID").value.strip()
    if not uid or len(uid) > LONGEST_UID:
        raise Unreadable("It does not say which appointment it is about.")
    if event.first("RECURRENCE-ID"):
        raise Unreadable("It is about one of several repetitions, and an appointment has none.")
    return uid


def _stamp(event: Node) -> datetime:
    return read_moment(_single(event, "DTSTAMP"), lambda _: utc, utc).instant.astimezone(UTC)


def _address(line: Line) -> str:
    """The mail address of a property, as it is written."""
    text = line.value.strip()
    address = text[len("mailto:") :].strip() if text[:7].lower() == "mailto:" else text
    if len(address) > LONGEST_ADDRESS:
        raise Unreadable(f"One of its addresses is longer than {LONGEST_ADDRESS} characters.")
    return address


def _answer(attendee: Line, method: Method) -> PartStat:
    """Whoever asks for another time need not say whether the old one suits."""
    written = attendee.params.get("PARTSTAT", "").strip().upper() or PartStat.NEEDS_ACTION
    if written not in list(PartStat):
        raise Unreadable(f"Its answer, {quoted(written)}, is neither yes nor no nor perhaps.")
    if method is Method.REPLY and written == PartStat.NEEDS_ACTION:
        raise Unreadable("It gives no answer.")
    return PartStat(written)


def _comment(event: Node) -> str:
    texts = (plain_text(_unescaped(line.value)).strip() for line in event.all("COMMENT"))
    return "\n".join(text for text in texts if text)[:LONGEST_COMMENT]


def _unescaped(text: str) -> str:
    """A text value as its writer meant it. The library reads an escaped backslash before an n as a new line."""
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _proposal(calendar: Node, event: Node) -> Proposal | None:
    """The start that a counter-proposal has; its end does not matter, as a visit takes the time that it takes."""
    line = event.first("DTSTART")
    if line is None:
        return None
    wall = read_moment(line, lambda _: utc, utc).wall
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        return None
    is_on_a_clock = line.params.get("TZID") or line.value.strip().upper().endswith("Z")
    zones = Zones(_described(calendar.children), utc(wall) + timedelta(days=2), Budget(MOST_STEPS))
    moment = read_moment(line, zones.find, utc)
    return Proposal(wall, moment.instant if is_on_a_clock and not moment.is_day else None, moment.is_day)


def _described(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.name == "VTIMEZONE"]
