"""The scale of a series' timeline: where a date lies across the drawing, and the months above it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from scheduler.web.pages.words import words

WIDTH, LEFT, RIGHT = 1340, 196, 18
"""Of the drawing, of the names of its rows, and of the margin behind it."""
WEEK = timedelta(7)
MARGIN, LEAST_SPAN = timedelta(10), timedelta(84)
LETTER = 8
"""About the width of a letter of a month."""
MONTH_ROOM = 70
"""A month narrower than this has no room for its name."""


@dataclass(frozen=True, slots=True)
class Month:
    """The beginning of a month; ``name`` is empty where there is no room, ``year`` where it is known already."""

    x: float
    name: str
    year: str
    year_x: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from ``first`` to ``last``, both drawn whole."""

    first: date
    last: date

    @property
    def day(self) -> float:
        """The width of a day."""
        return (WIDTH - LEFT - RIGHT) / ((self.last - self.first).days + 1)

    def left(self, on: date) -> float:
        """Where a day begins; what lies outside is put on the edge."""
        days = (min(max(on, self.first), self.last + timedelta(1)) - self.first).days
        return round(LEFT + days * self.day, 1)

    def right(self, on: date) -> float:
        """Where a day ends."""
        return self.left(min(on, self.last) + timedelta(1))

    def middle(self, on: date) -> float:
        return round((self.left(on) + self.left(on) + self.day) / 2, 1)

    def shows(self, first: date, last: date) -> bool:
        """Whether any of these days is drawn."""
        return first <= self.last and last >= self.first

    def months(self) -> Iterator[Month]:
        """The months whose first day is drawn, and the one that the drawing begins in where it has room."""
        step = max(1, round(MONTH_ROOM / (30 * self.day) + 0.49))
        said = None
        for number, on in enumerate(self._firsts()):
            named = number % step == 0
            year = str(on.year) if named and on.year != said else ""
            said = on.year if named else said
            x, name = self.left(on), format_date(on, "LLLL", locale=words().locale) if named else ""
            if x + LETTER * len(name) > WIDTH:
                name, year = "", ""
            yield Month(x, name, year, round(x + 14 + LETTER * len(name), 1))

    def _firsts(self) -> Iterator[date]:
        on = self.first.replace(day=1)
        if self.first.day > 1:
            on = (on + timedelta(31)).replace(day=1)
        while on <= self.last:
            yield on
            on = (on + timedelta(31)).replace(day=1)

    def mondays(self) -> Iterator[float]:
        """The weeks, while there is room between them."""
        if 7 * self.day < 12:
            return
        on = self.first + timedelta(-self.first.weekday() % 7)
        while on <= self.last:
            yield self.left(on)
            on += WEEK


def scale_of(days: list[date]) -> Scale:
    """A scale on which all of these days are drawn with room around them, from the first of a month if that is near."""
    first, last = min(days) - MARGIN, max(days) + MARGIN
    first = first.replace(day=1) if first.day <= 15 else first
    return Scale(first, max(last, first + LEAST_SPAN))
