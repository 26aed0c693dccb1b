"""Outside the window: what a practitioner's override would do, and who would have to follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.refusals import Conflict
from scheduler.domain.replanning import Move
from scheduler.domain.series import Booking, Override, Series
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import Window, windows
from scheduler.operations.booking.replanning import WantedMove, replan
from scheduler.operations.booking.series import SeriesSheet
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.series_words import SUCCESSOR

OVERRIDABLE = frozenset({"gap_too_short", "gap_too_long", "before_requested_start", "too_long_after_start"})
UNSET = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Outside:
    """The series as an override would leave it, and the moves of those that have to follow."""

    series: Series
    moves: tuple[Move, ...]


def outside_window(
    call: PageCall, sheet: SeriesSheet, number: int, slot: Slot, conflicts: Sequence[Conflict]
) -> Outside | None:
    """What an override of this session would do; ``None`` where a reason would not be enough.

    Only who decides may let others follow: a request is for one appointment.
    """
    series = placed_at(sheet.snapshot.series, number, slot)
    window = windows(series, sheet.snapshot.around)[number]
    if window is None or not _only_gaps(conflicts) or not _reachable(window, series, number):
        return None
    moves = _followers(call, sheet, _overridden(series, number, window), number)
    decides = allowance(call.somebody.roles, Action.OVERRIDE) is Allowance.YES
    if moves is None or (moves and not decides) or any(move.number == number for move in moves):
        return None
    return Outside(with_moves(series, moves), moves)


def _only_gaps(conflicts: Sequence[Conflict]) -> bool:
    """Whether nothing but the window speaks against it, and the windows of those behind it."""
    own = [conflict.code for conflict in conflicts if not conflict.code.startswith(SUCCESSOR)]
    return bool(own) and set(own) <= OVERRIDABLE


def _reachable(window: Window, series: Series, number: int) -> bool:
    """Whether it keeps the least distance, below which nobody may go."""
    booking = series.session(number).booking
    return booking is not None and (window.floor is None or booking.on >= window.floor)


def _overridden(series: Series, number: int, window: Window) -> Series:
    """The series as if a practitioner had decided already."""
    session = series.session(number)
    if session.booking is None:
        return series
    override = Override(session.booking.on, window.reference, "")
    return series.with_sessions({number: replace(session, booking=replace(session.booking, override=override))})


def _followers(call: PageCall, sheet: SeriesSheet, series: Series, number: int) -> tuple[Move, ...] | None:
    """The least that others have to move while this session stays where it was put; ``None`` where they cannot."""
    booking = series.session(number).booking
    stays = WantedMove(booking.appointment_id, booking.slot) if booking else None
    snapshot = replace(sheet.snapshot, series=series)
    found = replan(call.context, call.service.free_time, snapshot, move=stays, limit=1)
    return found.replans[0].changes.moves if found.replans else None


def with_moves(series: Series, moves: Iterable[Move]) -> Series:
    """The series as it would be after these moves."""
    for move in moves:
        series = placed_at(series, move.number, move.after)
    return series


def placed_at(series: Series, number: int, slot: Slot) -> Series:
    """The series with a session at this slot."""
    session, on = series.session(number), clinic_date(slot.starts_at, series.zone)
    booking = replace(session.booking, slot=slot, on=on) if session.booking else Booking(UNSET, on, slot)
    return series.with_sessions({number: replace(session, booking=replace(booking, at_risk=False))})
