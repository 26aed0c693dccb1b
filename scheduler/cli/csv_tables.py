"""Tables from other systems: CSV in UTF-8 with a header, its cells between commas or semicolons."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scheduler.domain.refusals import Invalid

MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, and the line of the file on which it begins, from 1."""

    line: int
    columns: Sequence[str]
    cells: Sequence[str]

    def values(self) -> Mapping[str, str]:
        """The cells by column; empty ones beyond the header are left out. Raises ``Invalid`` for another number."""
        beyond = self.cells[len(self.columns) :]
        if len(self.cells) < len(self.columns) or any(cell.strip() for cell in beyond):
            detail = f"The row has {len(self.cells)} cells and the header {len(self.columns)}."
            raise Invalid(detail, code="unreadable_line")
        return dict(zip(self.columns, self.cells, strict=False))


def read_table(file: Path, known: Collection[str], required: Collection[str]) -> tuple[TableRow, ...]:
    """All rows of a file whose columns are among the ``known`` and include the ``required``; empty rows are left out.

    Raises ``Invalid`` when the file as a whole cannot be used, and ``OSError``.
    """
    text = _text(file)
    delimiter = _delimiter(text)
    try:
        lines = list(_lines(text, delimiter))
    except csv.Error as error:
        raise Invalid(f"{file} is not a table: {error}.", code="unreadable_table") from None
    if not lines:
        raise Invalid(f"{file} has no header.", code="unreadable_table")
    columns = _named([cell.strip().casefold() for cell in lines[0][1]])
    _check_columns(columns, known, required)
    return tuple(TableRow(number, columns, cells) for number, cells in lines[1:])


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid(f"{file} is larger than {MOST_BYTES // 1_000_000} million bytes.", code="unreadable_table")
    if b"\0" in data:
        raise Invalid(f"{file} is not text: it has NUL bytes.", code="unreadable_table", remedy="Save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        detail = f"{file} is not UTF-8, which shows on line {line}."
        raise Invalid(detail, code="unreadable_table", remedy="Save it as UTF-8.") from None


def _delimiter(text: str) -> str:
    header = text.lstrip().partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with something in it, and the line on which it begins. Raises ``csv.Error``.

    A spreadsheet may have said in a first line what stands between the cells.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells) and (begins > 1 or cells != ["sep=", ""]):
            yield begins, cells
        begins = reader.line_num + 1


def _named(columns: list[str]) -> list[str]:
    """Without the empty columns at the end, which spreadsheets write where a cell was once used."""
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _check_columns(columns: Sequence[str], known: Collection[str], required: Collection[str]) -> None:
    strange = [column for column in columns if column not in known]
    missing = [column for column in required if column not in columns]
    repeated = sorted({column for column in columns if columns.count(column) > 1})
    for words, found in (("does not know", strange), ("lacks", missing), ("repeats", repeated)):
        if found:
            named = ", ".join(f"“{column[:40]}”" for column in found[:5])
            remedy = f"The header may name: {', '.join(known)}."
            raise Invalid(f"The import {words} a column: {named}.", code="unreadable_table", remedy=remedy)
