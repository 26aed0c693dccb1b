"""Replanning: the least-moving changes after a drag, a hold, a no-show, a cancellation or a closure. Stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from scheduler.domain.access import Action, require
from scheduler.domain.applied import applied
from scheduler.domain.blocked import blocking
from scheduler.domain.chain import chain_of
from scheduler.domain.changes import AppointmentMoved
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import date_conflicts
from scheduler.domain.exclusions import PlanQuestion
from scheduler.domain.planning import PLANS
from scheduler.domain.refusals import Conflict, NotFound, RuleBroken
from scheduler.domain.replanning import ChangeSet, best_changes
from scheduler.domain.sentences import changes_sentence
from scheduler.domain.series import Booking, Series
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import blocked_ranges
from scheduler.domain.wishes import Wishes
from scheduler.operations.context import Context
from scheduler.operations.placing import slot_conflicts_of
from scheduler.operations.planning import horizon_of, phases_of
from scheduler.operations.supplies import supply_of
from scheduler.storage.free_time import FreeTime
from scheduler.storage.snapshots import Snapshot, keeps_of, load_snapshot


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
    snapshot = replace(snapshot, series=_in_play(snapshot))
    asked, numbers = _asked(snapshot.series, move), _movable(snapshot)
    conflicts = _conflicts(context, snapshot, numbers, asked)
    if against := tuple(conflict for n in asked for conflict in conflicts.get(n, ())):
        return Replans(snapshot, (), against)
    found, names = _search(
        context, free_time, snapshot, numbers, asked, _forced(snapshot, conflicts, asked), avoid, limit
    )
    read = tuple(Replan(one, changes_sentence(one, names, snapshot.series.zone)) for one in found)
    return Replans(snapshot, read, () if found else _nothing_fits(snapshot, asked))


def _search(
    context: Context,
    free_time: FreeTime,
    snapshot: Snapshot,
    numbers: Sequence[int],
    asked: Mapping[int, Slot],
    forced: Mapping[int, str],
    avoid: Sequence[tuple[date, date]],
    limit: int,
) -> tuple[tuple[ChangeSet, ...], Mapping[UUID, str]]:
    series = snapshot.series
    chain = chain_of(series, snapshot.around, numbers)
    grid, wishes = horizon_of(chain, snapshot), Wishes(avoid=tuple(avoid))
    own = [session.booking.appointment_id for session in series.sessions if session.booking]
    ignoring = [*own, *keeps_of(context.tx, series.id)]
    supplied = supply_of(context, free_time, snapshot, grid, ignoring)
    starts = PlanQuestion(chain, phases_of(series), supplied.supply, wishes, grid).starts()
    found = best_changes(chain, starts, wishes, grid, requested=asked, must_move=forced, limit=limit)
    return found, supplied.names


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
