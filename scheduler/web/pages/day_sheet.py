"""The sheet of a day: its columns, what is closed and why, and how many of each status there are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from scheduler.operations.days.day_appointments import DayAppointment
from scheduler.operations.days.day_columns import ClosedBecause, ClosedStretch, Column
from scheduler.operations.days.days import Day
from scheduler.web.pages.day_cards import Card, Look, card_of, code_of, delay_words, looks
from scheduler.web.pages.day_layout import Span, at, lanes, long, span_of
from scheduler.web.pages.words import clock, say

SHORT = 25
"""A card of fewer minutes needs a taller hour to be read."""
LABELLED = 25
"""Minutes from which a closed stretch has room for its label."""


class By(StrEnum):
    """What the columns are."""

    PRACTITIONER = "practitioner"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Shut:
    """A stretch in which nobody can be booked, and why."""

    label: str
    place: str
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class Strand:
    """One column: whose it is, a line about it, and what is in it.

    ``home`` and an id open a card, ``path`` opens what can be done with the column; ``delay`` says that its
    practitioner runs late; ``has_now`` whether the line of this moment may cross it; ``other`` is the one room, or the
    one practitioner, of all its cards.
    """

    key: str
    name: str
    detail: str
    cards: tuple[Card, ...]
    shut: tuple[Shut, ...]
    home: str = ""
    path: str | None = None
    delay: str = ""
    has_now: bool = True
    other: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day as it is drawn. ``now`` has the time and the classes of the line, while it is today.

    ``is_tall`` and ``is_wide`` ask for more room: for short appointments, and for some beside each other.
    """

    strands: tuple[Strand, ...]
    hours: tuple[tuple[str, str], ...]
    first: str
    last: str
    length: str
    is_tall: bool
    is_wide: bool
    now: tuple[str, str] | None
    counts: Mapping[str, int]
    legend: tuple[Look, ...]


def sheet_of(day: Day, by: By, held: frozenset[UUID], now: datetime) -> Sheet | None:
    """The sheet of a day; ``None`` when nobody works and nothing is booked."""
    appointments = appointments_of(day)
    columns = [one.column for one in day.practitioners] if by is By.PRACTITIONER else list(day.rooms)
    working = [times for one in day.practitioners for times in one.column.working]
    span = span_of([*working, *((one.starts_at, one.ends_at) for one in appointments)], day.zone)
    if span is None:
        return None
    known = looks()
    delays = {one.column.resource_id: one.delay for one in day.practitioners if _is_today(day, now)}
    drawing = Drawing(day, by, held, span, now, known, _other_names(day, by), delays)
    strands = tuple(drawing.strands(columns, appointments))
    return Sheet(
        strands=strands,
        hours=tuple(span.hours()),
        first=clock(span.begins_at, day.zone),
        last=clock(span.ends_at, day.zone),
        length=long(span.minutes),
        is_tall=any((one.ends_at - one.starts_at).total_seconds() < SHORT * 60 for one in appointments),
        is_wide=any(card.lane for strand in strands for card in strand.cards),
        now=(clock(now, day.zone), at(span.minute(now))) if span.holds(now) else None,
        counts=Counter(code_of(one, held) for one in appointments),
        legend=tuple(known.values()),
    )


def appointments_of(day: Day) -> tuple[DayAppointment, ...]:
    """All appointments of a day, by start."""
    found = [one for person in day.practitioners for one in person.appointments]
    return tuple(sorted([*found, *day.unassigned], key=lambda one: (one.starts_at, one.id)))


def _is_today(day: Day, now: datetime) -> bool:
    return day.begins_at <= now < day.ends_at


def _other_names(day: Day, by: By) -> Mapping[UUID | None, str]:
    if by is By.PRACTITIONER:
        return {room.resource_id: room.name for room in day.rooms}
    return {one.column.resource_id: one.column.name for one in day.practitioners}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Makes the columns of a day, within one span."""

    day: Day
    by: By
    held: frozenset[UUID]
    span: Span
    now: datetime
    looks: Mapping[str, Look]
    others: Mapping[UUID | None, str]
    delays: Mapping[UUID, int]

    def strands(self, columns: Iterable[Column], appointments: Sequence[DayAppointment]) -> Iterator[Strand]:
        """A column for each resource, and one for what needs none."""
        rest: dict[UUID | None, list[DayAppointment]] = {}
        for one in appointments:
            rest.setdefault(self._column_of(one), []).append(one)
        for column in columns:
            yield self._strand(column, rest.pop(column.resource_id, []))
        others = sorted((one for some in rest.values() for one in some), key=lambda one: one.starts_at)
        if others:
            name = say("Without a practitioner") if self.by is By.PRACTITIONER else say("Without a room")
            yield Strand("none", name, "", self._cards(others), (), self._home)

    def _column_of(self, one: DayAppointment) -> UUID | None:
        return one.practitioner_id if self.by is By.PRACTITIONER else one.room_id

    def _strand(self, column: Column, appointments: Sequence[DayAppointment]) -> Strand:
        rooms = dict.fromkeys(other for one in appointments if (other := self._other(one)))
        hours = self._hours(column)
        detail = " · ".join([*rooms, hours] if self.by is By.PRACTITIONER and len(rooms) < 3 else [hours])
        shut = tuple(self._shut(column))
        late = self.delays.get(column.resource_id, 0)
        cards, delay = self._cards(appointments), delay_words(late) if late else ""
        path = f"/day/{self.day.on.isoformat()}/column/{column.resource_id}"
        other = next(iter(rooms)) if len(rooms) == 1 else ""
        return Strand(str(column.resource_id), column.name, detail, cards, shut, self._home, path, delay, other=other)

    @property
    def _home(self) -> str:
        by = "by=room&" if self.by is By.ROOM else ""
        return f"/day/{self.day.on.isoformat()}?{by}open="

    def _hours(self, column: Column) -> str:
        if not column.working:
            return say("Not working")
        zone = self.day.zone
        return f"{clock(column.working[0][0], zone)}–{clock(column.working[-1][1], zone)}"

    def _other(self, one: DayAppointment) -> str:
        """What the column does not say: the room of a practitioner's appointment, or the other way round."""
        return self.others.get(one.room_id if self.by is By.PRACTITIONER else one.practitioner_id, "")

    def _cards(self, appointments: Sequence[DayAppointment]) -> tuple[Card, ...]:
        placed = lanes([(one.starts_at, one.ends_at, one) for one in appointments])
        return tuple(
            replace(self._card(one), lane=f"lane{lane} of{most}" if most > 1 else "") for one, lane, most in placed
        )

    def _card(self, one: DayAppointment) -> Card:
        return card_of(
            one, self.looks[code_of(one, self.held)], self._other(one), self.span, self.now, self._delay(one)
        )

    def _delay(self, one: DayAppointment) -> int:
        return self.delays.get(one.practitioner_id, 0) if one.practitioner_id else 0

    def _shut(self, column: Column) -> Iterator[Shut]:
        for stretch in column.closed:
            minutes = self.span.minute(stretch.ends_at) - self.span.minute(stretch.starts_at)
            if minutes > 0:
                place = self.span.place(stretch.starts_at, stretch.ends_at)
                yield Shut(self._why(stretch, column), place, minutes >= LABELLED)

    def _why(self, stretch: ClosedStretch, column: Column) -> str:
        if stretch.because is ClosedBecause.CLOSURE:
            return ", ".join(self.day.closures) or say("Closed")
        if stretch.because is ClosedBecause.ABSENCE:
            return stretch.label or say("Away")
        times = column.working
        is_between = bool(times) and times[0][0] < stretch.starts_at and stretch.ends_at < times[-1][1]
        return say("Break") if is_between else say("Not working")
