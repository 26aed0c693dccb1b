"""Replanning: the least-moving changes after a drag, a hold, a no-show, a cancellation or a closure. Stores nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.applied import applied
from scheduler.domain.availability import FreeStarts
from scheduler.domain.blocked import blocking
from scheduler.domain.chain import Chain, chain_of
from scheduler.domain.changes import AppointmentMoved
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import date_conflicts
from scheduler.domain.day_grid import DayGrid
from scheduler.domain.exclusions import PlanQuestion
from scheduler.domain.near_slots import near_slots
from scheduler.domain.planning import PLANS
from scheduler.domain.refusals import Conflict, NotFound, RuleBroken
from scheduler.domain.replanning import ChangeSet, best_changes
from scheduler.domain.sentences import changes_sentence
from scheduler.domain.series import Booking, Series
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import blocked_ranges
from scheduler.domain.wishes import Wishes
from scheduler.operations.booking.placing import slot_conflicts_of
from scheduler.operations.booking.planning import horizon_of, phases_of
from scheduler.operations.booking.supplies import supply_of
from scheduler.operations.context import Context
from scheduler.storage.free_time import FreeTime
from scheduler.storage.snapshots import Snapshot, keeps_of, load_snapshot
from scheduler.storage.visits import load_visit


@dataclass(frozen=True, slots=True)
class Replan:
    """A set of changes and the sentence that says it."""

    changes: ChangeSet
    sentence: str


@dataclass(frozen=True, slots=True)
class Replans:
    """Up to five sets of changes, least moving first. Without any, ``conflicts`` say what stands in the way."""

    snapshot: Snapshot
    replans: tuple[Replan, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class WantedMove:
    """An appointment of the series, and the slot that it is asked to take. Kinds without a resource keep theirs."""

    appointment_id: UUID
    slot: Slot


def replan_series(
    context: Context,
    free_time: FreeTime,
    *,
    series_id: UUID,
    move: WantedMove | None = None,
    avoid: Sequence[tuple[date, date]] = (),
    limit: int = PLANS,
) -> Replans:
    """The least-moving changes with which a series keeps every rule again.

    With ``move``, that session goes where it is asked to and others follow as far as they must. Without, whatever can
    no longer stay, or was released, finds a new place. Raises ``NotFound`` and ``RuleBroken`` (``nothing_to_plan``).
    """
    require(context.actor, Action.BOOK)
    snapshot = load_snapshot(context.tx, context.organisation_id, series_id, context.now)
    return replan(context, free_time, snapshot, move=move, avoid=avoid, limit=limit)


def replan(
    context: Context,
    free_time: FreeTime,
    snapshot: Snapshot,
    *,
    move: WantedMove | None = None,
    avoid: Sequence[tuple[date, date]] = (),
    limit: int = PLANS,
) -> Replans:
    """The same for a series, or a visit, that has been read."""
    snapshot = replace(snapshot, series=_in_play(snapshot))
    asked, numbers = _asked(snapshot.series, move), _movable(snapshot)
    conflicts = _conflicts(context, snapshot, numbers, asked)
    if against := tuple(conflict for n in asked for conflict in conflicts.get(n, ())):
        return Replans(snapshot, (), against)
    space = space_of(context, free_time, snapshot, numbers, Wishes(avoid=tuple(avoid)))
    found = space.changes(asked, _forced(snapshot, conflicts, asked), limit)
    return Replans(snapshot, space.read(found), () if found else _nothing_fits(snapshot, asked))


@dataclass(frozen=True, slots=True)
class Space:
    """Where the sessions of a series may go: their chain, the days, and the free starts of each."""

    chain: Chain
    grid: DayGrid
    wishes: Wishes
    starts: Mapping[int, FreeStarts]
    names: Mapping[UUID, str]

    def changes(self, asked: Mapping[int, Slot], forced: Mapping[int, str], limit: int) -> tuple[ChangeSet, ...]:
        """The least-moving sets of changes in which these sessions go where they are asked to, or anywhere else."""
        return best_changes(
            self.chain, self.starts, self.wishes, self.grid, requested=asked, must_move=forced, limit=limit
        )

    def read(self, found: Iterable[ChangeSet]) -> tuple[Replan, ...]:
        return tuple(Replan(one, changes_sentence(one, self.names, self.grid.zone)) for one in found)


def space_of(
    context: Context, free_time: FreeTime, snapshot: Snapshot, numbers: Sequence[int], wishes: Wishes
) -> Space:
    """The space for these sessions of a series, as if the series itself had booked nothing."""
    series = snapshot.series
    chain = chain_of(series, snapshot.around, numbers)
    grid = horizon_of(chain, snapshot)
    own = [session.booking.appointment_id for session in series.sessions if session.booking]
    ignoring = [*own, *keeps_of(context.tx, series.id)]
    supplied = supply_of(context, free_time, snapshot, grid, ignoring)
    starts = PlanQuestion(chain, phases_of(series), supplied.supply, wishes, grid).starts()
    return Space(chain, grid, wishes, starts, supplied.names)


def replan_near(context: Context, free_time: FreeTime, snapshot: Snapshot, *, move: WantedMove, limit: int) -> Replans:
    """Sets of changes that take an appointment close to where it is wanted, on another day each, the closest first.

    Those that move nothing else come before those that do. Its present start is not among them. Raises as
    ``replan_series`` does.
    """
    snapshot = replace(snapshot, series=_in_play(snapshot))
    ((number, wanted),) = _asked(snapshot.series, move).items()
    numbers = _movable(snapshot)
    forced = _forced(snapshot, _conflicts(context, snapshot, numbers, {}), {number: wanted})
    space = space_of(context, free_time, snapshot, numbers, Wishes())
    booking = snapshot.series.session(number).booking
    step = next(step for step in space.chain.steps if step.number == number)
    slots = near_slots(space.grid, space.starts[number], wanted, [booking.slot] if booking else [])
    dated = (slot for slot in slots if step.earliest <= clinic_date(slot.starts_at, space.grid.zone) <= step.latest)
    sets = (one for slot in dated for one in space.changes({number: slot}, forced, 1))
    found = _calmest(sets, limit)
    return Replans(snapshot, space.read(found), () if found else _nothing_fits(snapshot, {}))


def snapshot_to_move(context: Context, series_id: UUID | None, appointment_id: UUID) -> Snapshot:
    """The series of an appointment, or the visit, which may go wherever it is wanted from today on.

    Raises ``NotFound``.
    """
    if series_id is not None:
        return load_snapshot(context.tx, context.organisation_id, series_id, context.now)
    visit = load_visit(context.tx, context.organisation_id, appointment_id, context.now)
    return replace(visit, series=replace(visit.series, start_on=visit.around.today))


def _calmest(sets: Iterable[ChangeSet], limit: int) -> list[ChangeSet]:
    """The first of those that move one session, then the first of the others."""
    alone: list[ChangeSet] = []
    others: list[ChangeSet] = []
    for one in sets:
        (alone if len(one.moves) == 1 else others).append(one)
        if len(alone) == limit:
            break
    return [*alone, *others][:limit]


def _in_play(snapshot: Snapshot) -> Series:
    """The series up to its last session that has or had a date; what was never booked is a matter for plans."""
    series = snapshot.series
    dated = [session.number for session in series.sessions if session.dated or session.last_on]
    if not dated:
        raise RuleBroken("No session of this series has been booked yet.", code="nothing_to_plan")
    return replace(series, sessions=series.sessions[: max(dated)])


def _asked(series: Series, move: WantedMove | None) -> dict[int, Slot]:
    """Where the moved session is to go. A kind of resource that is not named stays as it is."""
    if move is None:
        return {}
    for session in series.sessions:
        booking = session.booking
        if booking and booking.appointment_id == move.appointment_id and booking.movable:
            return {session.number: Slot(move.slot.starts_at, {**booking.slot.resources, **move.slot.resources})}
    detail = "This series has no such appointment that could move."
    raise NotFound(detail, code="unknown_appointment", appointment_id=str(move.appointment_id))


def _movable(snapshot: Snapshot) -> list[int]:
    """What has begun or lies in the past stays where it is."""
    today = snapshot.around.today
    open_sessions = (session for session in snapshot.series.sessions if session.open)
    found = [s.number for s in open_sessions if s.booking is None or (s.booking.movable and s.booking.on >= today)]
    if not found:
        raise RuleBroken("Nothing of this series can still move.", code="nothing_to_plan")
    return found


def _conflicts(
    context: Context, snapshot: Snapshot, numbers: Sequence[int], asked: Mapping[int, Slot]
) -> dict[int, list[Conflict]]:
    """By session, what speaks against where it is asked to go, or against where it stands."""
    bookings = [(n, booking) for n in numbers if (booking := snapshot.series.session(n).booking)]
    placed = [_in_slot(snapshot, n, booking, asked.get(n, booking.slot)) for n, booking in bookings]
    found: dict[int, list[Conflict]] = {}
    for conflict in slot_conflicts_of(context, snapshot, placed, keeps_of(context.tx, snapshot.series.id)):
        found.setdefault(conflict.facts.get("session", min(asked, default=0)), []).append(conflict)
    return found


def _in_slot(snapshot: Snapshot, number: int, booking: Booking, slot: Slot) -> AppointmentMoved:
    on = clinic_date(slot.starts_at, snapshot.series.zone)
    return AppointmentMoved(booking.appointment_id, number, booking.slot, slot, booking.on, on, booking.treatment_extra)


def _forced(
    snapshot: Snapshot, conflicts: Mapping[int, Sequence[Conflict]], asked: Mapping[int, Slot]
) -> dict[int, str]:
    """The sessions that cannot stay where they are booked, each with the reason."""
    series, around = snapshot.series, snapshot.around
    forced = {n: found[0].detail for n, found in conflicts.items() if n not in asked}
    for session in series.sessions:
        on = session.booking.on if session.open and session.booking else None
        if on and session.number not in asked and (stops := blocking(blocked_ranges(series, around, on, on), on)):
            forced[session.number] = stops[0].detail
    return forced


def _nothing_fits(snapshot: Snapshot, asked: Mapping[int, Slot]) -> tuple[Conflict, ...]:
    """Why no set of changes keeps the rules: what the wanted date breaks, or that no day is left."""
    series = snapshot.series
    moved = [
        _in_slot(snapshot, n, booking, slot) for n, slot in asked.items() if (booking := series.session(n).booking)
    ]
    broken = date_conflicts(applied(series, moved), snapshot.around, asked.keys())
    remedy = "Lift what blocks, or let a practitioner decide."
    return broken or (Conflict("no_change_fits", "No set of changes keeps every rule.", {}, remedy),)
