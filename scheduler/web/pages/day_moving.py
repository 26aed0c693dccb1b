"""What a move in the grid would do: an appointment, where it is wanted, and what the server says to that."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import TypeVar
from uuid import UUID

from scheduler.domain.clinic_days import clinic_date, instant_of
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.replanning import Move
from scheduler.domain.slots import Slot
from scheduler.operations.booking.appointments import Appointment, get_appointment
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.replanning import Replans, WantedMove, replan, replan_near, snapshot_to_move
from scheduler.operations.days.day_columns import Column
from scheduler.operations.days.days import Day
from scheduler.operations.patients.patients import get_patient
from scheduler.storage.snapshots import Snapshot
from scheduler.web.pages.registry import Choice, PageCall
from scheduler.web.pages.series_moves import written
from scheduler.web.pages.series_words import conflict_words
from scheduler.web.pages.words import clock, say, short_day

T = TypeVar("T")
NEAR = 3


class MoveChoice(Choice):
    """Where an appointment is wanted: a clinic date, a time of its wall, with whom, and in which room, as typed."""

    to: str = ""
    at: str = ""
    who: str = ""
    room: str = ""


Names = tuple[tuple[str, str], ...]
"""Ids of resources, each with its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would move."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Near:
    """Another time that would do, and the address of its preview."""

    told: str
    path: str


@dataclass(frozen=True, slots=True)
class MovePanel:
    """An appointment that is being moved.

    ``verdict`` is “yes” with the ``lines`` that would move, “no” with the ``obstacles`` and what is ``near``, or empty
    before a time is wanted. ``taken``: somebody was faster.
    """

    id: UUID
    patient: str
    stands: str
    path: str
    wish: MoveChoice
    people: Names
    rooms: Names
    revision: int
    series_path: str | None
    verdict: str = ""
    lines: tuple[Line, ...] = ()
    places: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    taken: bool = False


@dataclass(frozen=True, slots=True)
class _Moving:
    """An appointment of a day with what is asked about it."""

    call: PageCall
    day: Day
    one: Appointment
    snapshot: Snapshot
    path: str

    def blank(self, choice: MoveChoice) -> MovePanel:
        one = self.one
        wish = MoveChoice(
            to=choice.to or one.on_date.isoformat(),
            at=choice.at or clock(one.starts_at, one.zone),
            who=choice.who or str(one.practitioner_id or ""),
            room=choice.room,
        )
        return MovePanel(
            id=one.id,
            patient=get_patient(self.call.context, patient_id=one.patient_id).name,
            stands=f"{short_day(one.on_date)}, {clock(one.starts_at, one.zone)}–{clock(one.ends_at, one.zone)}",
            path=self.path,
            wish=wish,
            people=_names(person.column for person in self.day.practitioners),
            rooms=_names(self.day.rooms),
            revision=one.revision,
            series_path=f"/series/{one.series_id}?move={one.session}&to={wish.to}&at={wish.at}"
            if one.session
            else None,
        )

    def answered(self, panel: MovePanel) -> MovePanel:
        """The panel with what the server says to the wish."""
        faults: dict[str, str] = {}
        wanted = self._wanted(panel.wish, faults)
        if wanted is None:
            return replace(panel, faults=faults)
        try:
            found = replan(self.call.context, self.call.service.free_time, self.snapshot, move=wanted, limit=1)
        except RuleBroken as refusal:
            return replace(panel, verdict="no", obstacles=(refusal.detail,))
        return self._told(panel, wanted, found)

    def _told(self, panel: MovePanel, wanted: WantedMove, found: Replans) -> MovePanel:
        if not found.replans:
            obstacles = tuple(dict.fromkeys(conflict_words(one, None) for one in found.conflicts))
            return replace(panel, verdict="no", obstacles=obstacles, near=tuple(self._near(wanted)))
        moves = found.replans[0].changes.moves
        if not moves:
            return panel
        return replace(panel, verdict="yes", lines=tuple(map(self._line, moves)), places=tuple(map(self._place, moves)))

    def _wanted(self, wish: MoveChoice, faults: dict[str, str]) -> WantedMove | None:
        on, at = _read(date.fromisoformat, wish.to), _read(time.fromisoformat, wish.at)
        if on is None:
            faults["to"] = say("Give a day of the calendar.")
        if at is None or at.tzinfo:
            faults["at"] = say("Give a time such as 13:30.")
        resources = self._resources(wish, faults)
        if faults or on is None or at is None:
            return None
        return WantedMove(self.one.id, Slot(instant_of(on, at, self.one.zone), resources))

    def _resources(self, wish: MoveChoice, faults: dict[str, str]) -> dict[ResourceKind, UUID]:
        """Who and which room are asked for. What is not, stays as it is where it can."""
        people = {str(person.column.resource_id): person.column.resource_id for person in self.day.practitioners}
        rooms = {str(room.resource_id): room.resource_id for room in self.day.rooms}
        if wish.who and wish.who not in people:
            faults["who"] = say("Choose somebody who works at this clinic.")
        if wish.room and wish.room not in rooms:
            faults["room"] = say("Choose a room of this clinic.")
        wanted = ((ResourceKind.PRACTITIONER, people.get(wish.who)), (ResourceKind.ROOM, rooms.get(wish.room)))
        return {kind: resource_id for kind, resource_id in wanted if resource_id}

    def _line(self, move: Move) -> Line:
        what = say("Session %(session)d", session=move.number) if self.one.session else say("The visit")
        room = ResourceKind.ROOM
        kinds = [ResourceKind.PRACTITIONER]
        if move.before and move.before.resources.get(room) != move.after.resources.get(room):
            kinds.append(room)
        before = self._at(move.before, *kinds) if move.before else ""
        return Line(what, before, self._at(move.after, *kinds))

    def _at(self, slot: Slot, *kinds: ResourceKind) -> str:
        """The day, the time, and the names of what it takes of these kinds."""
        zone = self.one.zone
        columns = (*(person.column for person in self.day.practitioners), *self.day.rooms)
        names = {column.resource_id: column.name for column in columns}
        when = (short_day(clinic_date(slot.starts_at, zone)), clock(slot.starts_at, zone))
        return ", ".join([*when, *(names[id_] for kind in kinds if (id_ := slot.resources.get(kind)) in names)])

    def _place(self, move: Move) -> str:
        booking = self.snapshot.series.session(move.number).booking
        return written(Placement(move.number, move.after, booking.treatment_extra if booking else 0))

    def _near(self, wanted: WantedMove) -> Iterator[Near]:
        """Times that would do: of another day each, the closest first. None for what cannot move at all."""
        try:
            found = replan_near(self.call.context, self.call.service.free_time, self.snapshot, move=wanted, limit=NEAR)
        except RuleBroken:
            return
        for one in found.replans:
            own = next((move for move in one.changes.moves if move.number == (self.one.session or 1)), None)
            if own:
                yield self._offer(own)

    def _offer(self, own: Move) -> Near:
        at, who = clock(own.after.starts_at, self.one.zone), own.after.resources.get(ResourceKind.PRACTITIONER)
        path = f"{self.path}?to={own.after_on.isoformat()}&at={at}" + (f"&who={who}" if who else "")
        return Near(self._at(own.after, ResourceKind.PRACTITIONER), path)


def _names(columns: Iterable[Column]) -> Names:
    return tuple((str(column.resource_id), column.name) for column in columns)


def _read(reader: Callable[[str], T], text: str) -> T | None:
    try:
        return reader(text)
    except ValueError:
        return None


def move_panel(call: PageCall, day: Day, appointment_id: UUID, choice: MoveChoice, *, taken: bool = False) -> MovePanel:
    """The panel of a move; with the server's answer where a time is wanted. Raises ``NotFound``."""
    one = get_appointment(call.context, appointment_id=appointment_id)
    snapshot = snapshot_to_move(call.context, one.series_id, appointment_id)
    moving = _Moving(call, day, one, snapshot, f"/day/{day.on.isoformat()}/move/{one.id}")
    panel = replace(moving.blank(choice), taken=taken)
    return moving.answered(panel) if choice.to or choice.at or choice.who else panel
