"""Spacing: the window of every session, its forecast, and the verdict on what was performed.

The interval before a session is a number of clinic-local calendar days, both ends inclusive. It counts from the
reference date: the date the session before was performed, else the date it is booked on, else its forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.blocked import Blocked, BlockedBy, first_free, last_free
from scheduler.domain.holds import blocked_by_holds
from scheduler.domain.series import OtherProcedure, Override, Series, Session, SessionState, Surroundings

OPENING_MONTHS = 6
"""Session 1 is planned within six months of the requested start."""


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

    ``recommended`` is the forecast: the day to aim for, ``None`` when the window has lapsed.
    """

    number: int
    reference: date
    reference_kind: ReferenceKind
    earliest: Edge
    latest: Edge
    recommended: date | None
    blocked: tuple[Blocked, ...]
    aim: date

    @property
    def lapsed(self) -> bool:
        """No day from today on is free of holds, closures and other procedures."""
        return self.recommended is None


@dataclass(frozen=True, slots=True)
class Origin:
    """What the next window counts from: the last date, and the day from which the maximum runs.

    The two differ after an omitted session only, whose latest day the maximum counts from.
    """

    on: date
    kind: ReferenceKind
    maximum_from: date


def windows(series: Series, around: Surroundings) -> dict[int, Window | None]:
    """The window of each session by number. ``None``: an earlier session has no date, so this one has no window."""
    found: dict[int, Window | None] = {}
    origin: Origin | None = Origin(series.start_on, ReferenceKind.START, series.start_on)
    for session in series.sessions:
        window = None if origin is None else _window(series, session, origin, around)
        found[session.number] = window
        origin = _next_origin(session, window, origin)
    return found


def _window(series: Series, session: Session, origin: Origin, around: Surroundings) -> Window:
    earliest, latest, aim = _edges(series, session, origin)
    blocked = blocked_ranges(series, around, earliest.on, latest.on)
    kind = ReferenceKind.DECISION if session.continued else origin.kind
    forecast = _forecast(earliest.on, latest.on, aim, blocked, around.today)
    return Window(session.number, origin.on, kind, earliest, latest, forecast, blocked, aim)


def _edges(series: Series, session: Session, origin: Origin) -> tuple[Edge, Edge, date]:
    rule = series.protocol.spacing_before(session.number)
    if session.continued:
        opens, closes = session.continued
        return (
            Edge(opens, "A practitioner decided to continue from here."),
            Edge(closes, "The decision to continue ends here."),
            opens,
        )
    if origin.kind is ReferenceKind.START:
        end = Edge(
            months_after(origin.maximum_from, OPENING_MONTHS),
            f"The first session is planned within {OPENING_MONTHS} months of the start.",
        )
        return Edge(origin.on, "The requested start."), end, origin.on
    earliest, latest = origin.on + timedelta(rule.min_days), origin.maximum_from + timedelta(rule.max_days)
    since = f"session before {_WORDS[origin.kind]} {origin.on.isoformat()}"
    extended = " (an omitted session lies between)" if origin.maximum_from != origin.on else ""
    return (
        Edge(earliest, f"At least {rule.min_days} days after the {since}."),
        Edge(latest, f"At most {(latest - origin.on).days} days after the {since}{extended}."),
        origin.on + timedelta(rule.target_days),
    )


_WORDS = {
    ReferenceKind.PERFORMED: "was performed on",
    ReferenceKind.BOOKED: "is booked on",
    ReferenceKind.FORECAST: "is expected on",
}


def _next_origin(session: Session, window: Window | None, origin: Origin | None) -> Origin | None:
    if session.performed_on is not None:
        return Origin(session.performed_on, ReferenceKind.PERFORMED, session.performed_on)
    if session.state is SessionState.OMITTED:
        return replace(origin, maximum_from=window.latest.on) if origin and window else None
    if session.booking is not None:
        return Origin(session.booking.on, ReferenceKind.BOOKED, session.booking.on)
    if window is None or window.recommended is None:
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
            Blocked(start, end, BlockedBy.CLOSURE, f"The clinic is closed: {label}.")
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
    detail = f"{other.label} on {other.on.isoformat()} is too near on an overlapping site."
    return Blocked(
        other.on - timedelta(back), other.on + timedelta(forward), BlockedBy.OTHER_PROCEDURE, detail, other.source_id
    )


def _closed_weekdays(weekdays: frozenset[int], first: date, last: date) -> tuple[Blocked, ...]:
    days = (first + timedelta(n) for n in range((last - first).days + 1)) if weekdays else ()
    return tuple(
        Blocked(d, d, BlockedBy.CLOSURE, f"The clinic is closed on {d:%A}s.") for d in days if d.weekday() in weekdays
    )


def months_after(start: date, months: int) -> date:
    """The same day so many calendar months later, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    next_month = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(start.day, (next_month - timedelta(1)).day))


def stands(override: Override, on: date, window: Window, series: Series) -> bool:
    """Whether an override still covers this date: the date it was given for, and a gap that is no worse than then."""
    rule = series.protocol.spacing_before(window.number)
    early_then = max((override.reference + timedelta(rule.min_days) - override.on).days, 0)
    late_then = max((override.on - override.reference).days - rule.max_days, 0)
    early_now, late_now = max((window.earliest.on - on).days, 0), max((on - window.latest.on).days, 0)
    return override.on == on and early_now <= early_then and late_now <= late_then
