"""The command line: thin commands, attached to the application so that ``flask --app wsgi`` has them."""

from flask import Flask

from scheduler.cli.demo_clinic import demo
from scheduler.cli.imports import imports
from scheduler.cli.links import link
from scheduler.cli.logging_in import login
from scheduler.cli.replies import replies, reply
from scheduler.cli.staff import token, user
from scheduler.cli.terminal import NAME, Terminal
from scheduler.cli.upkeep import backup, check, restore

__all__ = ["Terminal", "install"]

COMMANDS = (backup, check, demo, imports, link, login, replies, reply, restore, token, user)


def install(app: Flask, terminal: Terminal) -> None:
    """Attach every command to the application."""
    app.extensions[NAME] = terminal
    for one in COMMANDS:
        app.cli.add_command(one)
