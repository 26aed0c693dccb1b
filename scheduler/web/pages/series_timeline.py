"""The timeline of a series, drawn on the server: where everything lies, in the units of the drawing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.blocked import BlockedBy
from scheduler.domain.series import Series, Session, SessionState
from scheduler.domain.spacing import Window
from scheduler.web.pages.series_bands import Band, Block, Label, bands_of, lanes_of
from scheduler.web.pages.series_moves import Preview
from scheduler.web.pages.series_scale import WIDTH, Month, Scale, scale_of
from scheduler.web.pages.series_words import days, state_words, window_words
from scheduler.web.pages.words import day_with_year, long_day, say, short_day

ROW, TOP, FOOT, LANE = 50, 78, 26, 20
RADIUS, TIP = 12, 210
NARROW = 58
"""Room that the words of a gap need."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A window across its row, with what is blocked in it. ``title`` says why its ends lie there."""

    x: float
    width: float
    title: str
    blocked: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A session on its date: ``kind`` is done, booked, moved, bad or hoped (a forecast)."""

    x: float
    kind: str
    label: str
    iso: str


@dataclass(frozen=True, slots=True)
class Tip:
    """Words beside a session that is being moved, in a box of their own."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One session. ``ghost`` is where it was, ``wedge`` the way from the session before, ``movable`` if it can go."""

    number: int
    y: float
    state: str
    dot: Dot | None
    bar: Bar | None
    wedge: str
    gap: str
    gap_x: float
    ghost: float | None
    tip: Tip | None
    movable: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    height: int
    top: int
    bottom: int
    months: tuple[Month, ...]
    weeks: tuple[float, ...]
    bands: tuple[Band, ...]
    labels: tuple[Label, ...]
    rows: tuple[Row, ...]
    today: float | None
    title: str
    text: str
    day_width: float
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn: a series as it stands or as it would be, and what stood where before."""

    series: Series
    windows: Mapping[int, Window | None]
    before: Series
    today: date
    movable: frozenset[int]
    preview: Preview | None

    def date_of(self, session: Session) -> date | None:
        """Where a session is drawn: its date, or where it is expected."""
        window = self.windows[session.number]
        if session.dated or not session.open or window is None:
            return session.dated
        return window.recommended

    def changed(self, number: int) -> bool:
        return self.preview is not None and number in self.preview.moved

    def refused(self, number: int) -> bool:
        """Whether this session was asked to go where it cannot."""
        if self.preview is None or self.preview.wish is None:
            return False
        return bool(self.preview.obstacles) and self.preview.wish.session == number


def timeline_of(shown: Shown, blocks: Sequence[Block], closures: Sequence[tuple[date, date, str]]) -> Timeline:
    """Draw it. ``blocks`` are holds as the reader may see them, ``closures`` the clinic's closed dates."""
    scale = scale_of(list(_days(shown)))
    bands = bands_of(scale, blocks, closures)
    labels, lanes = lanes_of(bands)
    top = TOP + LANE * lanes
    rows = tuple(_rows(shown, scale, top))
    bottom = top + ROW * len(rows)
    on_scale = scale.shows(shown.today, shown.today)
    return Timeline(
        height=bottom + FOOT,
        top=top,
        bottom=bottom,
        months=tuple(scale.months()),
        weeks=tuple(scale.mondays()),
        bands=bands,
        labels=labels,
        rows=rows,
        today=scale.middle(shown.today) if on_scale else None,
        title=say("Timeline, %(first)s to %(last)s", first=day_with_year(scale.first), last=day_with_year(scale.last)),
        text="; ".join(_told(shown)),
        day_width=round(scale.day, 3),
    )


def _days(shown: Shown) -> Iterator[date]:
    """Every day that has to be on the drawing."""
    yield shown.today
    for session in (*shown.series.sessions, *shown.before.sessions):
        if (on := shown.date_of(session)) is not None:
            yield on
    for session in shown.series.sessions:
        window = shown.windows[session.number]
        if window is None or not session.open:
            continue
        if session.number > 1 or session.dated is None:
            yield from (window.earliest.on, min(window.latest.on, window.earliest.on + timedelta(62)))


def _told(shown: Shown) -> Iterator[str]:
    for session in shown.series.sessions:
        on = shown.date_of(session)
        when = day_with_year(on) if on else say("no date")
        yield say("session %(number)d %(when)s", number=session.number, when=when)


def _rows(shown: Shown, scale: Scale, top: int) -> Iterator[Row]:
    before: tuple[date, float] | None = None
    for place, session in enumerate(shown.series.sessions):
        y = top + ROW * place + ROW / 2
        on = shown.date_of(session)
        row = _row(shown, scale, session, y, before)
        yield row
        if on is not None:
            before = (on, y)


def _row(shown: Shown, scale: Scale, session: Session, y: float, before: tuple[date, float] | None) -> Row:
    on, bar = shown.date_of(session), _bar(shown, scale, session)
    wedge, gap, gap_x = _wedge(scale, on, bar, y, before)
    was = shown.before.session(session.number).dated
    moves = shown.changed(session.number) or shown.refused(session.number)
    return Row(
        number=session.number,
        y=y,
        state=_state(shown, session, on),
        dot=_dot(shown, scale, session, on) if on else None,
        bar=bar,
        wedge=wedge,
        gap=gap,
        gap_x=gap_x,
        ghost=scale.middle(was) if moves and was and was != on else None,
        tip=_tip(shown, scale, session, on),
        movable=session.number in shown.movable,
    )


def _state(shown: Shown, session: Session, on: date | None) -> str:
    word = state_words(session, shown.today)
    if shown.changed(session.number):
        word = _moving(shown, session.number)
    elif shown.refused(session.number):
        word = say("Outside its window") if shown.preview and shown.preview.override else say("Not possible")
    elif on is not None and session.dated is None:
        word = say("Expected")
    return f"{short_day(on)} · {word}" if on else word


def _moving(shown: Shown, number: int) -> str:
    wish = shown.preview.wish if shown.preview else None
    if wish and wish.session == number:
        return say("Moving")
    return say("Will move") if shown.before.session(number).booking else say("New date")


def _dot(shown: Shown, scale: Scale, session: Session, on: date) -> Dot:
    kind = "done" if session.performed_on else "booked" if session.booking else "hoped"
    if shown.changed(session.number):
        kind = "moved"
    elif shown.refused(session.number) or (session.booking and session.booking.at_risk):
        kind = "bad"
    label = say("Session %(number)d, %(day)s", number=session.number, day=long_day(on))
    window = shown.windows[session.number]
    if window is not None and session.open:
        label = f"{label}. {window_words(window)}"
    return Dot(scale.middle(on), kind, label, on.isoformat())


def _bar(shown: Shown, scale: Scale, session: Session) -> Bar | None:
    """A window; that of a first session that has its date is half a year long and says nothing."""
    window = shown.windows[session.number]
    if window is None or session.state is SessionState.OMITTED or (session.number == 1 and session.dated):
        return None
    if not scale.shows(window.earliest.on, window.latest.on):
        return None
    x, end = scale.left(window.earliest.on), scale.right(window.latest.on)
    held = (one for one in window.blocked if one.by is BlockedBy.HOLD)
    blocked = tuple((max(x, scale.left(b.first)), min(end, scale.right(min(b.last, scale.last)))) for b in held)
    return Bar(x, round(end - x, 1), window_words(window), tuple((a, round(b - a, 1)) for a, b in blocked if b > a))


def _wedge(
    scale: Scale, on: date | None, bar: Bar | None, y: float, before: tuple[date, float] | None
) -> tuple[str, str, float]:
    """The way from the session before, and the gap in words above it."""
    if on is None or before is None:
        return "", "", 0
    start, dot = scale.middle(before[0]), scale.middle(on)
    end = min(bar.x, dot) if bar and bar.x > start else dot
    path = f"M{start} {before[1] + RADIUS + 1}V{y}H{end}"
    x = (start + end) / 2 if end - start > NARROW else start + NARROW / 2 + 4
    return path, days((on - before[0]).days), round(x, 1)


def _tip(shown: Shown, scale: Scale, session: Session, on: date | None) -> Tip | None:
    wish, window = shown.preview.wish if shown.preview else None, shown.windows[session.number]
    if wish is None or wish.session != session.number or on is None:
        return None
    text = short_day(on)
    if window is not None and session.number > 1:
        bounds = ((edge - window.reference).days for edge in (on, window.earliest.on, window.latest.on))
        day, first, last = bounds
        text = say("%(on)s: day %(day)d of %(first)d–%(last)d", on=text, day=day, first=first, last=last)
    width = 24 + 7.2 * len(text)
    was = shown.before.session(session.number).dated or on
    ahead, back = scale.middle(on) + 24, scale.middle(min(on, was)) - 24 - width
    return Tip(round(ahead if ahead + width < WIDTH else back, 1), round(width, 1), text)
