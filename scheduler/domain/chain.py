"""The chain: a series as a planner sees it, from the first open session on.

A planner needs no history. It needs, for each session that still has to happen, the dates it may take and the gap to
the one before; this module boils a series down to that.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.blocked import Blocked
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import Booking, Override, Series, Session, SessionState, Surroundings
from scheduler.domain.slots import Slot
from scheduler.domain.spacing import ReferenceKind, Window, blocked_ranges, stands, windows


@dataclass(frozen=True, slots=True)
class Gap:
    """Allowed and aimed-for days since the step before (or since the chain's reference, for the first step)."""

    min_days: int
    target_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One open session, in order.

    ``earliest`` and ``latest`` are absolute clinic dates (inclusive). ``gap`` is ``None`` where only those bind: the
    first step of a chain without a reference. ``fixed_on`` pins the step to a date that will not change (a fact, a
    booking that may not move); such a step costs nothing and needs no slot. ``blocked`` are dates it may not take.
    ``override`` allows its own date, from today on, with a gap no worse than it was given for: ``override_gap``,
    ``None`` where dates bind. ``booked`` is its live appointment; ``anchor`` the date a replan keeps near (present or
    latest booking), and ``anchor_slot`` the slot on that date, whose practitioner and hour it keeps if it can.
    """

    number: int
    earliest: date
    latest: date
    gap: Gap | None
    blocked: tuple[Blocked, ...] = ()
    fixed_on: date | None = None
    booked: Booking | None = None
    anchor: date | None = None
    anchor_slot: Slot | None = None
    override: Override | None = None
    override_gap: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The open steps of a series; ``reference`` is the date that the first step's gap counts from.

    ``None`` for the first session of a series and for a window that a decision stored.
    """

    reference: date | None
    steps: tuple[Step, ...]


def chain_of(series: Series, around: Surroundings, numbers: Collection[int]) -> Chain:
    """The chain in which the sessions ``numbers`` may take new dates and every other date stays.

    It runs from the first of ``numbers`` to the last session that is due or dated. Raises ``RuleBroken``
    (``no_window``, ``lapsed_window``) when the first of them has no window to begin in.
    """
    first = min(numbers)
    window = _open_window(series, around, first)
    counted = window.reference_kind not in (ReferenceKind.START, ReferenceKind.DECISION)
    steps = tuple(_steps(series, around, window, frozenset(numbers)))
    return Chain(window.reference if counted else None, steps)


def _open_window(series: Series, around: Surroundings, number: int) -> Window:
    window = windows(series, around)[number]
    if window is None:
        raise RuleBroken(
            Phrase("Session %(number)s has no window, because an earlier session has no date.", number=number),
            code="no_window",
            session=number,
        )
    if window.lapsed and series.session(number).booking is None:
        raise RuleBroken(
            Phrase(
                "The window of session %(number)s has lapsed: no day to %(day)s is free.",
                number=number,
                day=window.latest.on,
            ),
            code="lapsed_window",
            remedy="A practitioner decides whether to continue, restart or end the series.",
            session=number,
            window={"earliest": window.earliest.on.isoformat(), "latest": window.latest.on.isoformat()},
        )
    return window


@dataclass(frozen=True, slots=True)
class _Skipped:
    """The omitted sessions since the step before: their days, counted from ``closes`` where a decision had set one."""

    days: int = 0
    closes: date | None = None


def _steps(series: Series, around: Surroundings, window: Window, numbers: frozenset[int]) -> Iterator[Step]:
    sessions = series.sessions[window.number - 1 :]
    horizon = _horizon(series, sessions, window)
    blocked = blocked_ranges(series, around, around.today, horizon)
    skipped = _Skipped()
    for session in sessions:
        if session.state is SessionState.OMITTED:
            skipped = _more(skipped, session, series.protocol.spacing_before(session.number))
            continue
        bounds = _bounds(session, window, skipped, series.protocol.spacing_before(session.number), horizon)
        yield _step(session, bounds, blocked, around.today, session.number in numbers)
        skipped = _Skipped()


def _horizon(series: Series, sessions: Sequence[Session], window: Window) -> date:
    """The last date that any step can reach, by its rule, its booking or a decision."""
    reach = window.latest.on
    for session in sessions:
        if session.number > window.number:
            reach += timedelta(series.protocol.spacing_before(session.number).max_days)
        reach = max(reach, session.dated or reach, session.continued[1] if session.continued else reach)
    return reach


def _more(skipped: _Skipped, omitted: Session, rule: SpacingRule) -> _Skipped:
    if omitted.continued:
        return _Skipped(closes=omitted.continued[1])
    return replace(skipped, days=skipped.days + rule.max_days)


@dataclass(frozen=True, slots=True)
class _Bounds:
    earliest: date
    latest: date
    gap: Gap | None
    override: Override | None


def _bounds(session: Session, window: Window, skipped: _Skipped, rule: SpacingRule, horizon: date) -> _Bounds:
    """Where only a last date binds, its ordinal is a maximum that no gap to it can reach."""
    override = session.booking.override if session.open and session.booking else None
    if session.number == window.number:
        standing = override if override and stands(override, override.on, window) else None
        return _Bounds(window.earliest.on, window.latest.on, _first_gap(session, window, rule), standing)
    if session.continued:
        opens, closes = session.continued
        return _Bounds(opens, closes, Gap(rule.absolute_min_days, rule.target_days, closes.toordinal()), override)
    if skipped.closes:
        latest = skipped.closes + timedelta(skipped.days + rule.max_days)
        return _Bounds(date.min, latest, Gap(rule.min_days, rule.target_days, latest.toordinal()), None)
    return _Bounds(date.min, horizon, Gap(rule.min_days, rule.target_days, rule.max_days + skipped.days), override)


def _first_gap(session: Session, window: Window, rule: SpacingRule) -> Gap | None:
    if session.continued or window.reference_kind is ReferenceKind.START:
        return None
    return Gap(rule.min_days, rule.target_days, (window.latest.on - window.reference).days)


def _step(session: Session, bounds: _Bounds, blocked: tuple[Blocked, ...], today: date, free: bool) -> Step:
    booking = session.booking if session.open else None
    override = bounds.override if bounds.override and bounds.override.on >= today else None
    by_gap = bounds.gap is not None and not session.continued
    return Step(
        number=session.number,
        earliest=max(bounds.earliest, today),
        latest=bounds.latest,
        gap=bounds.gap,
        blocked=blocked,
        fixed_on=session.performed_on or (booking.on if booking and not (free and booking.movable) else None),
        booked=booking,
        anchor=booking.on if booking else session.last_on,
        anchor_slot=booking.slot if booking else session.last_slot,
        override=override,
        override_gap=(override.on - override.reference).days if override and by_gap else None,
    )
