"""Reading the data files: TOML tables in, validated values with their sheets out."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from scheduler.catalogue.documents import Document, Strict, Value, as_text
from scheduler.catalogue.faults import CatalogueInvalid, Fault, faults_in, refuse_faulty
from scheduler.domain.refusals import Conflict

Aside = TypeVar("Aside", bound=Strict)
Envelope = TypeVar("Envelope", bound=Strict)
Found = TypeVar("Found", bound=Strict, covariant=True)
Row = Mapping[str, Any]


class SheetedDocument(Document[Value], Generic[Value, Aside]):
    """A row whose fields belong partly to the domain's value, partly to the sheet beside it."""

    sheet: Aside


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of the catalogue: its version and its rows as they stand there."""

    name: str
    version: int
    rows: tuple[Row, ...]

    def versioned(self, row: Row) -> Row:
        """The row with the file's version, unless it has its own."""
        return {"version": self.version, **row}


def read_file(folder: Path, name: str, table: str) -> DataFile:
    """The file's rows, which stand in ``[[table]]``. Raises ``CatalogueInvalid`` when it is not such a file."""
    try:
        content = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueInvalid(f"{name} cannot be read: {error}.") from error
    refuse_faulty(fault.at(name, "(the file)") for fault in _faults_of_file(content, table))
    return DataFile(name, content["version"], tuple(content[table]))


def _faults_of_file(content: Row, table: str) -> Iterator[Fault]:
    yield from (Fault(key, "is not a part of this file") for key in content if key not in ("version", table))
    version, rows = content.get("version"), content.get(table)
    if type(version) is not int or version < 1:
        yield Fault("version", "must be a whole number from 1")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield Fault(table, f"must be a list of rows, each under [[{table}]]")


@dataclass(frozen=True, slots=True)
class Table(Generic[Found]):
    """The rows of one file by their codes: as they stand there, as values, and what is wrong with the others."""

    file: str
    rows: Mapping[str, Row]
    found: Mapping[str, Found]
    conflicts: tuple[Conflict, ...]


def judge(table: Table[Envelope], faults_of: Callable[[str, Envelope], Iterable[Fault]]) -> Iterator[Conflict]:
    """What a check of code and value finds in the rows, with the place of each."""
    for code, found in table.found.items():
        yield from (fault.at(table.file, code) for fault in faults_of(code, found))


def as_it_stands(row: Row) -> Row:
    """The row itself: nothing in it comes from elsewhere."""
    return row


def parse(kind: type[Envelope], file: DataFile, filled: Callable[[Row], Row] = as_it_stands) -> Table[Envelope]:
    """Every row of a file as a validated value; a row that is none, or that repeats a code, becomes a conflict.

    ``filled`` adds to a row what it takes from elsewhere.
    """
    by_code: dict[str, Row] = {}
    found: dict[str, Envelope] = {}
    conflicts: list[Conflict] = []
    for number, row in enumerate(file.rows, start=1):
        code = str(row.get("code", f"number {number}"))
        if code in by_code:
            conflicts.append(Fault("code", "stands in two rows").at(file.name, code))
        by_code[code] = row
        try:
            found[code] = kind.model_validate_json(as_text(_enveloped(kind, filled(row))))
        except ValidationError as error:
            conflicts += [fault.at(file.name, code) for fault in faults_in(error)]
    return Table(file.name, by_code, found, tuple(conflicts))


def _enveloped(kind: type[Strict], row: Row) -> dict[str, Row]:
    """The row's fields under ``value``, those of the sheet, where there is one, under ``sheet``."""
    if (sheet := kind.model_fields.get("sheet")) is None:
        return {"value": row}
    aside = getattr(sheet.annotation, "model_fields", {})
    return {
        "value": {key: value for key, value in row.items() if key not in aside},
        "sheet": {key: value for key, value in row.items() if key in aside},
    }
