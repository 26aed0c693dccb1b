"""Moves on the series page: what somebody wants, what the server would do, and what it cannot do and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from scheduler.domain.access import Action, Allowance, allowance
from scheduler.domain.blocked import blocking
from scheduler.domain.clinic_days import instant_of, wall_time
from scheduler.domain.protocol import ResourceKind
from scheduler.domain.refusals import Conflict, Invalid
from scheduler.domain.replanning import Move
from scheduler.domain.series import Booking, Series
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import Window, windows
from scheduler.domain.spelling import in_utc, read_instant
from scheduler.operations.booking.placing import Placement
from scheduler.operations.booking.replanning import Replan, WantedMove, replan
from scheduler.operations.booking.series import SeriesSheet
from scheduler.web.pages.registry import PageCall
from scheduler.web.pages.series_overrides import outside_window, placed_at, with_moves
from scheduler.web.pages.series_words import SUCCESSOR, conflict_words, days
from scheduler.web.pages.words import say

NEAR, TRIES = 3, 5
"""So many other times are offered where the wanted one cannot be had, and so many days are looked at for them."""
BESIDE = tuple(sign * timedelta(minutes=30 * step) for step in (1, 2, 3, 4) for sign in (1, -1))
"""How far beside the wanted time another one of the same day may lie, the nearest first."""
TIME_IS_WRONG = frozenset({"patient_taken", "practitioner_taken", "room_taken", "device_taken", "not_available"})


@dataclass(frozen=True, slots=True)
class MoveWish:
    """A session and where it should go, on the clinic's clock."""

    session: int
    on: date
    at: time


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of what would change. ``gap`` is in days; ``why`` says why it moves, or that it may stay."""

    move: Move
    why: str
    tone: str
    placement: str


@dataclass(frozen=True, slots=True)
class Near:
    """Another time that would do."""

    on: date
    at: time
    moves: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be. ``series`` and ``windows`` are as they would be; nothing is saved.

    Without ``moves`` the ``obstacles`` say why it cannot be done, and ``near`` what could. ``override`` says that a
    reason is all that is missing, a practitioner's decision or a request for one; ``followers`` would move with it.
    """

    wish: MoveWish | None
    series: Series
    windows: Mapping[int, Window | None]
    moves: tuple[Moved, ...] = ()
    obstacles: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    override: Allowance | None = None
    followers: tuple[Moved, ...] = ()
    choices: int = 1
    choice: int = 1

    @property
    def moved(self) -> Mapping[int, Moved]:
        """Every session that would move, but for one that is asked to go where it cannot."""
        return {one.move.number: one for one in (*self.moves, *self.followers)}


def preview_move(call: PageCall, sheet: SeriesSheet, wish: MoveWish) -> Preview | None:
    """What this move would change; ``None`` where the session cannot move, or is there already."""
    series = sheet.snapshot.series
    booking = movable_booking(sheet, wish.session)
    if booking is None:
        return None
    slot = Slot(instant_of(wish.on, wish.at, series.zone), booking.slot.resources)
    if slot == booking.slot:
        return None
    wanted = WantedMove(booking.appointment_id, slot)
    found = replan(call.context, call.service.free_time, sheet.snapshot, move=wanted, limit=1)
    if found.replans:
        return _would(sheet, wish, found.replans[0])
    return _would_not(call, sheet, wish, wanted, found.conflicts)


def preview_replan(call: PageCall, sheet: SeriesSheet, choice: int) -> Preview | None:
    """The least-moving way in which whatever lost its date, or can no longer stay, finds a new one, if there is any."""
    found = replan(call.context, call.service.free_time, sheet.snapshot)
    if not found.replans:
        told = tuple(conflict_words(one, None) for one in found.conflicts)
        return Preview(None, sheet.snapshot.series, sheet.windows, obstacles=told)
    if not found.replans[0].changes.moves:
        return None
    number = min(max(choice, 1), len(found.replans))
    preview = _would(sheet, None, found.replans[number - 1])
    return replace(preview, choices=len(found.replans), choice=number)


def movable_booking(sheet: SeriesSheet, number: int) -> Booking | None:
    """The appointment of a session that can still move."""
    series = sheet.snapshot.series
    booking = series.session(number).booking if 1 <= number <= len(series.sessions) else None
    can_move = booking is not None and booking.movable and booking.on >= sheet.snapshot.around.today
    return booking if can_move else None


def _would(sheet: SeriesSheet, wish: MoveWish | None, found: Replan) -> Preview:
    series = with_moves(sheet.snapshot.series, found.changes.moves)
    after = windows(series, sheet.snapshot.around)
    moves = tuple(_moved(sheet, one, after) for one in found.changes.moves)
    return Preview(wish, series, after, moves)


def _would_not(
    call: PageCall, sheet: SeriesSheet, wish: MoveWish, wanted: WantedMove, conflicts: Iterable[Conflict]
) -> Preview:
    found = tuple(conflicts)
    outside = outside_window(call, sheet, wish.session, wanted.slot, found)
    series = outside.series if outside else placed_at(sheet.snapshot.series, wish.session, wanted.slot)
    after = windows(series, sheet.snapshot.around)
    told = [one for one in found if not (outside and one.code.startswith(SUCCESSOR))]
    return Preview(
        wish,
        series,
        after,
        obstacles=tuple(dict.fromkeys(conflict_words(conflict, after[wish.session]) for conflict in told)),
        near=_near(call, sheet, wish, wanted, found),
        override=allowance(call.somebody.roles, Action.OVERRIDE) if outside else None,
        followers=tuple(_moved(sheet, one, after) for one in outside.moves) if outside else (),
    )


def _near(
    call: PageCall, sheet: SeriesSheet, wish: MoveWish, wanted: WantedMove, conflicts: Sequence[Conflict]
) -> tuple[Near, ...]:
    """What would do: times of the same day where only the time is wrong, then other days at this time."""
    zone, codes = sheet.snapshot.series.zone, {conflict.code for conflict in conflicts}
    beside = [wanted.slot.starts_at + step for step in BESIDE] if codes & TIME_IS_WRONG else []
    elsewhere = (instant_of(on, wish.at, zone) for on in _other_days(sheet, wish)[:TRIES])
    tried = (_tried(call, sheet, wanted, starts_at) for starts_at in (*beside, *elsewhere))
    return tuple(_place_of(found, wish.session, zone) for found in islice((one for one in tried if one), NEAR))


def _other_days(sheet: SeriesSheet, wish: MoveWish) -> list[date]:
    """The free days of the session's window, those close to the wanted one first."""
    window, booking = sheet.windows[wish.session], sheet.snapshot.series.session(wish.session).booking
    if window is None:
        return []
    first = max(window.earliest.on, sheet.snapshot.around.today)
    span = (first + timedelta(number) for number in range((window.latest.on - first).days + 1))
    free = (on for on in span if not blocking(window.blocked, on) and not (booking and booking.on == on))
    return sorted(free, key=lambda on: abs(on - wish.on))


def _tried(call: PageCall, sheet: SeriesSheet, wanted: WantedMove, starts_at: datetime) -> Replan | None:
    move = replace(wanted, slot=replace(wanted.slot, starts_at=starts_at))
    found = replan(call.context, call.service.free_time, sheet.snapshot, move=move, limit=1)
    return next(iter(found.replans), None)


def _place_of(found: Replan, number: int, zone: str) -> Near:
    moves = found.changes.moves
    after = next(move.after for move in moves if move.number == number)
    wall = wall_time(after.starts_at, zone)
    return Near(wall.date(), wall.time(), len(moves))


def _moved(sheet: SeriesSheet, move: Move, after: Mapping[int, Window | None]) -> Moved:
    extra = booking.treatment_extra if (booking := sheet.snapshot.series.session(move.number).booking) else 0
    window = after[move.number]
    why, tone = _why(sheet, move, window)
    return Moved(move, why, tone, written(Placement(move.number, move.after, extra)))


def _why(sheet: SeriesSheet, move: Move, window: Window | None) -> tuple[str, str]:
    """Why a session moves, and whether that needs a second look."""
    if move.why.code == "requested":
        return _place_in(move, window)
    if move.before is None or sheet.snapshot.series.session(move.number).booking is None:
        return say("Has no date"), "warn"
    if move.why.code == "gap_before" and window is not None and move.before_on is not None:
        stayed = (move.before_on - window.reference).days
        soon = move.before_on < window.earliest.on
        told = say("Was %(days)s, too soon", days=days(stayed))
        return told if soon else say("Was %(days)s, too late", days=days(stayed)), "warn"
    if move.why.code == "gap_after":
        return say("Would leave a wrong gap after it"), "warn"
    if move.why.code == "must_move":
        return say("Cannot stay where it is"), "warn"
    return say("Moves with this choice"), "warn"


def _place_in(move: Move, window: Window | None) -> tuple[str, str]:
    if window is not None and move.after_on == window.latest.on:
        return say("Last allowed day"), "warn"
    if window is not None and move.after_on == window.earliest.on:
        return say("First allowed day"), "warn"
    return say("In its window"), "ok"


KINDS = (ResourceKind.PRACTITIONER, ResourceKind.ROOM, ResourceKind.DEVICE)


def written(placement: Placement) -> str:
    """A placement as a form carries it from a preview to the deed."""
    used = (str(placement.slot.resources.get(kind) or "") for kind in KINDS)
    start = placement.slot.starts_at.isoformat()
    return "|".join((str(placement.session), start, str(placement.treatment_extra), *used))


def read_placement(text: str) -> Placement:
    """The same read back. Raises ``Invalid``."""
    try:
        number, start, extra, *used = text.split("|")
        named = {kind: UUID(one) for kind, one in zip(KINDS, used, strict=True) if one}
        return Placement(int(number), Slot(in_utc(read_instant(start)), named), int(extra))
    except (ValueError, OverflowError):
        raise Invalid("This preview cannot be read.", code="invalid_form", remedy="Look at it again.") from None
