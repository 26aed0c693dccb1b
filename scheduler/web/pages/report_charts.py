"""Charts as SVG draws them: places along are shares of the width in percent, heights are pixels, so that letters keep
their size on every screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PLOT = 160
"""Pixels from the ground line of columns to the top of the plot."""
FILLED = 0.72
"""The share of a column's place that it fills."""
LABELS = 3
"""So many of many columns are named below, or the names would run into each other on a phone."""
STEPS = (1, 2, 4, 5, 10, 20, 25, 40, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500)
"""Tops of an axis that are easy to halve in one's head."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it begins and how wide it is in percent, its height in pixels, and what it stands for."""

    x: float
    width: float
    height: float
    tip: str
    label: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 3)

    @property
    def y(self) -> float:
        return round(PLOT - self.height, 1)


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns. ``lines`` are heights to compare with: pixels from the top, and what they stand for."""

    title: str
    summary: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[float, str], ...]
    marked: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar that lies: its name, its length in percent, its figure, and its look."""

    name: str
    length: float
    figure: str
    look: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars, one below the other."""

    title: str
    summary: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """What a column is drawn of. ``amount`` is ``None`` where there is nothing to tell."""

    amount: float | None
    tip: str
    label: str


def columns(title: str, summary: str, values: Sequence[Value], unit: str, marked: int | None = None) -> Columns:
    """Columns side by side on an axis from nothing to a round figure."""
    top = top_of(max((value.amount or 0 for value in values), default=0))
    place = 100 / max(len(values), 1)
    drawn = (_column(number, value, place, top) for number, value in enumerate(values))
    lines = tuple((PLOT - PLOT * part, f"{top * part:g}{unit}") for part in (0, 0.5, 1))
    return Columns(title, summary, tuple(drawn), lines, marked)


def _column(number: int, value: Value, place: float, top: float) -> Column:
    x, width = place * (number + (1 - FILLED) / 2), place * FILLED
    height = PLOT * (value.amount or 0) / top
    return Column(round(x, 3), round(width, 3), round(height, 1), value.tip, value.label)


def few(labels: Sequence[str]) -> Sequence[str]:
    """The labels of which only a few are said, at equal distances from the first on."""
    every = -(-len(labels) // LABELS)
    return [label if number % every == 0 else "" for number, label in enumerate(labels)]


def top_of(most: float) -> float:
    """The first round figure that is not below the highest column."""
    scale = 1
    while most > STEPS[-1] * scale:
        scale *= 10
    return next(step * scale for step in STEPS if step * scale >= most)


def bars(title: str, summary: str, values: Sequence[tuple[str, float, str, str]], whole: float = 0) -> Bars:
    """Bars of name, amount, figure and look. The longest fills the width, or ``whole`` does where it is more."""
    most = max([whole, *(amount for _, amount, _, _ in values)]) or 1
    drawn = (Bar(name, round(100 * amount / most, 2), figure, look) for name, amount, figure, look in values)
    return Bars(title, summary, tuple(drawn))
