"""Commands about the demo clinic."""

from datetime import datetime

import click

from scheduler.cli.links import address_of
from scheduler.cli.terminal import Terminal, command
from scheduler.domain.refusals import Invalid, NotAllowed, NotFound
from scheduler.operations.calendars.links import LinkOwner, list_links
from scheduler.operations.demos import demo_organisations, is_half_made, only_demos
from scheduler.operations.naming import has_organisation
from scheduler.storage.emptying import empty
from scheduler.storage.feeds import OwnerKind

STEPS = 1000


@click.group()
def demo() -> None:
    """A clinic of invented people, to look around in."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is something in the database already.")
@click.option("--small", is_flag=True, help="A tenth of it, in a few seconds.")
@click.option("--clinics", type=click.IntRange(1, 500), help="Load so many clinics for measuring instead.")
@click.option("--appointments", type=click.IntRange(1), default=1_000_000, help="With --clinics: about how many.")
@command
def load(terminal: Terminal, if_empty: bool, small: bool, clinics: int | None, appointments: int) -> None:
    """Load the demo clinic into an empty database."""
    if terminal.production:
        raise NotAllowed("The demo clinic is not for production.", remedy="Use another database and ENVIRONMENT.")
    with terminal.database.read() as tx:
        half_made = is_half_made(tx)
    if if_empty and half_made:
        empty(terminal.database)
    with terminal.database.read() as tx:
        full = has_organisation(tx)
    if full and not if_empty:
        raise Invalid("The database is not empty.", remedy="A demo can be removed with: demo clear.")
    if not full:
        _load(terminal, small) if clinics is None else _load_many(terminal, clinics, appointments)


def _load(terminal: Terminal, small: bool) -> None:
    from scheduler.demo.loading import SMALL, load_demo
    from scheduler.demo.opening import BEHIND

    now = terminal.clock()
    with click.progressbar(length=STEPS, label="Loading the demo clinic") as bar:

        def told(instant: datetime) -> None:
            bar.update(max(0, round(STEPS * (1 - (now - instant) / BEHIND)) - bar.pos))

        load_demo(terminal.database, terminal.link_key, now, told, share=SMALL if small else 1)
        bar.update(STEPS - bar.pos)


def _load_many(terminal: Terminal, clinics: int, appointments: int) -> None:
    from scheduler.demo.crowd import load_crowd

    with click.progressbar(length=appointments, label=f"Loading {clinics} clinics") as bar:

        def told(written: int) -> None:
            bar.update(written - bar.pos)

        written = load_crowd(
            terminal.database, terminal.clock(), clinics=clinics, appointments=appointments, seed=1, told=told
        )
    click.echo(f"{written} appointments in {clinics} clinics.")


@demo.command()
@command
def show(terminal: Terminal) -> None:
    """Show the address, the demo's accounts and one patient's calendar link."""
    from scheduler.demo.access_card import card_path, read_card

    with terminal.database.read() as tx:
        demos = demo_organisations(tx)
    if not demos:
        raise NotFound("There is no demo clinic here.", remedy="Load it with: demo load.")
    card = read_card(card_path(terminal.database_url))
    if card.organisation_id not in demos:
        raise NotFound("The tokens on file are those of another demo.", remedy="Run: demo clear, then: demo load.")
    click.echo(f"\nInterval serves at {terminal.public_url}\n\nAccounts of the demo, one click or a log-in away:")
    for account in card.accounts:
        click.echo(f"  {account.role:<13} {account.name:<18} {account.login}")
    click.echo(f"\nThe password of each: {card.accounts[0].password}\n\nFor the API (Authorization: Bearer …):")
    for account in card.accounts:
        click.echo(f"  {account.role:<13} {account.name:<18} {account.token}")
    patient = LinkOwner(OwnerKind.PATIENT, card.patient_id)
    links = terminal.do(card.organisation_id, lambda c: list_links(c, terminal.link_key, owner=patient))
    for link in links[:1]:
        click.echo(f"\nA patient's calendar:\n  {address_of(terminal, link)}\n")


@demo.command()
@click.confirmation_option(prompt="Remove the demo clinic with everything in this database?")
@command
def clear(terminal: Terminal) -> None:
    """Remove the demo clinic. A database with a real organisation in it is left alone."""
    from scheduler.demo.access_card import card_path

    with terminal.database.read() as tx:
        if not only_demos(tx):
            raise NotAllowed("There is more than a demo in this database.", remedy="Nothing has been removed.")
    empty(terminal.database)
    card_path(terminal.database_url).unlink(missing_ok=True)
    click.echo("The database is empty.")
