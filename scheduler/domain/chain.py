"""The chain: a series as a planner sees it, from the first open session on.

A planner needs no history. It needs, for each session that still has to happen, the dates it may take and the gap to
the one before; this module boils a series down to that.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.blocked import Blocked
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import Booking, Override, Series, Session, SessionState, Surroundings
from scheduler.domain.spacing import ReferenceKind, Window, blocked_ranges, windows


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
    first session of a series, or a window that a decision stored. ``fixed_on`` pins the step to a date that will not
    change (a fact, a booking that may not move); such a step costs nothing and needs no slot. ``override`` allows its
    own date with a gap no worse than it was given for: ``override_gap``. ``blocked`` are dates it may not take.
    ``booked`` is its live appointment; ``anchor`` the date a replan keeps near (present or latest booking).
    """

    number: int
    earliest: date
    latest: date
    gap: Gap | None
    blocked: tuple[Blocked, ...] = ()
    fixed_on: date | None = None
    booked: Booking | None = None
    anchor: date | None = None
    override: Override | None = None
    override_gap: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The open steps of a series; ``reference`` is the date that the first step's gap counts from, when it has one."""

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
            f"Session {number} has no window, because an earlier session has no date.", code="no_window", session=number
        )
    if window.lapsed and series.session(number).booking is None:
        raise RuleBroken(
            f"The window of session {number} has lapsed: no day to {window.latest.on.isoformat()} is free.",
            code="lapsed_window",
            remedy="A practitioner decides whether to continue, restart or end the series.",
            session=number,
            window={"earliest": window.earliest.on.isoformat(), "latest": window.latest.on.isoformat()},
        )
    return window


def _steps(series: Series, around: Surroundings, window: Window, numbers: frozenset[int]) -> Iterator[Step]:
    sessions = [
        s
        for s in series.sessions
        if s.number >= window.number and (s.open or s.performed_on or s.state is SessionState.OMITTED)
    ]
    rules = {s.number: series.protocol.spacing_before(s.number) for s in sessions}
    horizon = window.latest.on + timedelta(sum(rules[s.number].max_days for s in sessions[1:]))
    blocked = blocked_ranges(series, around, max(window.earliest.on, around.today), horizon)
    skipped = 0
    for session in sessions:
        if session.state is SessionState.OMITTED and session.performed_on is None:
            skipped += rules[session.number].max_days
            continue
        yield _step(series, session, window, blocked, (around.today, horizon), skipped, session.number in numbers)
        skipped = 0


def _step(
    series: Series,
    session: Session,
    window: Window,
    blocked: tuple[Blocked, ...],
    span: tuple[date, date],
    skipped: int,
    free: bool,
) -> Step:
    first = session.number == window.number
    earliest, latest = (window.earliest.on, window.latest.on) if first else session.continued or span
    booking = session.booking if session.open else None
    override = booking.override if booking else None
    return Step(
        number=session.number,
        earliest=max(earliest, span[0]),
        latest=latest,
        gap=_gap(series, session, window, skipped),
        blocked=blocked,
        fixed_on=session.performed_on or (booking.on if booking and not (free and booking.movable) else None),
        booked=booking,
        anchor=booking.on if booking else session.last_on,
        override=override,
        override_gap=(override.on - override.reference).days if override else None,
    )


def _gap(series: Series, session: Session, window: Window, skipped: int) -> Gap | None:
    undated = session.number == window.number and window.reference_kind is ReferenceKind.START
    if undated or session.continued:
        return None
    rule = series.protocol.spacing_before(session.number)
    longest = (window.latest.on - window.reference).days if session.number == window.number else rule.max_days + skipped
    return Gap(rule.min_days, rule.target_days, longest)
