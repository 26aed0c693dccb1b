"""Commands for whoever looks after the service: backup, restore and check."""

from pathlib import Path

import click

from scheduler.cli.terminal import Refused, Terminal, command, command_on_any_schema
from scheduler.domain.refusals import Invalid
from scheduler.operations.naming import has_organisation
from scheduler.storage import backups
from scheduler.storage.overlap import overlaps
from scheduler.storage.schema import is_current, probe

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@command
def backup(terminal: Terminal, file: Path) -> None:
    """Write everything to FILE, while the service goes on."""
    backups.back_up(terminal.database_url, file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace what is in the database.")
@command_on_any_schema
def restore(terminal: Terminal, file: Path, force: bool) -> None:
    """Put the backup in FILE into the database. Stop the service first."""
    if not force and backups.in_use(terminal.database_url) and not _is_empty(terminal):
        raise Invalid("The database is not empty.", remedy="Use --force to replace what is in it.")
    terminal.database.dispose()
    backups.restore(terminal.database_url, file)
    click.echo(f"Restored from {file}.")


def _is_empty(terminal: Terminal) -> bool:
    """Whether the tables are there and nobody has used them. Of another version's tables nothing is known."""
    if not is_current(terminal.database):
        return False
    with terminal.database.read() as tx:
        return not has_organisation(tx)


@click.command()
@command
def check(terminal: Terminal) -> None:
    """Prove that the schema is current, that the constraints refuse, and that nothing overlaps."""
    click.echo("\n".join(["The configuration is valid.", *terminal.not_set_up, "The schema is current."]))
    probe(terminal.database)
    click.echo("The constraints refuse what they must.")
    if found := overlaps(terminal.database):
        raise Refused(f"{found} claims overlap others of the same subject.")
    click.echo("No two claims overlap.")
