"""Commands about calendar links."""

from uuid import UUID

import click

from scheduler.cli.staff import ORGANISATION, organisation_of
from scheduler.cli.terminal import Terminal, command
from scheduler.operations.context import Context
from scheduler.operations.links import Link, issue_link, revoke_link
from scheduler.operations.naming import patient_named


def address_of(terminal: Terminal, link: Link) -> str:
    """The address that a phone subscribes to."""
    return f"{terminal.public_url}/feeds/{link.token}.ics"


@click.group()
def link() -> None:
    """Patients' calendar links."""


@link.command("issue")
@click.argument("patient")
@click.option("--device", default="phone", show_default=True, help="What the link is for.")
@ORGANISATION
@command
def issue(terminal: Terminal, patient: str, device: str, organisation: str | None) -> None:
    """Make a calendar link for PATIENT, who is named by identifier, name, phone or date of birth."""

    def work(context: Context) -> Link:
        meant = patient_named(context, patient)
        return issue_link(context, terminal.link_key, patient_id=meant.id, device=device)

    made = terminal.do(organisation_of(terminal, organisation), work)
    click.echo(f"Link {made.id}.", err=True)
    click.echo(address_of(terminal, made))


@link.command("revoke")
@click.argument("link_id", metavar="LINK", type=click.UUID)
@ORGANISATION
@command
def revoke(terminal: Terminal, link_id: UUID, organisation: str | None) -> None:
    """End a link at once. LINK is its identifier."""
    terminal.do(organisation_of(terminal, organisation), lambda context: revoke_link(context, link_id=link_id))
    click.echo("The link no longer works.")
