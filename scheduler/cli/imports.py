"""Commands that bring in what other systems know. Without ``--yes`` each only says what it would do."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from scheduler.calendars.busy import MOST_BYTES, BusyNote
from scheduler.cli.csv_tables import read_table
from scheduler.cli.row_by_row import NOTHING_STORED, Attempt, say, take_rows
from scheduler.cli.terminal import ORGANISATION, Refused, Terminal, command, organisation_of
from scheduler.domain.clinic_days import wall_time
from scheduler.operations.calendars.busy_readings import HORIZON, BusyReading
from scheduler.operations.calendars.importing_busy import BusyImported, busy_resource, import_busy
from scheduler.operations.context import Context
from scheduler.operations.imports import importing_patients, series_lines
from scheduler.operations.imports.import_notes import note_of
from scheduler.operations.imports.importing_patients import import_patient
from scheduler.operations.imports.importing_series import import_series
from scheduler.operations.naming import clinic_named, resource_named
from scheduler.operations.places.affected import Affected

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
YES = click.option("--yes", is_flag=True, help="Store it. Without this, only say what would become of it.")


@click.group("import")
def imports() -> None:
    """Bring in what other systems know."""


@imports.command("patients")
@FILE
@YES
@ORGANISATION
@command
def patients(terminal: Terminal, file: Path, yes: bool, organisation: str | None) -> None:
    """Add the patients in FILE, a CSV table with a header.

    Columns: name, phone, email, date_of_birth, note. Who may be on file already is told and added all the same; who is
    on file exactly so is refused, so that a file that broke off can be given again.
    """
    rows = read_table(file, list(importing_patients.READERS), importing_patients.REQUIRED)
    take_rows(Attempt(terminal, organisation_of(terminal, organisation), yes), rows, _patient)


def _patient(context: Context, values: Mapping[str, str]) -> list[str]:
    alike = import_patient(context, values).likely_duplicates
    return [f"may be {other.name} ({other.phone or other.email}), who is on file: {other.id}." for other in alike]


@imports.command("series")
@FILE
@click.option("--clinic", metavar="NAME", help="At which clinic, when there are several.")
@YES
@ORGANISATION
@command
def series(terminal: Terminal, file: Path, clinic: str | None, yes: bool, organisation: str | None) -> None:
    """Make the series in FILE, a CSV table with a header, with what was performed and what is booked.

    Columns: patient, protocol, sessions, body_sites, performed, booked, practitioner, room, device; several values in
    one with | between them. A date that breaks a rule goes in with a note to decide about it.
    """
    attempt = Attempt(terminal, organisation_of(terminal, organisation), yes)
    clinic_id = attempt.rehearse(lambda context: clinic_named(context, clinic).id)
    rows = read_table(file, series_lines.COLUMNS, series_lines.REQUIRED)

    def deed(context: Context, values: Mapping[str, str]) -> list[str]:
        made = import_series(context, clinic_id=clinic_id, values=values)
        decide = [f"session {number}: {note_of(reason)}" for number, reason in sorted(made.to_decide.items())]
        return [*decide, *made.warnings]

    take_rows(attempt, rows, deed)


@imports.command("busy")
@FILE
@click.option("--resource", metavar="NAME", required=True, help="Whose calendar it is: a name or an identifier.")
@YES
@ORGANISATION
@command
def busy(terminal: Terminal, file: Path, resource: str, yes: bool, organisation: str | None) -> None:
    """Take the busy times in FILE, an iCalendar file, as absences, in place of the last import's.

    Nothing is cancelled: the appointments that clash are listed.
    """
    attempt = Attempt(terminal, organisation_of(terminal, organisation), yes)
    whose = attempt.rehearse(lambda context: busy_resource(context, resource_named(context, resource)))
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    with click.progressbar(length=2, label=f"Calendar of {whose.name}", file=sys.stderr) as bar:
        reading = BusyReading.of(data, whose.zone, terminal.clock())
        bar.update(1)
        done = attempt.do(lambda context: import_busy(context, resource_id=whose.id, reading=reading))
        bar.update(1)
    _tell(reading, done, yes)
    if reading.report.refused:
        raise Refused(f"Parts of the calendar refused: {len(reading.report.refused)}.")


def _tell(reading: BusyReading, done: BusyImported, stored: bool) -> None:
    report = reading.report
    for sentence in (*_notes("is refused", report.refused), *_notes("is skipped", report.skipped)):
        say(sentence)
    for one in done.affected:
        say(_clash(one))
    if done.kept:
        say(f"Busy times of the last import kept, as not all could be read: {done.kept}.")
    say(f"Busy times added: {len(done.added)}, removed: {len(done.removed)}, unchanged: {done.unchanged}.")
    say(f"Events outside the next {HORIZON.days} days: {report.outside}.")
    if not stored:
        say(NOTHING_STORED)


def _notes(word: str, notes: Iterable[BusyNote]) -> Iterator[str]:
    for note in notes:
        yield f"Part {note.number} {word}: {note.reason}" if note.number else note.reason


def _clash(one: Affected) -> str:
    when = f"{wall_time(one.starts_at, one.zone):%Y-%m-%d %H:%M}"
    return f"Clashes: {when} {one.patient} ({one.phone or 'no phone'}), {one.treatment}, {one.appointment_id}."
