"""Events as the file has them: when each begins, how long it takes, how it repeats, whether it takes time at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler.calendars.reading.budget import Unreadable, quoted
from scheduler.calendars.reading.moments import (
    FindZone,
    Length,
    Moment,
    Moments,
    Zone,
    duration,
    read_moment,
    read_moments,
    until,
)
from scheduler.calendars.reading.nodes import Node
from scheduler.calendars.reading.rules import Rule, read_rules

LONGEST_UID = 255


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT. ``replaces`` is the repetition that it stands for; ``idle`` says why it takes no time, if so."""

    number: int
    uid: str
    sequence: int
    start: Moment
    length: Length
    rules: tuple[Rule, ...]
    extra: tuple[tuple[Moment, Length | None], ...]
    excluded_rules: tuple[Rule, ...]
    excluded: Moments
    replaces: Moment | None
    is_for_later_too: bool
    idle: str

    @property
    def place(self) -> datetime | None:
        """What two versions of the same thing have in common: the time they replace, None for the event itself."""
        return self.replaces.wall if self.replaces else None


def read_entry(node: Node, number: int, find_zone: FindZone, floating: Zone) -> Entry:
    """The event that a VEVENT describes, the ``number``-th of its file. Raises ``Unreadable``."""
    if node.fault:
        raise Unreadable(node.fault)
    start = _start(node, find_zone, floating)
    length = _length(node, start, find_zone)
    replaced = node.first("RECURRENCE-ID")
    return Entry(
        number=number,
        uid=_uid(node),
        sequence=sequence_of(node),
        start=start,
        length=length,
        rules=read_rules(node.all("RRULE"), start),
        extra=tuple(_listed(node, "RDATE", start, find_zone)),
        excluded_rules=read_rules(node.all("EXRULE"), start),
        excluded=Moments(moment for moment, _ in _listed(node, "EXDATE", start, find_zone)),
        replaces=read_moment(replaced, find_zone, start.zone) if replaced else None,
        is_for_later_too=bool(replaced and replaced.params.get("RANGE", "").upper() == "THISANDFUTURE"),
        idle=_idle(node),
    )


def newest(versions: Iterable[Entry]) -> list[Entry]:
    """Of several versions of an event, or of an exception to it, those with the highest sequence."""
    listed = list(versions)
    highest: dict[datetime | None, int] = {}
    for entry in listed:
        highest[entry.place] = max(entry.sequence, highest.get(entry.place, 0))
    return [entry for entry in listed if entry.sequence == highest[entry.place]]


def _uid(node: Node) -> str:
    uid = node.value("UID")
    if len(uid) > LONGEST_UID:
        raise Unreadable(f"Its identifier is longer than {LONGEST_UID} characters.")
    return uid


def _start(node: Node, find_zone: FindZone, floating: Zone) -> Moment:
    line = node.first("DTSTART")
    if line is None:
        raise Unreadable("It has no start.")
    return read_moment(line, find_zone, floating)


def _length(node: Node, start: Moment, find_zone: FindZone) -> Length:
    """From the end or the duration. With neither, a day lasts one day and a time takes none."""
    if end := node.first("DTEND"):
        length = until(start, read_moment(end, find_zone, start.zone))
    elif line := node.first("DURATION"):
        length = duration(line.value)
    else:
        length = Length()
    return Length(days=1) if start.is_day and length == Length() else length


def _listed(node: Node, name: str, start: Moment, find_zone: FindZone) -> Iterator[tuple[Moment, Length | None]]:
    """The moments of a list property; those without a zone are on the event's own clock."""
    for line in node.all(name):
        yield from read_moments(line, find_zone, start.zone)


def sequence_of(node: Node) -> int:
    """How often an event was revised; 0 where it does not say. Raises ``Unreadable``."""
    text = node.value("SEQUENCE") or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable(f"Its sequence, {quoted(text)}, is not a number.")
    return int(text)


def _idle(node: Node) -> str:
    if node.value("STATUS").upper() == "CANCELLED":
        return "It is cancelled."
    return "It is marked as free time." if node.value("TRANSP").upper() == "TRANSPARENT" else ""
