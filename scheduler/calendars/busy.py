"""Other people's calendars as busy times: which stretches are taken, and which parts of the file were not read and why.

Summaries, places and notes are never read: it is nobody's business here what a practitioner does on a free evening.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from scheduler.calendars.reading.budget import Budget, Unreadable
from scheduler.calendars.reading.entries import LONGEST_UID, Entry, newest, read_entry
from scheduler.calendars.reading.freebusy import freebusy_spans
from scheduler.calendars.reading.nodes import Node, read_nodes, walk
from scheduler.calendars.reading.series import Exceptions, Horizon, Span, exception_spans, series_spans
from scheduler.calendars.reading.zones import Zones, iana_zone

MOST_BYTES = 5_000_000
MOST_PARTS = 10_000
MOST_STRETCHES = 50_000
MOST_STEPS = 1_000_000  # days looked at and times produced: some three seconds' work
NO_EVENTS = {"VTODO": "It is a to-do.", "VJOURNAL": "It is a note.", "VAVAILABILITY": "It is a time table."}
PARTS = frozenset({"VEVENT", "VFREEBUSY", *NO_EVENTS})


@dataclass(frozen=True, slots=True, order=True)
class BusyStretch:
    """Time that is taken: two instants in UTC, and the identifier of the event that takes it, empty if it has none."""

    starts_at: datetime
    ends_at: datetime
    uid: str


@dataclass(frozen=True, slots=True)
class BusyNote:
    """Why the ``number``-th part of the file gave no busy time, in a plain sentence; 0 is the file itself."""

    number: int
    uid: str
    reason: str


@dataclass(frozen=True, slots=True)
class BusyReport:
    """What a calendar file gave: stretches in order, parts that take no time, parts that could not be read.

    ``outside`` counts the events that were read and lie wholly outside the horizon.
    """

    busy: tuple[BusyStretch, ...]
    skipped: tuple[BusyNote, ...]
    refused: tuple[BusyNote, ...]
    outside: int


def read_busy(data: bytes, *, zone: str, horizon: tuple[datetime, datetime]) -> BusyReport:
    """Read any iCalendar file, whatever its bytes; nothing in it makes this raise.

    ``zone`` is the clinic's IANA zone: days begin at its midnights, and times without a zone are its times. A stretch
    that touches the horizon, which runs between two instants in UTC, is kept whole.
    """
    reading = _Reading(zone, Horizon(*horizon))
    with reading.refusing(0, ""):
        reading.read(data)
    return reading.report()


class _Reading:
    """One file while it is being read."""

    def __init__(self, zone: str, horizon: Horizon) -> None:
        self._floating = iana_zone(zone)
        self._horizon = horizon
        self._budget = Budget(MOST_STEPS)
        self._zones = Zones([], horizon.ends_at, self._budget)
        self._busy: set[BusyStretch] = set()
        self._skipped: list[BusyNote] = []
        self._refused: list[BusyNote] = []
        self._outside = 0

    def report(self) -> BusyReport:
        by_number = attrgetter("number")
        skipped, refused = sorted(self._skipped, key=by_number), sorted(self._refused, key=by_number)
        return BusyReport(tuple(sorted(self._busy)), tuple(skipped), tuple(refused), self._outside)

    @contextmanager
    def refusing(self, number: int, uid: str) -> Iterator[None]:
        """Note as refused what cannot be read inside."""
        try:
            yield
        except Unreadable as reason:
            self._refused.append(BusyNote(number, uid, str(reason)))
        except (ValueError, OverflowError):
            self._refused.append(BusyNote(number, uid, "One of its dates lies outside the calendar."))

    def read(self, data: bytes) -> None:
        """Raises ``Unreadable`` when nothing can be made of the file as a whole."""
        if len(data) > MOST_BYTES:
            raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} million bytes.")
        nodes = read_nodes(data)
        described = [node for node in walk(nodes) if node.name == "VTIMEZONE"]
        self._zones = Zones(described, self._horizon.ends_at, self._budget)
        parts = _parts(nodes)
        if not parts:
            self._skipped.append(BusyNote(0, "", "The file has no events."))
        entries = [entry for number, node in enumerate(parts, 1) if (entry := self._part(number, node))]
        for versions in _by_event(entries):
            with self.refusing(versions[0].number, versions[0].uid):
                self._take_event(versions)

    def _part(self, number: int, node: Node) -> Entry | None:
        """The event that a part of the file is; what it is otherwise is dealt with here."""
        uid = node.value("UID")[:LONGEST_UID]
        with self.refusing(number, uid):
            if node.name == "VEVENT":
                return read_entry(node, number, self._zones.find, self._floating)
            if node.name == "VFREEBUSY":
                self._keep(uid, freebusy_spans(node, self._zones.find, self._floating, self._horizon))
            else:
                self._skipped.append(BusyNote(number, uid, NO_EVENTS[node.name]))
        return None

    def _take_event(self, versions: Sequence[Entry]) -> None:
        """One event with the exceptions to its repetition, of each the newest version."""
        current = newest(versions)
        numbers = {entry.number for entry in current}
        exceptions = Exceptions([entry for entry in current if entry.replaces])
        for entry in versions:
            with self.refusing(entry.number, entry.uid):
                if entry.number in numbers:
                    self._take(entry, exceptions)
                else:
                    self._skipped.append(BusyNote(entry.number, entry.uid, "The file has a newer version of it."))

    def _take(self, entry: Entry, exceptions: Exceptions) -> None:
        if entry.replaces:
            spans = exception_spans(entry, self._horizon)
        else:
            spans = series_spans(entry, exceptions, self._horizon, self._budget)
        self._keep(entry.uid, spans)
        if idle := entry.idle or ("" if spans or entry.length.rough else "It takes no time."):
            self._skipped.append(BusyNote(entry.number, entry.uid, idle))
        elif not spans:
            self._outside += 1

    def _keep(self, uid: str, spans: Sequence[Span]) -> None:
        if len(self._busy) + len(spans) > MOST_STRETCHES:
            raise Unreadable(f"The file has more than {MOST_STRETCHES:,} busy times in the days that are read.")
        self._busy |= {BusyStretch(starts_at, ends_at, uid) for starts_at, ends_at in spans}


def _parts(nodes: Sequence[Node]) -> list[Node]:
    """What a person would count in the file: events, busy times, to-dos, notes. Raises ``Unreadable``."""
    for calendar in nodes:
        if calendar.value("CALSCALE").upper() not in ("", "GREGORIAN"):
            raise Unreadable("The file does not use the Gregorian calendar.")
    found = [node for node in walk(nodes) if node.name in PARTS]
    if len(found) > MOST_PARTS:
        raise Unreadable(f"The file has more than {MOST_PARTS:,} events.")
    return found


def _by_event(entries: Iterable[Entry]) -> Iterable[Sequence[Entry]]:
    """The entries of each event together; what has no identifier stands alone."""
    events: dict[object, list[Entry]] = defaultdict(list)
    for entry in entries:
        events[entry.uid or entry.number].append(entry)
    return events.values()
