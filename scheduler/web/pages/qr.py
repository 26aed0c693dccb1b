"""QR codes: an address as a drawing that stands in a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4
"""Modules of white around a code, as its standard asks."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square of so many modules, white around included, and the SVG path of the black ones."""

    size: int
    path: str


def qr_code(address: str) -> QrCode:
    """The code of an address."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=QUIET_ZONE)]
    return QrCode(len(rows), "".join(run for y, row in enumerate(rows) for run in _runs(row, y)))


def _runs(row: bytes, y: int) -> Iterator[str]:
    x = 0
    for dark, modules in groupby(row):
        width = len(tuple(modules))
        if dark:
            yield f"M{x} {y}h{width}v1h-{width}z"
        x += width
