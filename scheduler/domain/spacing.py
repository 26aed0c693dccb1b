"""Spacing: the window of every session, its forecast, and the verdict on what was performed.

The interval before a session is a number of clinic-local calendar days, both ends inclusive. It counts from the
reference date: the date the session before was performed, else the date it is booked on, else its forecast.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.blocked import Blocked, BlockedBy, first_free, last_free
from scheduler.domain.holds import blocked_by_holds
from scheduler.domain.phrases import Phrase
from scheduler.domain.protocol import SpacingRule
from scheduler.domain.series import OtherProcedure, Override, Series, Session, SessionState, Surroundings

OPENING_MONTHS = 6
"""Session 1 is planned within six months of the requested start."""

WEEK = timedelta(7)


class ReferenceKind(StrEnum):
    """Where a window counts from."""

    START = "requested_start"
    PERFORMED = "performed"
    BOOKED = "booked"
    FORECAST = "forecast"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Edge:
    """An end of a window and the reason for it, as a sentence."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Window:
    """Where one session may lie: clinic dates ``earliest`` to ``latest`` inclusive, less the blocked ranges.

    ``recommended`` is the forecast: the day to aim for, ``None`` when the window has lapsed. ``floor`` is the first
    date that even an override may take, ``None`` when no session comes before.
    """

    number: int
    reference: date
    reference_kind: ReferenceKind
    earliest: Edge
    latest: Edge
    recommended: date | None
    blocked: tuple[Blocked, ...]
    aim: date
    floor: date | None = None

    def contains(self, on: date) -> bool:
        """True from the earliest to the latest day, blocked or not."""
        return self.earliest.on <= on <= self.latest.on

    @property
    def lapsed(self) -> bool:
        """No day from today on is free of holds, closures and other procedures."""
        return self.recommended is None


@dataclass(frozen=True, slots=True)
class Origin:
    """What the next window counts from: the last date, and the day from which the maximum runs.

    The two differ after an ``omitted`` session only, whose latest day the maximum counts from.
    """

    on: date
    kind: ReferenceKind
    maximum_from: date
    omitted: bool = False


def windows(series: Series, around: Surroundings) -> dict[int, Window | None]:
    """The window of each session by number.

    ``None``: an earlier session has no date, so this one has no window, and neither has any later one: what is booked
    there hangs in the air. Only a fact gives later sessions something to count from again.
    """
    found: dict[int, Window | None] = {}
    origin: Origin | None = Origin(series.start_on, ReferenceKind.START, series.start_on)
    for session in series.sessions:
        window = None if origin is None else _window(series, session, origin, around)
        found[session.number] = window
        origin = _next_origin(session, window, origin)
    return found


def _window(series: Series, session: Session, origin: Origin, around: Surroundings) -> Window:
    bounds = _bounds(series, session, origin)
    earliest, latest = bounds.earliest, bounds.latest
    blocked = blocked_ranges(series, around, earliest.on, latest.on)
    kind = ReferenceKind.DECISION if session.continued else origin.kind
    forecast = _forecast(earliest.on, latest.on, bounds.aim, blocked, around.today)
    return Window(session.number, origin.on, kind, earliest, latest, forecast, blocked, bounds.aim, bounds.floor)


@dataclass(frozen=True, slots=True)
class _Bounds:
    earliest: Edge
    latest: Edge
    aim: date
    floor: date | None


def _bounds(series: Series, session: Session, origin: Origin) -> _Bounds:
    rule = series.protocol.spacing_before(session.number)
    floor = None if origin.kind is ReferenceKind.START else origin.on + timedelta(rule.absolute_min_days)
    if session.continued:
        return _decided(*session.continued, floor, rule)
    if origin.kind is ReferenceKind.START:
        return _opening(origin, rule)
    return _spaced(origin, rule, floor)


def _decided(opens: date, closes: date, floor: date | None, rule: SpacingRule) -> _Bounds:
    """The window of a decision. The session before may have moved since, and keeps its absolute minimum."""
    earliest = Edge(opens, "A practitioner decided to continue from here.")
    if floor is not None and floor > opens:
        earliest = Edge(
            floor,
            Phrase(
                "At least %(days)s days after the session before, whatever was decided.", days=rule.absolute_min_days
            ),
        )
    return _Bounds(earliest, Edge(closes, "The decision to continue ends here."), earliest.on, floor)


def _opening(origin: Origin, rule: SpacingRule) -> _Bounds:
    latest = Edge(
        months_after(origin.on, OPENING_MONTHS),
        Phrase("The first session is planned within %(months)s months of the start.", months=OPENING_MONTHS),
    )
    if origin.omitted:
        latest = Edge(
            origin.maximum_from + timedelta(rule.max_days),
            Phrase("At most %(days)s days after the latest day of the omitted session before.", days=rule.max_days),
        )
    return _Bounds(Edge(origin.on, "The requested start."), latest, origin.on, None)


def _spaced(origin: Origin, rule: SpacingRule, floor: date | None) -> _Bounds:
    earliest, latest = origin.on + timedelta(rule.min_days), origin.maximum_from + timedelta(rule.max_days)
    since = _since(origin)
    most = {"days": (latest - origin.on).days, "since": since}
    longest = Phrase("At most %(days)s days after the %(since)s.", **most)
    if origin.omitted:
        longest = Phrase("At most %(days)s days after the %(since)s (an omitted session lies between).", **most)
    return _Bounds(
        Edge(earliest, Phrase("At least %(days)s days after the %(since)s.", days=rule.min_days, since=since)),
        Edge(latest, longest),
        origin.on + timedelta(rule.target_days),
        floor,
    )


def _since(origin: Origin) -> Phrase:
    if origin.kind is ReferenceKind.PERFORMED:
        return Phrase("session before was performed on %(day)s", day=origin.on)
    if origin.kind is ReferenceKind.BOOKED:
        return Phrase("session before is booked on %(day)s", day=origin.on)
    return Phrase("session before is expected on %(day)s", day=origin.on)


def _next_origin(session: Session, window: Window | None, origin: Origin | None) -> Origin | None:
    if session.performed_on is not None:
        return Origin(session.performed_on, ReferenceKind.PERFORMED, session.performed_on)
    if session.state is SessionState.OMITTED:
        return replace(origin, maximum_from=window.latest.on, omitted=True) if origin and window else None
    if window is None:
        return None
    if session.booking is not None:
        return Origin(session.booking.on, ReferenceKind.BOOKED, session.booking.on)
    if window.recommended is None:
        return None
    return Origin(window.recommended, ReferenceKind.FORECAST, window.recommended)


def _forecast(earliest: date, latest: date, aim: date, blocked: Sequence[Blocked], today: date) -> date | None:
    start = max(earliest, today)
    target = min(max(start, aim), latest)
    if start > latest:
        return None
    return first_free(blocked, target, latest) or last_free(blocked, start, target)


def blocked_ranges(series: Series, around: Surroundings, first: date, last: date) -> tuple[Blocked, ...]:
    """Every range inside ``[first, last]`` in which this series cannot be booked, sorted, with reasons."""
    ours = series.protocol.spacing.after_other_min_days
    found = (
        *blocked_by_holds(around.holds, around.today),
        *(
            Blocked(start, end, BlockedBy.CLOSURE, Phrase("The clinic is closed: %(label)s.", label=label))
            for start, end, label in around.closures
        ),
        *_closed_weekdays(around.closed_weekdays, first, last),
        *(_near(other, ours) for other in around.others if other.after_other_min_days or ours),
    )
    inside = (b for b in found if b.first <= last and b.last >= first)
    return tuple(sorted(inside, key=lambda b: (b.first, b.last, b.by)))


def _near(other: OtherProcedure, ours: int) -> Blocked:
    """The dates too near another procedure on an overlapping site.

    The later of two neighbours keeps its own protocol's ``after_other_min_days`` from the earlier one, so the range
    reaches back by the other's figure and forward by ours. The day itself is always in it.
    """
    back, forward = max(other.after_other_min_days - 1, 0), max(ours - 1, 0)
    detail = Phrase("%(other)s on %(day)s is too near on an overlapping site.", other=other.label, day=other.on)
    return Blocked(
        other.on - timedelta(back), other.on + timedelta(forward), BlockedBy.OTHER_PROCEDURE, detail, other.source_id
    )


def _closed_weekdays(weekdays: frozenset[int], first: date, last: date) -> Iterator[Blocked]:
    for weekday in weekdays:
        on = first + timedelta((weekday - first.weekday()) % WEEK.days)
        detail = Phrase("The clinic is closed on %(weekday)ss.", weekday=f"{on:%A}")
        while on <= last:
            yield Blocked(on, on, BlockedBy.CLOSURE, detail)
            on += WEEK


def months_after(start: date, months: int) -> date:
    """The same day so many calendar months later, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def stands(override: Override, on: date, window: Window) -> bool:
    """Whether an override still covers this date: the date it was given for, and a gap that is no worse than then.

    The date being the same, an early gap is worse when the reference date is later than then, a late gap when it is
    earlier. A decision's window has dates of its own, so there only the absolute minimum can be broken.
    """
    if override.on != on:
        return False
    if window.reference_kind is ReferenceKind.DECISION:
        return window.floor is None or on >= window.floor
    if on < window.earliest.on:
        return window.reference <= override.reference
    return on <= window.latest.on or window.reference >= override.reference
