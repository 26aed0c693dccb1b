"""Commands about logging in: a name, a link that sets the password, and what to do about a lost phone."""

from uuid import UUID

import click

from scheduler.cli.terminal import ORGANISATION, Terminal, command, organisation_of
from scheduler.operations.context import Context
from scheduler.operations.naming import user_named
from scheduler.operations.staff.accounts import PasswordLink, give_login, password_link
from scheduler.operations.staff.ending import end_everywhere
from scheduler.operations.staff.second_factors import remove_second_factor


def give(terminal: Terminal, user_id: UUID, name: str, organisation: str | None) -> None:
    """Give a user a log-in name, and show the link that sets the password."""
    meant = organisation_of(terminal, organisation)
    _show(terminal, terminal.do(meant, lambda context: give_login(context, user_id=user_id, login=name)))


@click.group()
def login() -> None:
    """How the staff logs in."""


@login.command("name")
@click.argument("user")
@click.argument("name")
@ORGANISATION
@command
def give_name(terminal: Terminal, user: str, name: str, organisation: str | None) -> None:
    """Let USER log in as NAME, and show a link that sets the password, once."""

    def work(context: Context) -> PasswordLink:
        return give_login(context, user_id=user_named(context, user), login=name)

    _show(terminal, terminal.do(organisation_of(terminal, organisation), work))


@login.command("link")
@click.argument("user")
@ORGANISATION
@command
def link(terminal: Terminal, user: str, organisation: str | None) -> None:
    """Show a link that sets USER's password, once. Earlier ones end."""

    def work(context: Context) -> PasswordLink:
        return password_link(context, user_id=user_named(context, user))

    _show(terminal, terminal.do(organisation_of(terminal, organisation), work))


@login.command("end")
@click.argument("user")
@ORGANISATION
@command
def end(terminal: Terminal, user: str, organisation: str | None) -> None:
    """Log USER out everywhere."""

    def work(context: Context) -> int:
        return end_everywhere(context, user_id=user_named(context, user))

    ended = terminal.do(organisation_of(terminal, organisation), work)
    click.echo(f"Log-ins ended: {ended}.")


@login.command("reset-second-factor")
@click.argument("user")
@ORGANISATION
@command
def reset_second_factor(terminal: Terminal, user: str, organisation: str | None) -> None:
    """Ask USER for no code any more: for somebody who has lost the phone and the recovery codes."""

    def work(context: Context) -> None:
        remove_second_factor(context, user_id=user_named(context, user))

    terminal.do(organisation_of(terminal, organisation), work)
    click.echo("The second factor is removed. Who has to have one sets it up at the next log-in.")


def _show(terminal: Terminal, made: PasswordLink) -> None:
    expires = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{made.login} logs in. Until {expires} this sets the password, once:", err=True)
    click.echo(f"{terminal.public_url}/set-password/{made.secret}")
