"""Bands of a series' timeline: holds and closures across all rows, with labels that do not lie on each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.web.pages.series_scale import LEFT, WIDTH, Scale
from scheduler.web.pages.series_words import span
from scheduler.web.pages.words import day_with_year, say, short_day

LETTER = 7.4
"""About the width of a letter."""
LONG_CLOSURE = 3
"""Closures of fewer days are drawn and have no words above them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A hold as its reader may see it: ``name`` says no more than they may know. Without ``last`` it has no end."""

    name: str
    first: date
    last: date | None
    proposed: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """Days across all rows. ``kind`` is hold, proposed, ended or closed; without ``label`` only ``title`` says what."""

    x: float
    width: float
    kind: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words above a band, in a lane counted from the bottom."""

    x: float
    lane: int
    kind: str
    text: str


def bands_of(scale: Scale, blocks: Sequence[Block], closures: Sequence[tuple[date, date, str]]) -> tuple[Band, ...]:
    """What is drawn of holds and closures."""
    return (*_closed(scale, closures), *_held(scale, blocks))


def _closed(scale: Scale, closures: Sequence[tuple[date, date, str]]) -> Iterator[Band]:
    for first, last, label in closures:
        if scale.shows(first, last):
            x, end = scale.left(first), scale.right(last)
            said = say("Closed") if (last - first).days + 1 >= LONG_CLOSURE else ""
            title = say("Closed, %(when)s: %(label)s", when=_when(first, last), label=label)
            yield Band(x, round(end - x, 1), "closed", said, title)


def _when(first: date, last: date) -> str:
    return short_day(first) if first == last else span(first, last)


def _held(scale: Scale, blocks: Sequence[Block]) -> Iterator[Band]:
    for block in blocks:
        last = block.last or scale.last
        if scale.shows(block.first, last):
            x, end = scale.left(block.first), scale.right(min(last, scale.last))
            kind = "ended" if block.ended else "proposed" if block.proposed else "hold"
            yield Band(x, round(end - x, 1), kind, block.name, f"{block.name}, {_from_to(block)}")


def _from_to(block: Block) -> str:
    if block.last is None:
        return say("from %(day)s for good", day=day_with_year(block.first))
    return span(block.first, block.last)


def lanes_of(bands: Sequence[Band]) -> tuple[tuple[Label, ...], int]:
    """The labels, each as low as it can lie beside those before it, and how many lanes they need."""
    ends: list[float] = []
    labels = []
    for band in sorted((band for band in bands if band.label), key=lambda band: band.x):
        half = LETTER * len(band.label) / 2
        x = min(max(band.x + band.width / 2, LEFT + half), WIDTH - half)
        lane = next((n for n, end in enumerate(ends) if end < x - half), len(ends))
        ends[lane : lane + 1] = [x + half + 8]
        labels.append(Label(round(x, 1), lane, band.kind, band.label))
    return tuple(labels), max(len(ends) - 1, 0)
