"""Commands about people with access: users, and the tokens of programs."""

from datetime import date
from uuid import UUID

import click
from sqlalchemy.orm import Session

from scheduler.cli.logging_in import give
from scheduler.cli.terminal import ORGANISATION, Day, Terminal, command, organisation_of, start_of
from scheduler.domain.access import Actor, Role
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.catalogue.catalogue import install_catalogue
from scheduler.operations.context import Context
from scheduler.operations.naming import has_organisation, resource_named, user_named
from scheduler.operations.places.clinics import set_up_organisation
from scheduler.operations.staff.staff import StaffMember, add_user
from scheduler.operations.staff.tokens import NewToken, bearer_of_secret, create_token, revoke_token

ROLE = click.Choice([Role.RECEPTION.value, Role.PRACTITIONER.value, Role.MANAGER.value])


@click.group()
def user() -> None:
    """Who works here."""


@user.command("add")
@click.argument("name")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="What NAME may do; may be repeated.")
@click.option("--practitioner", metavar="NAME", help="The practitioner of the day plan that this user is.")
@click.option("--login", metavar="NAME", help="The name to log in with, such as an e-mail address.")
@ORGANISATION
@command
def add(
    terminal: Terminal,
    name: str,
    roles: tuple[str, ...],
    practitioner: str | None,
    login: str | None,
    organisation: str | None,
) -> None:
    """Add somebody to the staff.

    In an empty database the first user is a manager, and --organisation names the organisation to set up. With --login
    the user can log in: the link that is shown sets the password.
    """
    held = {Role(role) for role in roles}
    with terminal.database.read() as tx:
        empty = not has_organisation(tx)
    if empty:
        manager = _set_up(terminal, name, held, organisation)
        click.echo(f"{organisation} is set up. {manager.name} is user {manager.user_id}.")
        user_id = manager.user_id
    else:
        added = _added(terminal, name, held, practitioner, organisation)
        click.echo(f"{added.name} is user {added.id}.")
        user_id = added.id
    if login:
        give(terminal, user_id, login, organisation)


def _set_up(terminal: Terminal, name: str, roles: set[Role], organisation: str | None) -> Actor:
    """An organisation with its first manager and the catalogue that ships."""
    if organisation is None or roles != {Role.MANAGER}:
        remedy = "Run: user add NAME --role manager --organisation NAME."
        raise Invalid("The first user is the manager of an organisation with a name.", remedy=remedy)
    called, now = organisation, terminal.clock()

    def work(tx: Session) -> Actor:
        actor = set_up_organisation(tx, name=called, manager=name, now=now)
        install_catalogue(Context(tx, actor, now))
        return actor

    return terminal.database.write(work)


def _added(
    terminal: Terminal, name: str, roles: set[Role], practitioner: str | None, organisation: str | None
) -> StaffMember:
    def work(context: Context) -> StaffMember:
        resource_id = resource_named(context, practitioner) if practitioner else None
        return add_user(context, name=name, roles=roles, resource_id=resource_id)

    return terminal.do(organisation_of(terminal, organisation), work)


@click.group()
def token() -> None:
    """Access for programs that call the API."""


@token.command("create")
@click.argument("user")
@click.option("--role", type=ROLE, required=True, help="The one role, of those that USER has, in which it acts.")
@click.option("--name", default="command line", show_default=True, help="What to call the token.")
@click.option("--expires", type=Day(), metavar="DATE", help="The first day (UTC) on which it no longer works.")
@ORGANISATION
@command
def create(terminal: Terminal, user: str, role: str, name: str, expires: date | None, organisation: str | None) -> None:
    """Make a token for USER and show it, once."""

    def work(context: Context) -> NewToken:
        user_id = user_named(context, user)
        return create_token(context, user_id=user_id, role=Role(role), name=name, expires_at=start_of(expires))

    made = terminal.do(organisation_of(terminal, organisation), work)
    click.echo(f"Token {made.id}. It is shown this once:", err=True)
    click.echo(made.secret)


@token.command("revoke")
@click.argument("token")
@ORGANISATION
@command
def revoke(terminal: Terminal, token: str, organisation: str | None) -> None:
    """End a token at once. TOKEN is its identifier or the token itself."""

    def work(context: Context) -> None:
        revoke_token(context, token_id=_token_id(context, token))

    terminal.do(organisation_of(terminal, organisation), work)
    click.echo("The token no longer works.")


def _token_id(context: Context, token: str) -> UUID:
    try:
        return UUID(token)
    except ValueError:
        bearer = bearer_of_secret(context.tx, token, context.now)
    if bearer is None:
        raise NotFound("There is no such token, or it no longer works.", code="unknown_token")
    return bearer.token_id
