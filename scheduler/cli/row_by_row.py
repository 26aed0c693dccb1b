"""Row by row: each row of a file in a transaction of its own, in earnest or as a rehearsal, and a report at the end."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import click

from scheduler.cli.csv_tables import TableRow
from scheduler.cli.terminal import Refused, Terminal
from scheduler.domain.refusals import Refusal
from scheduler.operations.context import Context

T = TypeVar("T")

NOTHING_STORED = "Nothing has been stored. Say --yes to store it."


class _Rehearsed(Exception):
    """Ends a transaction that is not to be kept."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Deeds in one organisation. Without ``stored`` each is done in full and then taken back.

    So a rehearsal finds what the real thing will find, except what one row of a file does to another.
    """

    terminal: Terminal
    organisation_id: UUID
    stored: bool

    def do(self, deed: Callable[[Context], T]) -> T:
        """One deed in a transaction of its own."""
        return self.terminal.do(self.organisation_id, deed) if self.stored else self.rehearse(deed)

    def rehearse(self, deed: Callable[[Context], T]) -> T:
        """What a deed would give; nothing of it stays."""
        found: list[T] = []

        def work(context: Context) -> None:
            found[:] = [deed(context)]
            raise _Rehearsed

        with suppress(_Rehearsed):
            self.terminal.do(self.organisation_id, work)
        return found[0]


@dataclass(slots=True)
class Tally:
    """What has become of the rows so far."""

    taken: int = 0
    said: list[str] = field(default_factory=list)
    refused: int = 0

    def take(self, row: TableRow, notes: Iterable[str]) -> None:
        self.taken += 1
        self.said += [f"Line {row.line}: {note}" for note in notes]

    def refuse(self, row: TableRow, refusal: Refusal) -> None:
        self.refused += 1
        self.said.append(f"Line {row.line} is refused: {refusal.detail} {refusal.remedy}")


def take_rows(
    attempt: Attempt, rows: Sequence[TableRow], deed: Callable[[Context, Mapping[str, str]], Sequence[str]]
) -> None:
    """Do the deed for every row and report; it gives sentences worth telling.

    Raises ``Refused`` when any row was refused. Should the database go away, what has been done is reported first.
    """
    tally = Tally()
    try:
        with click.progressbar(rows, label=f"{len(rows)} rows", file=sys.stderr) as shown:
            for row in shown:
                _take(attempt, tally, row, deed)
    finally:
        _report(attempt, tally)
    if tally.refused:
        raise Refused(f"Rows refused: {tally.refused} of {len(rows)}.")


def _take(
    attempt: Attempt, tally: Tally, row: TableRow, deed: Callable[[Context, Mapping[str, str]], Sequence[str]]
) -> None:
    try:
        values = row.values()
        tally.take(row, attempt.do(lambda context: deed(context, values)))
    except Refusal as refusal:
        tally.refuse(row, refusal)


def _report(attempt: Attempt, tally: Tally) -> None:
    for sentence in tally.said:
        say(sentence)
    word = "Rows stored" if attempt.stored else "Rows that can be stored"
    say(f"{word}: {tally.taken}; refused: {tally.refused}.")
    if not attempt.stored:
        say(NOTHING_STORED)


def say(sentence: str) -> None:
    """One line, whatever a file has put into it: nothing in it may move the cursor or break the line."""
    shown = "".join(sign if sign.isprintable() else " " for sign in sentence)
    click.echo(" ".join(shown.split()))
