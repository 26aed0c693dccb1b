"""Commands about calendar links."""

from uuid import UUID

import click

from scheduler.calendars.privacy import PrivacyLevel
from scheduler.cli.terminal import ORGANISATION, Terminal, command, organisation_of
from scheduler.operations.calendars.links import Link, LinkOwner, issue_link, issue_staff_link, revoke_link
from scheduler.operations.context import Context
from scheduler.operations.naming import clinic_named, patient_named, resource_named
from scheduler.storage.feeds import OwnerKind

KINDS = [kind.value for kind in OwnerKind]


def address_of(terminal: Terminal, link: Link) -> str:
    """The address that a phone subscribes to."""
    return f"{terminal.public_url}/feeds/{link.token}.ics"


@click.group()
def link() -> None:
    """Calendar links of patients, resources and clinics."""


@link.command("issue")
@click.argument("owner")
@click.option("--of", "kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="What OWNER is.")
@click.option("--device", default="phone", show_default=True, help="What the link is for.")
@click.option("--names", is_flag=True, help="Show patients by name in a calendar of the staff, not by two initials.")
@ORGANISATION
@command
def issue(terminal: Terminal, owner: str, kind: str, device: str, names: bool, organisation: str | None) -> None:
    """Make a calendar link for OWNER: a patient, named by identifier, name, phone or date of birth.

    With --of resource a practitioner, room or device, and with --of clinic a clinic, by identifier or name.
    """
    privacy = PrivacyLevel.DETAILED if names else PrivacyLevel.DISCREET

    def work(context: Context) -> Link:
        meant = _named(context, OwnerKind(kind), owner)
        if meant.kind is OwnerKind.PATIENT:
            return issue_link(context, terminal.link_key, patient_id=meant.id, device=device)
        return issue_staff_link(context, terminal.link_key, owner=meant, device=device, privacy=privacy)

    made = terminal.do(organisation_of(terminal, organisation), work)
    click.echo(f"Link {made.id}.", err=True)
    click.echo(address_of(terminal, made))


def _named(context: Context, kind: OwnerKind, name: str) -> LinkOwner:
    match kind:
        case OwnerKind.PATIENT:
            return LinkOwner(kind, patient_named(context, name).id)
        case OwnerKind.RESOURCE:
            return LinkOwner(kind, resource_named(context, name))
        case OwnerKind.CLINIC:
            return LinkOwner(kind, clinic_named(context, name).id)


@link.command("revoke")
@click.argument("link_id", metavar="LINK", type=click.UUID)
@ORGANISATION
@command
def revoke(terminal: Terminal, link_id: UUID, organisation: str | None) -> None:
    """End a link at once. LINK is its identifier."""
    terminal.do(organisation_of(terminal, organisation), lambda context: revoke_link(context, link_id=link_id))
    click.echo("The link no longer works.")
